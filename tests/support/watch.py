"""A clock that a test moves."""

from datetime import UTC, datetime

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


class Watch:
    """Shows noon until it is moved."""

    time = NOON

    def __call__(self) -> datetime:
        return self.time
