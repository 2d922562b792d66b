"""When a failed attempt is made again, and after how long."""

from collections.abc import Callable

from evenhand.gateway.faults import Fault

MOST_RETRIES = 2
_BASE = 0.5
LONGEST_RETRY_AFTER = 20.0
"""Seconds of a pause that a provider may ask for and is still called again for the same answer."""


def wait_before_retry(retries: int, fault: Fault, random: Callable[[], float]) -> float | None:
    """Seconds to wait before one more attempt, after `retries` of them; None to give up.

    Exponential with full jitter, so that calls that failed together do not come back together, on top of
    what the provider asked for. A provider that asks for more than 20 s is left alone: coming back sooner
    than asked is what it counts against us.
    """
    asked = fault.retry_after or 0.0
    if not fault.retried or retries >= MOST_RETRIES or asked > LONGEST_RETRY_AFTER:
        return None
    return asked + random() * _BASE * 2.0**retries
