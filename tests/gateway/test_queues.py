"""Endpoints that take only so many calls: who waits, who goes next, and what never happens."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from typing import Any

import pytest

from evenhand.contestants.call_limits import CallLimits
from evenhand.contestants.configurations import Configuration
from evenhand.gateway import Gateway, GatewayError, Message, StreamEvent
from evenhand.gateway.lines import Line, Ticket
from evenhand.gateway.queues import Queues, Share
from tests.gateway.calls import EnoughError, configuration, enough, finish
from tests.support.fake_provider import FakeProvider, Scenario

ONE = CallLimits(at_once=1)
MINUTE = 60.0


@pytest.fixture
async def provider() -> AsyncIterator[FakeProvider]:
    async with FakeProvider() as running:
        yield running


class Time:
    """A clock, and a sleep that ends when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []
        self.over = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await self.over.wait()


def gateway_of(time: Time | None = None, **queues: Any) -> Gateway:
    if time is None:
        return Gateway(Queues(**queues))
    return Gateway(Queues(clock=lambda: time.now, **queues), sleep=time.sleep, random=lambda: 0.5)


async def call(
    gateway: Gateway,
    wanted: Configuration,
    asker: Hashable = None,
    limits: CallLimits = ONE,
    text: str = "Which way?",
) -> str:
    """How a call ends: its finish, or the code of its error."""
    events: list[StreamEvent] = []
    try:
        await gateway.call(wanted, [Message("user", text)], events.append, asker=asker, limits=limits)
    except GatewayError as error:
        return error.code
    return finish(events)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110 (what is waited for has no event)
            await asyncio.sleep(0)


async def until_somebody_waits(gateway: Gateway, wanted: Configuration) -> None:
    """For gateways in whose queues there is room for one."""
    await until(lambda: not gateway.has_room(wanted.endpoint))


def most_at_once(provider: FakeProvider) -> int:
    """How many calls ran at the same time, as the provider saw it."""
    moments = [(call.started, 1) for call in provider.calls]
    moments += [(call.ended, -1) for call in provider.calls if call.ended is not None]
    running = most = 0
    for _, change in sorted(moments):
        running += change
        most = max(most, running)
    return most


def questions(provider: FakeProvider) -> list[str]:
    return [call.body["messages"][-1]["content"] for call in provider.calls]


async def test_no_more_calls_run_at_once_than_the_endpoint_takes(provider: FakeProvider) -> None:
    provider.scenarios["swift"] = Scenario(text="Left.", first_token_seconds=0.02)
    async with gateway_of() as gateway:
        wanted = configuration(provider)
        ends = await asyncio.gather(
            *(call(gateway, wanted, number % 4, CallLimits(at_once=3)) for number in range(12))
        )
    assert ends == ["stop"] * 12
    assert most_at_once(provider) == 3


async def test_two_contestants_at_one_endpoint_stand_in_one_line(provider: FakeProvider) -> None:
    provider.scenarios["swift"] = Scenario(text="Left.", first_token_seconds=0.02)
    async with gateway_of() as gateway:
        both = (configuration(provider), configuration(provider, reasoning_effort="low"))
        await asyncio.gather(*(call(gateway, wanted) for wanted in both * 2))
    assert most_at_once(provider) == 1


