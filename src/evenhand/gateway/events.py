"""What goes into a call and what comes out of it, the same for every kind of endpoint."""

from typing import Literal

import msgspec

ErrorCode = Literal["timeout", "overloaded", "refused", "too_long", "failed"]


class Message(msgspec.Struct, frozen=True, gc=False):
    """One message of the conversation that the model is given."""

    role: Literal["user", "assistant"]
    text: str


class Delta(msgspec.Struct, frozen=True, gc=False):
    """More of the answer, or of the reasoning before it.

    `text` is never empty and holds neither NUL nor lone surrogates.
    """

    kind: Literal["text", "reasoning"]
    text: str


class Usage(msgspec.Struct, frozen=True, gc=False):
    """What the provider says it counted, in its own tokens; None where it does not say.

    `output_tokens` includes `reasoning_tokens`, as providers bill them.
    """

    input_tokens: int | None
    output_tokens: int | None
    reasoning_tokens: int | None


class Finish(msgspec.Struct, frozen=True, gc=False):
    """The answer is complete: the model ended by itself (`stop`) or met a limit (`length`)."""

    reason: Literal["stop", "length"]


StreamEvent = Delta | Usage | Finish


class GatewayError(Exception):
    """A call that gave no complete answer.

    `code` is public vocabulary and the only thing that `str()` shows. `cause` is for the log alone: it
    may hold the provider's own words. `retry_after` is in seconds, where the provider named a time.
    `started` says whether a delta had come before.
    """

    def __init__(
        self, code: ErrorCode, cause: str, *, retry_after: float | None = None, started: bool = False
    ) -> None:
        super().__init__(code)
        self.code: ErrorCode = code
        self.cause = cause
        self.retry_after = retry_after
        self.started = started
