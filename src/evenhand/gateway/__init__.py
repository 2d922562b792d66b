"""How a model is called: streaming, time limits, faults, cost."""

from evenhand.gateway.events import Delta, ErrorCode, Finish, GatewayError, Message, StreamEvent, Usage
from evenhand.gateway.gateway import Gateway
from evenhand.gateway.prompts import prompt_tokens

__all__ = [
    "Delta",
    "ErrorCode",
    "Finish",
    "Gateway",
    "GatewayError",
    "Message",
    "StreamEvent",
    "Usage",
    "prompt_tokens",
]
