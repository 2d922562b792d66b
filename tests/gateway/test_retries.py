"""When a call is made again, and when it must not be."""

import pytest

from evenhand.gateway import Gateway
from tests.gateway.calls import ask, configuration, finish, joined, until_error
from tests.support.fake_provider import FakeProvider, Scenario


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 529])
async def test_two_failures_before_the_first_token_do_no_harm(
    provider: FakeProvider, gateway: Gateway, waits: list[float], status: int
) -> None:
    provider.scenarios["swift"] = Scenario(text="Fine.", fail_times=2, status=status)
    events = await ask(gateway, configuration(provider))
    assert (joined(events), finish(events)) == ("Fine.", "stop")
    assert len(provider.calls) == 3
    assert waits == [0.25, 0.5]  # half of 0.5 s and of 1 s, as the test's dice say


async def test_three_failures_are_an_error(provider: FakeProvider, gateway: Gateway) -> None:
    provider.scenarios["swift"] = Scenario(fail_times=3, status=503)
    _, error = await until_error(gateway, configuration(provider))
    assert error.code == "overloaded"
    assert len(provider.calls) == 3


async def test_a_refused_connection_is_tried_again(
    provider: FakeProvider, gateway: Gateway, waits: list[float]
) -> None:
    _, error = await until_error(gateway, configuration("http://127.0.0.1:1/v1"))
    assert (error.code, len(waits)) == ("failed", 2)


async def test_a_connection_closed_before_the_first_token_is_tried_again(
    provider: FakeProvider, gateway: Gateway
) -> None:
    provider.scenarios["swift"] = Scenario(cut_after_bytes=20)
    _, error = await until_error(gateway, configuration(provider))
    assert (error.code, error.started) == ("failed", False)
    assert len(provider.calls) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 413])
async def test_what_would_fail_again_is_not_tried_again(
    provider: FakeProvider, gateway: Gateway, status: int
) -> None:
    provider.scenarios["swift"] = Scenario(fail_times=1, status=status)
    await until_error(gateway, configuration(provider))
    assert len(provider.calls) == 1


async def test_an_error_in_the_stream_before_the_first_token_is_tried_again(
    provider: FakeProvider, gateway: Gateway
) -> None:
    provider.scenarios["swift"] = Scenario(error_after=0)
    await until_error(gateway, configuration(provider))
    assert len(provider.calls) == 3


async def test_nothing_is_tried_again_after_a_first_token_of_reasoning(
    provider: FakeProvider, gateway: Gateway
) -> None:
    provider.scenarios["swift"] = Scenario(reasoning="Hm", error_after=1)
    _, error = await until_error(gateway, configuration(provider))
    assert error.started
    assert len(provider.calls) == 1


async def test_retry_after_is_waited_for(
    provider: FakeProvider, gateway: Gateway, waits: list[float]
) -> None:
    provider.scenarios["swift"] = Scenario(fail_times=1, status=429, headers={"Retry-After": "7"})
    await ask(gateway, configuration(provider))
    assert waits == [7.25]


async def test_a_provider_that_asks_for_a_long_pause_is_left_alone(
    provider: FakeProvider, gateway: Gateway, waits: list[float]
) -> None:
    provider.scenarios["swift"] = Scenario(fail_times=1, status=429, headers={"Retry-After": "60"})
    _, error = await until_error(gateway, configuration(provider))
    assert (error.code, error.retry_after, waits) == ("overloaded", 60, [])


async def test_no_retry_goes_beyond_the_time_for_the_whole_answer(
    provider: FakeProvider, gateway: Gateway, waits: list[float]
) -> None:
    provider.scenarios["swift"] = Scenario(fail_times=1, status=429, headers={"Retry-After": "9"})
    _, error = await until_error(gateway, configuration(provider, total_seconds=8))
    assert (error.code, waits) == ("overloaded", [])
