"""What a kind of endpoint has to say for itself: how it is asked, and how its answer is read.

Everything else about a call is the same for every kind: opening it (`attempts`), time limits, cuts and the
end of the body (`reading`), limits of length (`limits`), retries (`gateway`).
"""

from collections.abc import Sequence
from typing import Protocol, Self, TypeVar

import msgspec

from evenhand.contestants.configurations import Configuration
from evenhand.gateway.events import Delta, Finish, Message, Usage


class Request(msgspec.Struct, frozen=True):
    """What is posted. The key is in `headers`, never in `url`, which servers and proxies log."""

    url: str
    headers: dict[str, str]
    body: bytes


class Dialect(Protocol):
    """Where servers of one kind differ in what they accept.

    None of it changes what the model is asked to do.
    """

    def after_refusal(self, said: str) -> Self | None:
        """The dialect to try instead, when `said`, in lower case, refuses the form of the request."""


class Decoder(Protocol):
    """Takes the events of one answer in order; keeps how it ended and what it is said to have used."""

    done: bool
    """Whether nothing more comes."""

    @property
    def usage(self) -> Usage | None:
        """What the provider counted, None if it did not."""

    @property
    def finished(self) -> bool:
        """Whether a finish reason has come: from then on the answer is complete, whatever follows."""

    def feed(self, name: bytes, data: bytes) -> list[Delta]:
        """The deltas of one event. Raises `Fault` for an error and for what cannot be read."""

    def whole(self, body: bytes) -> list[Delta]:
        """The deltas of an answer that came as one JSON document instead of a stream. Raises `Fault`."""

    def end(self) -> list[Delta]:
        """The deltas that were held back; called once, when the stream is over."""

    def finish(self) -> Finish:
        """How the answer ended. Raises `Fault` when the provider broke it off."""


D = TypeVar("D", bound=Dialect)


class Kind(Protocol[D]):
    """One shape of API. It has no state: what was learnt about a server is a dialect."""

    dialect: D
    """The one to try first."""

    def request(self, configuration: Configuration, messages: Sequence[Message], dialect: D) -> Request:
        """The call to make. Raises `Fault` when the key is missing."""

    def decoder(self) -> Decoder:
        """A decoder for one answer."""
