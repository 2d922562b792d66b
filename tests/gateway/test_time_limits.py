"""Slow and silent providers, with limits small enough for a test."""

import asyncio

import pytest

from evenhand.gateway import Gateway, StreamEvent
from tests.gateway.calls import QUESTION, ask, configuration, finish, joined, until_error, usage
from tests.support.fake_provider import FakeProvider, Scenario

SOON = 0.25


async def test_no_response_in_time_is_a_timeout(provider: FakeProvider, gateway: Gateway) -> None:
    provider.scenarios["swift"] = Scenario(first_token_seconds=60)
    _, error = await until_error(gateway, configuration(provider, first_token_seconds=SOON))
    assert (error.code, error.started, len(provider.calls)) == ("timeout", False, 1)
    await provider.calls[0].over.wait()
    assert provider.calls[0].aborted


@pytest.mark.parametrize("keep_alive", [None, SOON / 10])
async def test_no_first_token_in_time_is_a_timeout_whatever_comments_say(
    provider: FakeProvider, gateway: Gateway, keep_alive: float | None
) -> None:
    provider.scenarios["swift"] = Scenario(stall_after=0, keep_alive_seconds=keep_alive)
    _, error = await until_error(gateway, configuration(provider, first_token_seconds=SOON))
    assert (error.code, error.started, len(provider.calls)) == ("timeout", False, 1)
    assert error.cause.startswith("no token")
    await provider.calls[0].over.wait()
    assert provider.calls[0].aborted


@pytest.mark.parametrize("keep_alive", [None, SOON / 10])
async def test_a_stall_between_tokens_is_a_timeout_and_what_came_is_kept(
    provider: FakeProvider, gateway: Gateway, keep_alive: float | None
) -> None:
    provider.scenarios["swift"] = Scenario(text="One two three", stall_after=2, keep_alive_seconds=keep_alive)
    events, error = await until_error(gateway, configuration(provider, stall_seconds=SOON))
    assert joined(events) == "One two"
    assert (error.code, error.started) == ("timeout", True)
    assert error.cause == f"no token for {SOON:g} s"
    await provider.calls[0].over.wait()
    assert provider.calls[0].aborted


async def test_an_answer_that_never_ends_is_a_timeout(provider: FakeProvider, gateway: Gateway) -> None:
    provider.scenarios["swift"] = Scenario(text="word " * 9_000, tokens_per_second=200, honours_limit=False)
    wanted = configuration(provider, total_seconds=SOON, max_output_tokens=1 << 20)
    _, error = await until_error(gateway, wanted)
    assert error.code == "timeout"  # by the one limit that is not at its default of 30 s and more
    await provider.calls[0].over.wait()
    assert provider.calls[0].aborted


async def test_a_connection_that_is_not_accepted_is_a_timeout(gateway: Gateway) -> None:
    loop = asyncio.get_running_loop()
    listener = await loop.create_server(asyncio.Protocol, "127.0.0.1", 0, ssl=None)
    port = listener.sockets[0].getsockname()[1]
    # TLS to a server that never says a word: the connection is not there until the handshake is.
    wanted = configuration(f"https://127.0.0.1:{port}/v1", connect_seconds=SOON)
    _, error = await until_error(gateway, wanted)
    listener.close()
    assert (error.code, error.cause) == ("timeout", "no connection in time")


async def test_a_process_that_was_held_up_does_not_blame_the_provider(
    provider: FakeProvider, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = provider.scenarios["swift"] = Scenario(text="One two three", stall_after=1)
    wanted = configuration(provider, first_token_seconds=30, stall_seconds=30)
    loop, ahead = asyncio.get_running_loop(), 0.0
    real = loop.time
    monkeypatch.setattr(loop, "time", lambda: real() + ahead)
    events: list[StreamEvent] = []

    def take(event: StreamEvent) -> None:
        nonlocal ahead
        events.append(event)
        if len(events) == 1:
            ahead = 40.0  # so long the process did nothing, and the rest has come meanwhile
            scenario.released.set()

    await gateway.call(wanted, QUESTION, take)
    assert (joined(events), finish(events)) == ("One two three", "stop")


async def test_an_answer_is_whole_although_the_body_never_ends(
    provider: FakeProvider, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evenhand.gateway.reading._USAGE_GRACE", SOON)
    provider.scenarios["swift"] = Scenario(text="Four.", usage=False, done=False, hangs=True)
    events = await ask(gateway, configuration(provider))
    assert (joined(events), finish(events), usage(events)) == ("Four.", "stop", None)
