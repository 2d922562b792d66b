"""Time, as something that is handed in: tests move it, the product reads the machine's."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

Clock = Callable[[], datetime]


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def day_of(moment: datetime) -> date:
    """The UTC day that a moment belongs to."""
    return moment.astimezone(UTC).date()


def next_day(moment: datetime) -> datetime:
    """The first instant of the UTC day after a moment."""
    return datetime.combine(day_of(moment) + timedelta(days=1), datetime.min.time(), UTC)
