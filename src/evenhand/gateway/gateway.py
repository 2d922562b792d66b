"""The one way from a battle to a model, whatever kind of endpoint it stands behind."""

import asyncio
import os
import random
from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

from evenhand.contestants.call_limits import UNLIMITED, CallLimits
from evenhand.contestants.configurations import Configuration, Endpoint
from evenhand.gateway.addresses import AddressError
from evenhand.gateway.attempts import Attempts
from evenhand.gateway.connections import Connections
from evenhand.gateway.events import GatewayError, Message, StreamEvent
from evenhand.gateway.faults import Fault
from evenhand.gateway.kinds import KINDS
from evenhand.gateway.queues import Queues
from evenhand.gateway.retries import wait_before_retry


class Gateway:
    """Calls models. An async context manager: it owns the connections. `sleep` and `random` are for tests."""

    def __init__(
        self,
        queues: Queues | None = None,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        random: Callable[[], float] = random.random,
    ) -> None:
        self._queues = queues or Queues()
        self._sleep = sleep
        self._random = random

    async def __aenter__(self) -> Self:
        self._connections = Connections()
        self._attempts = Attempts(self._connections)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._connections.close()

    def has_room(self, endpoint: Endpoint) -> bool:
        """Whether one more call would be let in, to run or to wait."""
        return self._queues.has_room(endpoint)

    def expect(self, endpoints: Iterable[Endpoint]) -> None:
        """Have connections ready for calls that are about to be made; the endpoints are not told of them."""
        with suppress(AddressError):  # the call says so
            self._connections.expect((one.base_url, one.connect_seconds) for one in endpoints)

    async def call(
        self,
        configuration: Configuration,
        messages: Sequence[Message],
        take: Callable[[StreamEvent], None],
        *,
        asker: Hashable = None,
        limits: CallLimits = UNLIMITED,
        begun: Callable[[], None] = lambda: None,
    ) -> None:
        """Have `messages` answered, and give the answer to `take` as it comes.

        The call waits until its endpoint's `limits` allow it; the endpoint's calls are shared out fairly
        between askers, whatever names them. `begun` is called when it does not wait any more: time limits
        begin then.

        `take` is given deltas, then the usage if the provider counts, then exactly one `Finish`; or
        `GatewayError` is raised, possibly after deltas. The configuration's system prompt goes first. A call
        that fails before its first delta is made again at most twice; after it, never. Cancelling the task
        that waits aborts the provider's request at once, and gives what was counted by then; what `take`
        raises aborts it too, and is raised here.
        """
        kind = KINDS[configuration.endpoint.kind]
        async with self._queues.place(configuration.endpoint, asker, limits) as place:
            begun()
            deadline = asyncio.get_running_loop().time() + configuration.endpoint.total_seconds
            retries = 0
            while True:
                try:
                    return await self._attempts.attempt(kind, configuration, messages, deadline, take)
                except Fault as caught:
                    fault = caught
                if fault.code == "overloaded" and fault.retry_after:
                    place.hold(fault.retry_after)
                wait = None if fault.started else wait_before_retry(retries, fault, self._random)
                if wait is not None:
                    wait = place.again(wait, deadline - asyncio.get_running_loop().time())
                if wait is None:
                    cause = _without_key(fault.cause, configuration.endpoint.api_key_env)
                    raise GatewayError(
                        fault.code, cause, retry_after=fault.retry_after, started=fault.started
                    )
                retries += 1
                await self._sleep(wait)


def _without_key(cause: str, name: str | None) -> str:
    """The cause without the key: providers like to repeat a key that they refuse."""
    key = os.environ.get(name, "").strip() if name is not None else ""
    return cause.replace(key, "[key]") if key else cause
