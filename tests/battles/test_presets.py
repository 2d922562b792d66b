"""What is wanted of the answers is said to both sides in the same public words, and kept with the turn."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from evenhand.battles.presets import WORDINGS, Preset, instructions, used
from tests.support.arena import Arena, Voter, settled
from tests.support.fake_provider import Scenario

SHORT_AND_FORMAL = {"length": "short", "tone": "formal"}


@pytest.fixture
async def voter(arena: Arena) -> Voter:
    await arena.enter(arena.entry("swift"), arena.entry("calm"))
    return arena.voter()


def told(arena: Arena, since: int = 0) -> list[str | None]:
    """The system prompts of the calls, '' where there was none."""
    prompts = []
    for call in arena.provider.calls[since:]:
        first = call.body["messages"][0]
        prompts.append(first["content"] if first["role"] == "system" else "")
    return prompts


async def asked(voter: Voter, preset: Any = None, **more: Any) -> tuple[str, dict[str, Any]]:
    conversation = await voter.begin()
    answer = await voter.ask(conversation, **({"preset": preset} if preset else {}), **more)
    await voter.hear(conversation, settled)
    return conversation, answer


async def test_both_sides_are_told_the_same_in_the_words_that_are_public(arena: Arena, voter: Voter) -> None:
    await asked(voter, SHORT_AND_FORMAL | {"language": "zh-Hans"})
    [words] = (await voter.call("GET", "/presets")).body["wordings"]
    chosen = words["language"]["zh-Hans"], words["length"]["short"], words["tone"]["formal"]
    assert told(arena) == [" ".join([*chosen, words["closing"]])] * 2


async def test_without_a_preset_nothing_is_said_and_nothing_kept(arena: Arena, voter: Voter) -> None:
    usual = {"length": "usual", "tone": "usual", "language": None}
    conversations = [(await asked(voter))[0], (await asked(voter, usual))[0]]
    assert told(arena) == [""] * 4
    assert [(await voter.read(one))["turns"][0]["preset"] for one in conversations] == [None, None]


async def test_a_turn_keeps_its_preset_with_the_version_of_the_words(voter: Voter) -> None:
    conversation, answer = await asked(voter, SHORT_AND_FORMAL)
    kept = {"version": WORDINGS[-1].version, "language": None, **SHORT_AND_FORMAL}
    assert answer["turn"]["preset"] == kept
    assert (await voter.read(conversation))["turns"][0]["preset"] == kept


async def test_each_turn_of_a_battle_may_want_something_else(arena: Arena, voter: Voter) -> None:
    conversation, first = await asked(voter, {"tone": "plain"})
    second = await voter.ask(conversation, "And in full?", preset={"length": "thorough"})
    await voter.hear(conversation, settled)
    assert second["battle_id"] == first["battle_id"]
    assert told(arena, 2) == [instructions(used(Preset(length="thorough")))] * 2


async def test_a_retry_and_a_redraw_are_told_what_the_first_calls_were(arena: Arena) -> None:
    await arena.enter(
        arena.entry("swift"), arena.entry("calm"), arena.entry("broken", Scenario(fail_times=99, status=400))
    )
    voter = arena.voter()
    await asked(voter, {"length": "short"})
    while not any(call.body["model"] == "broken-model" for call in arena.provider.calls):
        await asked(voter, {"length": "short"})
    conversation = await voter.begin("direct", "broken")
    failed = await voter.ask(conversation, preset={"length": "short"})
    await voter.hear(conversation, settled)
    assert (await voter.call("POST", f"/turns/{failed['id']}/retry")).status == 202
    await voter.hear(conversation, lambda event: settled(event) and event.data["status"] == "failed")
    assert set(told(arena)) == {instructions(used(Preset(length="short")))}
    statuses = {battle["status"] for battle in (await voter.read(conversation))["battles"]}
    assert statuses == {"failed"}


async def test_the_room_for_a_question_is_less_by_what_is_wanted(arena: Arena) -> None:
    # A preset may not push a question out of a window into which it fits alone.
    await arena.enter(arena.entry("swift", context=128), arena.entry("calm", context=128))
    voter = arena.voter()
    conversation = await voter.begin()
    body = {
        "parts": [{"type": "text", "text": "word " * 40}],
        "preset": {"length": "thorough", "tone": "formal"},
    }
    refused = await voter.call("POST", f"/conversations/{conversation}/turns", body)
    assert (refused.status, refused.body["code"]) == (422, "too_long_for_contestants")
    assert arena.provider.calls == []
    await voter.ask(conversation, "word " * 40)


async def test_a_preset_makes_no_configuration_and_stands_beside_the_commitment(
    arena: Arena, voter: Voter
) -> None:
    async with arena.database.unit_of_work() as work:
        before = (await work.session.execute(text("SELECT id, digest FROM configuration"))).all()
    _, answer = await asked(voter, SHORT_AND_FORMAL)
    await voter.vote(answer["battle_id"])
    revealed = (await voter.call("GET", f"/battles/{answer['battle_id']}/reveal")).body["reveal"]
    async with arena.database.unit_of_work() as work:
        after = (await work.session.execute(text("SELECT id, digest FROM configuration"))).all()
    assert sorted(before) == sorted(after)
    assert {revealed["a"]["configuration"], revealed["b"]["configuration"]} == {digest for _, digest in after}


async def test_what_was_wanted_of_a_turn_cannot_be_changed_afterwards(arena: Arena, voter: Voter) -> None:
    await asked(voter, SHORT_AND_FORMAL)
    with pytest.raises(DBAPIError, match="does not change"):
        async with arena.database.unit_of_work() as work:
            await work.session.execute(text("UPDATE turn SET preset = NULL"))


@pytest.mark.parametrize("preset", [{"length": "endless"}, {"language": "tlh"}, {"mood": "good"}, "short"])
async def test_a_preset_that_has_no_words_is_refused(voter: Voter, preset: Any) -> None:
    conversation = await voter.begin()
    body = {"parts": [{"type": "text", "text": "Why?"}], "preset": preset}
    refused = await voter.call("POST", f"/conversations/{conversation}/turns", body)
    assert (refused.status, refused.body["code"]) == (422, "invalid_request")


def test_every_choice_has_words_in_every_version() -> None:
    for version in WORDINGS:
        for tone in ("plain", "friendly", "formal"):
            for length in ("short", "thorough"):
                kept = {"version": version.version, "length": length, "tone": tone, "language": "ja"}
                said = instructions(kept)
                assert all(words in said for words in (version.length[length], version.tone[tone], "日本語"))
    assert [version.version for version in WORDINGS] == list(range(1, len(WORDINGS) + 1))
