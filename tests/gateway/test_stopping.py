"""A call that is given up must not go on costing money."""

import asyncio
from typing import Any

import pytest

from evenhand.gateway import Finish, Gateway, StreamEvent
from tests.gateway.calls import QUESTION, EnoughError, ask, configuration, enough, finish, joined, usage
from tests.support.fake_provider import FakeProvider, Scenario


async def test_whoever_has_enough_aborts_the_request(provider: FakeProvider, gateway: Gateway) -> None:
    provider.scenarios["swift"] = Scenario(text="One two three", stall_after=2)
    with pytest.raises(EnoughError):
        await gateway.call(configuration(provider), QUESTION, enough)
    await provider.calls[0].over.wait()
    assert provider.calls[0].aborted


@pytest.mark.parametrize("behaviour", [{"stall_after": 2}, {"first_token_seconds": 60}])
async def test_cancelling_the_task_aborts_the_request(
    provider: FakeProvider, gateway: Gateway, behaviour: dict[str, Any]
) -> None:
    provider.scenarios["swift"] = Scenario(**behaviour)
    task = asyncio.create_task(ask(gateway, configuration(provider)))
    call = await provider.called()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await call.over.wait()
    assert call.aborted


async def test_whoever_cancels_is_given_what_the_provider_had_counted_by_then(
    provider: FakeProvider, gateway: Gateway
) -> None:
    provider.scenarios["swift"] = Scenario(text="One two three", stall_after=2)
    events: list[StreamEvent] = []
    come = asyncio.Event()

    def take(event: StreamEvent) -> None:
        events.append(event)
        if joined(events) == "One two":
            come.set()

    task = asyncio.create_task(gateway.call(configuration(provider), QUESTION, take))
    await come.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    counted = usage(events)
    if provider.kind == "anthropic":  # what was read is said before the answer
        assert counted is not None
        assert counted.input_tokens == 4
    else:
        assert counted is None
    assert not any(isinstance(event, Finish) for event in events)


async def test_cancelling_during_a_back_off_makes_no_further_call(provider: FakeProvider) -> None:
    waiting = asyncio.Event()

    async def sleep(_: float) -> None:
        waiting.set()
        await asyncio.Event().wait()

    provider.scenarios["swift"] = Scenario(fail_times=1, status=503)
    async with Gateway(sleep=sleep) as gateway:
        task = asyncio.create_task(ask(gateway, configuration(provider)))
        await waiting.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert len(provider.calls) == 1


async def test_one_call_given_up_leaves_the_others_alone(provider: FakeProvider, gateway: Gateway) -> None:
    provider.scenarios["slow"] = Scenario(stall_after=2)
    slow = asyncio.create_task(ask(gateway, configuration(provider, "slow")))
    await provider.called()
    other = asyncio.create_task(ask(gateway, configuration(provider, "swift")))
    slow.cancel()
    assert finish(await other) == "stop"
    with pytest.raises(asyncio.CancelledError):
        await slow
