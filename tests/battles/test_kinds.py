"""A battle is the same whatever API its contestants speak."""

from collections.abc import AsyncIterator

import pytest

from tests.support.arena import Arena, settled, text_of
from tests.support.fake_provider import FakeProvider, Scenario


@pytest.fixture
async def others(arena: Arena) -> AsyncIterator[dict[str, FakeProvider]]:
    """Two contestants, each at a provider with an API of its own; the providers by kind."""
    async with FakeProvider(kind="anthropic") as anthropic, FakeProvider(kind="google") as google:
        providers = {one.kind: one for one in (anthropic, google)}
        for one in providers.values():
            one.usual = Scenario(text=f"Says {one.kind}.", reasoning="Let me see.")
        await arena.enter(
            *(arena.entry(kind, kind=kind, base_url=one.base_url) for kind, one in providers.items())
        )
        yield providers


@pytest.mark.usefixtures("others")
async def test_two_apis_answer_are_voted_on_and_revealed(arena: Arena) -> None:
    voter = arena.voter()
    conversation = await voter.begin()
    asked = await voter.ask(conversation, "Why is the sky blue?")
    heard = await voter.hear(conversation, settled)
    answers = {side: text_of(heard, side) for side in "ab"}
    assert sorted(answers.values()) == ["Says anthropic.", "Says google."]
    reveal = (await voter.vote(asked["battle_id"], "a")).body["reveal"]
    assert {side: f"Says {reveal[side]['slug']}." for side in "ab"} == answers


@pytest.mark.parametrize("broken", ["anthropic", "google"])
async def test_a_side_whose_stream_breaks_off_fails_alone_and_can_be_tried_again(
    arena: Arena, others: dict[str, FakeProvider], broken: str
) -> None:
    others[broken].usual = Scenario(text="word " * 20, error_after=5)
    voter = arena.voter()
    conversation, asked = await voter.battle()
    [turn] = (await voter.read(conversation))["turns"]
    assert sorted(one["error"] or "whole" for one in turn["responses"]) == ["overloaded", "whole"]
    others[broken].usual = Scenario(text="And now whole.")
    assert (await voter.call("POST", f"/turns/{asked['id']}/retry")).status == 202
    await voter.hear(conversation, settled)
    [turn] = (await voter.read(conversation))["turns"]
    assert [one["error"] for one in turn["responses"]] == [None, None]
