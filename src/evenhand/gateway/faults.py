"""What providers say when they cannot answer, in the public vocabulary."""

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from evenhand.core.clock import now
from evenhand.core.text import clean
from evenhand.gateway.events import ErrorCode

_RETRIED = frozenset({429, 500, 502, 503, 504, 529})
_NO_CREDIT = ("insufficient_quota", "insufficient balance", "insufficient credits", "billing")
_TOO_LONG = (
    "context_length_exceeded",
    "exceed_context_size",
    "maximum context",
    "context length",
    "context window",
    "context size",
    "context limit",
    "prompt is too long",
    "input is too long",
    "exceeds the maximum number of tokens",
    "string_above_max_length",
)
_REFUSED = (
    "content_filter",
    "content_policy",
    "content policy",
    "content management policy",
    "content filtering policy",
    "responsibleaipolicyviolation",
    "data_inspection_failed",
    "content exists risk",
    "considered high risk",
    "safety system",
    "requires moderation",
    "was flagged",
)
_OVERLOADED = ("overloaded", "rate_limit", "rate limit", "insufficient_system_resource", "at capacity")
_STATUS_OF_TYPE = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}
_LONGEST_CAUSE = 500
# Google asks for a pause in the body: {"@type": "…RetryInfo", "retryDelay": "34.07s"}.
_RETRY_DELAY = re.compile(r'"retryDelay":\s*"(\d{1,6}(?:\.\d{1,9})?)s"')


class Fault(Exception):
    """One attempt that gave no complete answer.

    `code`, `retry_after` (seconds) and `started` are as in `GatewayError`; `retried` says whether another
    attempt may do better, as long as the answer has not started.
    """

    def __init__(
        self, code: ErrorCode, cause: str, *, retried: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(cause)
        self.code: ErrorCode = code
        self.cause = cause
        self.retried = retried
        self.retry_after = retry_after
        self.started = False


def fault_of_response(status: int, body: bytes, retry_after: str | None) -> Fault:
    """The fault that a response with an error status stands for; `retry_after` is its header."""
    text = body.decode("utf-8", "replace")
    fault = _fault(status, text.lower(), f"HTTP {status}: {_short(text)}")
    fault.retry_after = seconds_until(retry_after)
    if fault.retry_after is None and (delay := _RETRY_DELAY.search(text)):
        fault.retry_after = float(delay[1])
    return fault


def fault_of_error(error: object) -> Fault:
    """The fault that an error object inside a stream or a body of status 200 stands for."""
    text = error if isinstance(error, str) else msgspec.json.encode(error).decode("utf-8", "replace")
    return _fault(_status_in(error), text.lower(), f"error in the stream: {_short(text)}")


def seconds_until(value: str | None, clock: Callable[[], datetime] = now) -> float | None:
    """How long a `Retry-After` header asks to wait: seconds, or a date; None where it makes no sense."""
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            moment = parsedate_to_datetime(value)
        except ValueError:
            return None
        seconds = (moment.replace(tzinfo=moment.tzinfo or UTC) - clock()).total_seconds()
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def _fault(status: int | None, words: str, cause: str) -> Fault:
    def said(phrases: tuple[str, ...]) -> bool:
        return any(phrase in words for phrase in phrases)

    about_request = status is None or status in {400, 403, 413, 422, 451, 500}
    if status == 413 or (about_request and said(_TOO_LONG)):
        return Fault("too_long", cause)
    if status == 451 or (about_request and said(_REFUSED)):
        return Fault("refused", cause)
    # Waiting brings no credit, whatever the status; but Google names billing with every limit of rate.
    if said(_NO_CREDIT) and "resource_exhausted" not in words:
        return Fault("failed", cause)
    retried = status in _RETRIED
    if status in {429, 503, 529} or ((status is None or status >= 500) and said(_OVERLOADED)):
        return Fault("overloaded", cause, retried=retried or status is None)
    return Fault("timeout" if status in {408, 504, 524} else "failed", cause, retried=retried)


def _status_in(error: Any) -> int | None:
    """The status that the error would have had before the stream, where it says so."""
    if isinstance(error, dict):
        for key in ("code", "status"):
            value = error.get(key)
            if isinstance(value, str) and value.isdecimal() and len(value) == 3:
                value = int(value)
            if isinstance(value, int) and 400 <= value <= 599:
                return value
        kind = error.get("type")
        return _STATUS_OF_TYPE.get(kind) if isinstance(kind, str) else None
    return None


def _short(text: str) -> str:
    return " ".join(clean(text[: 2 * _LONGEST_CAUSE]).split())[:_LONGEST_CAUSE]
