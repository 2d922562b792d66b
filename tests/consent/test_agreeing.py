"""Agreeing: with the first question, to the version that one was shown, and anew when there is another."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import text

from evenhand.consent.terms import load_terms
from tests.support.arena import Answered, Arena, Voter, running_arena, settled

OURS = load_terms().version


async def ask(voter: Voter, conversation: str, version: str) -> Answered:
    body = {"parts": [{"type": "text", "text": "Why?"}], "terms_version": version}
    return await voter.call("POST", f"/conversations/{conversation}/turns", body)


async def agreed(voter: Voter) -> tuple[bool, list[str]]:
    """Whether the arena takes somebody to agree, and to which versions they did."""
    me = (await voter.call("GET", "/me")).body["terms_agreed"]
    versions = [one["version"] for one in (await voter.call("GET", "/consent")).body["agreements"]]
    return me, versions


async def enter(arena: Arena) -> None:
    await arena.enter(arena.entry("swift"), arena.entry("calm"))


async def rows(arena: Arena, query: str) -> list[Any]:
    async with arena.database.unit_of_work() as work:
        return [tuple(row) for row in await work.session.execute(text(query))]


async def test_without_agreeing_nothing_is_asked_and_nobody_called(arena: Arena) -> None:
    await enter(arena)
    voter = arena.voter()
    conversation = await voter.begin()
    for version in ("", "an older one"):
        refused = await ask(voter, conversation, version)
        assert (refused.status, refused.body["code"]) == (409, "terms_not_accepted")
        assert refused.body["terms_version"] == OURS
    assert await agreed(voter) == (False, [])
    assert arena.provider.calls == []
    assert await rows(arena, "SELECT id FROM turn") == []


async def test_the_first_question_agrees_and_the_next_need_not(arena: Arena) -> None:
    await enter(arena)
    voter = arena.voter()
    assert await agreed(voter) == (False, [])
    conversation = await voter.begin()
    assert (await ask(voter, conversation, OURS)).status == 202
    assert await agreed(voter) == (True, [OURS])
    await voter.hear(conversation, settled)
    assert (await ask(voter, conversation, "")).status == 202
    assert await rows(arena, "SELECT DISTINCT terms_version FROM turn") == [(OURS,)]


async def test_a_question_that_is_refused_for_something_else_agrees_to_nothing(arena: Arena) -> None:
    voter = arena.voter()
    assert (await ask(voter, await voter.begin(), OURS)).body["code"] == "no_contestants"
    assert await agreed(voter) == (False, [])


async def test_another_version_asks_again_and_both_are_kept(database_url: str, tmp_path: Path) -> None:
    path = tmp_path / "terms.yaml"
    path.write_text(yaml.safe_dump(load_terms().model_dump(mode="json") | {"version": "next"}), "utf-8")
    async with running_arena(database_url) as arena:
        await enter(arena)
        before = arena.voter()
        conversation, _ = await before.battle()
        cookie = before.cookie
    async with running_arena(database_url, terms=path) as arena:
        await enter(arena)
        voter = arena.voter()
        voter.cookie = cookie
        assert await agreed(voter) == (False, [OURS])
        assert (await ask(voter, conversation, OURS)).body["terms_version"] == "next"
        assert (await ask(voter, conversation, "next")).status == 202
        assert await agreed(voter) == (True, ["next", OURS])


async def test_many_first_questions_at_once_agree_once(arena: Arena) -> None:
    await enter(arena)
    voter = arena.voter()
    conversations = [await voter.begin() for _ in range(6)]
    answers = await asyncio.gather(*(ask(voter, one, OURS) for one in conversations))
    assert Counter(one.status for one in answers) == {202: 6}
    assert await agreed(voter) == (True, [OURS])


async def test_agreement_belongs_to_one_person_alone(arena: Arena) -> None:
    await enter(arena)
    await arena.voter().battle()
    stranger = arena.voter()
    assert await agreed(stranger) == (False, [])
    refused = await ask(stranger, await stranger.begin(), "")
    assert refused.body["code"] == "terms_not_accepted"
