"""What battles need of the gateway."""

from collections.abc import AsyncGenerator, Sequence
from typing import Protocol

from evenhand.contestants.configurations import Configuration
from evenhand.gateway import Message, StreamEvent


class Caller(Protocol):
    """What calls a model: the gateway, or a stand-in for it."""

    def stream(
        self, configuration: Configuration, messages: Sequence[Message]
    ) -> AsyncGenerator[StreamEvent]:
        """The events of one answer."""