async def test_other_models_and_keys_are_other_endpoints(
    provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_KEY", "key")
    stalls = Scenario(stall_after=0)
    provider.scenarios |= {"swift": stalls, "calm": stalls}
    async with gateway_of(most_waiting=0) as gateway:
        wanted = [
            configuration(provider),
            configuration(provider, "calm"),
            configuration(provider, api_key_env="ACME_KEY"),
        ]
        calls = [asyncio.create_task(call(gateway, one)) for one in wanted]
        await provider.called(3)
        stalls.released.set()
        assert await asyncio.gather(*calls) == ["stop"] * 3


async def test_one_asker_s_calls_are_made_in_the_order_in_which_they_came(provider: FakeProvider) -> None:
    async with gateway_of() as gateway:
        numbers = [str(number) for number in range(8)]
        await asyncio.gather(*(call(gateway, configuration(provider), text=text) for text in numbers))
    assert questions(provider) == numbers


async def test_who_asks_once_does_not_wait_for_somebody_s_twenty(provider: FakeProvider) -> None:
    scenario = provider.scenarios["swift"] = Scenario(stall_after=0)
    async with gateway_of(most_waiting=19) as gateway:
        wanted = configuration(provider)
        limits = CallLimits(at_once=2)
        many = [asyncio.create_task(call(gateway, wanted, "many", limits, "many")) for _ in range(20)]
        await provider.called(2)
        once = asyncio.create_task(call(gateway, wanted, "once", limits, "once"))
        await until_somebody_waits(gateway, wanted)
        scenario.released.set()
        await asyncio.gather(*many, once)
    assert questions(provider).index("once") == 2
    assert len(provider.calls) == 21


def admitted(line: Line, now: float) -> int:
    """Lets in who may, and says how many that were."""
    before = line.waiting
    while line.admit(now):
        pass
    return before - line.waiting


def test_askers_take_turns() -> None:
    line = Line()
    line.limits = ONE
    tickets = [Ticket(asker) for asker in ("a", "a", "a", "b", "b", "c")]
    for ticket in tickets:
        line.join(ticket)
    served = []
    while line.admit(0.0):
        (ticket,) = (one for one in tickets if one.state == "running")
        served.append(ticket.asker)
        line.leave(ticket)
        tickets.remove(ticket)
    assert served == ["a", "b", "c", "a", "b", "a"]


def test_no_more_calls_begin_within_any_minute_than_the_endpoint_takes() -> None:
    line = Line()
    line.limits = CallLimits(per_minute=3)
    for number in range(8):
        line.join(Ticket(number))
    assert admitted(line, 0.0) == 3
    assert line.opens_at(10.0) == MINUTE
    assert admitted(line, MINUTE - 0.001) == 0
    assert admitted(line, MINUTE) == 3
    assert line.opens_at(61.0) == 2 * MINUTE
    assert admitted(line, 3 * MINUTE) == 2
    assert line.opens_at(3 * MINUTE) == 3 * MINUTE


def test_the_minute_s_limit_is_not_got_round_by_calls_that_are_booked_ahead() -> None:
    line = Line()
    line.limits = CallLimits(per_minute=2)
    line.book(0.0)
    line.book(50.0)
    assert line.next_begin(55.0) == MINUTE
    line.book(MINUTE)
    assert line.next_begin(61.0) == 50.0 + MINUTE


async def test_a_call_that_is_made_again_counts_again(provider: FakeProvider) -> None:
    provider.scenarios["swift"] = Scenario(fail_times=2, status=503)
    time = Time()
    time.over.set()
    async with gateway_of(time) as gateway:
        assert await call(gateway, configuration(provider), limits=CallLimits(per_minute=2)) == "stop"
    assert time.slept == [0.25, MINUTE]


async def test_where_too_many_wait_a_call_is_refused_and_not_made(provider: FakeProvider) -> None:
    scenario = provider.scenarios["swift"] = Scenario(stall_after=0)
    async with gateway_of(most_waiting=1) as gateway:
        wanted = configuration(provider)
        assert gateway.has_room(wanted.endpoint)
        first = asyncio.create_task(call(gateway, wanted))
        await provider.called()
        second = asyncio.create_task(call(gateway, wanted))
        await until_somebody_waits(gateway, wanted)
        assert await call(gateway, wanted) == "overloaded"
        scenario.released.set()
        assert await asyncio.gather(first, second) == ["stop", "stop"]
        assert gateway.has_room(wanted.endpoint)
    assert len(provider.calls) == 2


async def test_who_waits_too_long_is_told_so_and_leaves(provider: FakeProvider) -> None:
    scenario = provider.scenarios["swift"] = Scenario(stall_after=0)
    async with gateway_of(most_waiting=1, longest_wait=0.01) as gateway:
        wanted = configuration(provider)
        first = asyncio.create_task(call(gateway, wanted))
        await provider.called()
        assert await call(gateway, wanted) == "overloaded"
        assert gateway.has_room(wanted.endpoint)
        scenario.released.set()
        assert await first == "stop"
    assert len(provider.calls) == 1


async def test_the_wait_is_not_the_provider_s_time(provider: FakeProvider) -> None:
    provider.scenarios["swift"] = Scenario(first_token_seconds=1.2)
    async with gateway_of() as gateway:
        first = asyncio.create_task(call(gateway, configuration(provider)))
        await provider.called()
        provider.scenarios["swift"] = Scenario()
        hurried = configuration(provider, first_token_seconds=1, total_seconds=1)
        assert await call(gateway, hurried) == "stop"
        assert await first == "stop"


async def test_who_stops_waiting_leaves_the_place_to_the_next_and_nobody_is_called(
    provider: FakeProvider,
) -> None:
    scenario = provider.scenarios["swift"] = Scenario(stall_after=0)
    async with gateway_of(most_waiting=1) as gateway:
        wanted = configuration(provider)
        first = asyncio.create_task(call(gateway, wanted, text="first"))
        await provider.called()
        stopped = asyncio.create_task(call(gateway, wanted, text="stopped"))
        await until_somebody_waits(gateway, wanted)
        stopped.cancel()
        await asyncio.wait([stopped])
        assert gateway.has_room(wanted.endpoint)
        last = asyncio.create_task(call(gateway, wanted, text="last"))
        await until_somebody_waits(gateway, wanted)
        scenario.released.set()
        await asyncio.gather(first, last)
    assert questions(provider) == ["first", "last"]


async def refused(gateway: Gateway, wanted: Configuration) -> None:
    assert await call(gateway, wanted) == "failed"


async def cancelled(gateway: Gateway, wanted: Configuration) -> None:
    task = asyncio.create_task(call(gateway, wanted))
    await until_somebody_waits(gateway, wanted)
    task.cancel()
    await asyncio.wait([task])


async def given_up(gateway: Gateway, wanted: Configuration) -> None:
    with pytest.raises(EnoughError):
        await gateway.call(wanted, [Message("user", "Which way?")], enough, limits=ONE)


@pytest.mark.parametrize(
    ("how", "scenario"),
    [
        (refused, Scenario(fail_times=1, status=400)),
        (refused, Scenario(error_after=1, error={"message": "broken"})),
        (cancelled, Scenario(stall_after=1)),
        (given_up, Scenario(stall_after=1)),
    ],
)
async def test_however_a_call_ends_its_place_is_free_again(
    provider: FakeProvider, how: Callable[[Gateway, Configuration], Awaitable[None]], scenario: Scenario
) -> None:
    provider.scenarios["swift"] = scenario
    async with gateway_of(most_waiting=0) as gateway:
        wanted = configuration(provider)
        await how(gateway, wanted)
        provider.scenarios["swift"] = Scenario()
        assert await call(gateway, wanted) == "stop"


async def test_a_pause_that_the_provider_asks_for_holds_back_everybody(provider: FakeProvider) -> None:
    provider.scenarios["swift"] = Scenario(fail_times=1, status=429, headers={"Retry-After": "7"})
    time = Time()
    async with gateway_of(time, most_waiting=1) as gateway:
        wanted = configuration(provider)
        limits = CallLimits(at_once=5)
        first = asyncio.create_task(call(gateway, wanted, "a", limits, "first"))
        await until(lambda: time.slept == [7.25])
        second = asyncio.create_task(call(gateway, wanted, "b", limits, "second"))
        await until_somebody_waits(gateway, wanted)
        time.now += 7.25
        time.over.set()
        await asyncio.gather(first, second)
    assert questions(provider) == ["first", "first", "second"]


async def test_nobody_waits_for_a_provider_that_asks_for_a_long_pause(provider: FakeProvider) -> None:
    scenario = provider.scenarios["swift"] = Scenario(
        fail_times=1, status=429, headers={"Retry-After": "3600"}
    )
    time = Time()
    async with asyncio.timeout(20), gateway_of(time, longest_wait=600) as gateway:
        wanted = configuration(provider)
        ends = await asyncio.gather(*(call(gateway, wanted) for _ in range(3)))
        assert ends == ["overloaded"] * 3
        assert not gateway.has_room(wanted.endpoint)
        assert await call(gateway, wanted) == "overloaded"
        assert len(provider.calls) == 1
        scenario.headers.clear()
        time.now += MINUTE  # it is not believed for an hour
        assert gateway.has_room(wanted.endpoint)
        assert await call(gateway, wanted) == "stop"


async def test_each_of_several_processes_keeps_to_its_share(provider: FakeProvider) -> None:
    provider.scenarios["swift"] = Scenario(first_token_seconds=0.02)
    wanted, limits = configuration(provider), CallLimits(at_once=3)
    async with gateway_of(share=Share(0, 2)) as one, gateway_of(share=Share(1, 2)) as other:
        calls = [call(gateway, wanted, limits=limits) for gateway in (one, other) * 5]
        assert await asyncio.gather(*calls) == ["stop"] * 10
    assert most_at_once(provider) == 3
