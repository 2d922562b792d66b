"""How a model is called: streaming, time limits, faults, cost."""

from evenhand.gateway.events import Delta, ErrorCode, Finish, GatewayError, Message, StreamEvent, Usage
from evenhand.gateway.gateway import Gateway

__all__ = ["Delta", "ErrorCode", "Finish", "Gateway", "GatewayError", "Message", "StreamEvent", "Usage"]
