"""How many calls an endpoint takes. It changes nothing of what answers, so no configuration holds it."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field


class CallLimits(BaseModel):
    """Calls that run at the same time, and calls that begin within a minute; None: as many as come."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at_once: Annotated[int, Field(ge=1)] | None = None
    per_minute: Annotated[int, Field(ge=1)] | None = None

    def share(self, number: int, of: int) -> Self:
        """What process `number`, from 0, of so many may use of it: at least one call each."""
        return self.model_copy(
            update={
                "at_once": _share(self.at_once, number, of),
                "per_minute": _share(self.per_minute, number, of),
            }
        )

    def and_also(self, other: "CallLimits") -> Self:
        """What keeps to both."""
        return self.model_copy(
            update={
                "at_once": _smaller(self.at_once, other.at_once),
                "per_minute": _smaller(self.per_minute, other.per_minute),
            }
        )


UNLIMITED = CallLimits()


def _share(limit: int | None, number: int, of: int) -> int | None:
    return None if limit is None else max(1, (limit - number + of - 1) // of)


def _smaller(one: int | None, two: int | None) -> int | None:
    return min((limit for limit in (one, two) if limit is not None), default=None)
