"""What battles need of the gateway."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Protocol, TypeVar

from evenhand.contestants.call_limits import CallLimits
from evenhand.contestants.configurations import Configuration, Endpoint
from evenhand.contestants.service import Identity
from evenhand.core.errors import Unavailable
from evenhand.gateway import Message, StreamEvent

HasRoom = Callable[[Endpoint], bool]
"""Whether one more call of an endpoint may run, or wait for its turn."""


class Caller(Protocol):
    """What calls a model: the gateway, or a stand-in for it."""

    def has_room(self, endpoint: Endpoint) -> bool:
        """Whether one more call of an endpoint may run, or wait for its turn."""

    def expect(self, endpoints: Iterable[Endpoint]) -> None:
        """Calls of these endpoints are about to be made: have connections ready, and send nothing yet."""

    async def call(
        self,
        configuration: Configuration,
        messages: Sequence[Message],
        take: Callable[[StreamEvent], None],
        *,
        asker: Hashable,
        limits: CallLimits,
        begun: Callable[[], None] = ...,
    ) -> None:
        """Give one answer to `take`. `begun` is called when the call does not wait for its turn any more."""


_Someone = TypeVar("_Someone", bound=Identity)


def with_room(candidates: Iterable[_Someone], has_room: HasRoom, needed: int) -> list[_Someone]:
    """Those who can be called now or soon. Raises `Unavailable` when fewer than `needed` can."""
    able = [one for one in candidates if has_room(one.configuration.endpoint)]
    if len(able) < needed:
        raise Unavailable(
            "busy",
            "Too many questions wait for an answer already; try again in some seconds.",
            retry_after=10,
        )
    return able
