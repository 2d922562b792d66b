"""What can go wrong, as classes that carry their HTTP status and a code the page translates.

Each becomes an RFC 9457 problem document: `code` is stable and translated by the page, `detail` is one
English sentence that says what happened and what to do, `extra` holds the figures in that sentence.
"""

from collections.abc import Mapping
from typing import ClassVar


class EvenhandError(Exception):
    """A fault that someone can do something about. Its text is shown as it is."""


class Problem(EvenhandError):
    """A fault that answers a request.

    `retry_after` is in seconds and becomes the header of that name.
    """

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something failed"

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        retry_after: int | None = None,
        extra: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.retry_after = retry_after
        self.extra = dict(extra or {})


class Invalid(Problem):
    """The request cannot be understood or breaks a stated limit."""

    status = 422
    title = "This request cannot be carried out as it is"


class NotFound(Problem):
    """There is no such thing, or it is somebody else's."""

    status = 404
    title = "Not found"


class Conflict(Problem):
    """The thing is in a state that does not allow this."""

    status = 409
    title = "Not now"


class Forbidden(Problem):
    """The request comes from where it must not."""

    status = 403
    title = "Not allowed"


class TooLarge(Problem):
    """The body is larger than what is taken."""

    status = 413
    title = "Too large"


class TooMany(Problem):
    """A limit of the person is reached; `retry_after` says when it lifts."""

    status = 429
    title = "A limit is reached"


class Unavailable(Problem):
    """The arena cannot do this at the moment; `retry_after` says when to try again."""

    status = 503
    title = "Not available at the moment"


class StartError(EvenhandError):
    """The arena cannot start. One sentence; the command exits with code 1."""


class InputError(EvenhandError):
    """A file or an option of a command is wrong. One sentence; the command exits with code 2."""
