"""What the gateway's tests share: a configuration for a fake model, and a call made whole."""

from collections.abc import Iterable, Sequence
from typing import Any

from evenhand.arenas import Sampling
from evenhand.contestants.configurations import Configuration, Endpoint
from evenhand.gateway import Delta, Finish, Gateway, GatewayError, Message, StreamEvent, Usage
from tests.support.fake_provider import FakeProvider, Scenario

QUESTION = [Message("user", "Which way is faster?")]


def configuration(
    where: FakeProvider | str,
    model: str = "swift",
    *,
    system_prompt: str = "",
    max_output_tokens: int = 4096,
    max_reasoning_tokens: int = 4096,
    context: int | None = None,
    reasoning_effort: Any = None,
    **endpoint: Any,
) -> Configuration:
    """For a fake model; `where` may be an address, of an OpenAI-compatible server unless `kind` is given."""
    if isinstance(where, FakeProvider):
        endpoint = {"kind": where.kind, "base_url": where.base_url} | endpoint
    else:
        endpoint = {"kind": "openai", "base_url": where} | endpoint
    return Configuration(
        endpoint=Endpoint(model=model, **endpoint),
        system_prompt=system_prompt,
        sampling=Sampling(
            temperature=0.5,
            top_p=0.9,
            max_output_tokens=max_output_tokens,
            max_reasoning_tokens=max_reasoning_tokens,
        ),
        reasoning_effort=reasoning_effort,
        context=context,
    )


class EnoughError(Exception):
    """Whoever asked wants no more."""


def enough(_: StreamEvent) -> None:
    raise EnoughError


async def ask(
    gateway: Gateway, wanted: Configuration, messages: Sequence[Message] = QUESTION
) -> list[StreamEvent]:
    events: list[StreamEvent] = []
    await gateway.call(wanted, messages, events.append)
    return events


async def answer(provider: FakeProvider, gateway: Gateway, *pieces: bytes) -> list[StreamEvent]:
    """What the gateway makes of a body that the provider writes in these pieces."""
    provider.scenarios["swift"] = Scenario(raw=list(pieces))
    return await ask(gateway, configuration(provider))


async def until_error(gateway: Gateway, wanted: Configuration) -> tuple[list[StreamEvent], GatewayError]:
    """What came, and the error that ended it."""
    events: list[StreamEvent] = []
    try:
        await gateway.call(wanted, QUESTION, events.append)
    except GatewayError as error:
        return events, error
    raise AssertionError("the call gave a whole answer")


async def how_it_ends(gateway: Gateway, wanted: Configuration) -> str:
    """The finish of the call, or the code of its error."""
    try:
        return finish(await ask(gateway, wanted))
    except GatewayError as error:
        return error.code


def joined(events: Iterable[StreamEvent], kind: str = "text") -> str:
    return "".join(event.text for event in events if isinstance(event, Delta) and event.kind == kind)


def finish(events: Sequence[StreamEvent]) -> str:
    """How the answer ended; the finish must come once, and last."""
    assert [type(event) for event in events].count(Finish) == 1
    last = events[-1]
    assert isinstance(last, Finish)
    return last.reason


def usage(events: Iterable[StreamEvent]) -> Usage | None:
    return next((event for event in events if isinstance(event, Usage)), None)
