"""One's own prompts: kept, found again by last use, and nobody else's."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from evenhand.prompts.service import MOST_PROMPTS
from tests.support.arena import Answered, Arena, Voter
from tests.support.watch import Watch

LETTER = {"name": "A letter", "text": "Write a letter to {{whom}} about {{what}}."}


async def save(voter: Voter, name: str = "A letter", text: str = LETTER["text"]) -> dict[str, Any]:
    saved = await voter.call("POST", "/prompts", {"name": name, "text": text})
    assert saved.status == 201, saved
    return saved.body


async def names(voter: Voter) -> list[str]:
    listed = await voter.call("GET", "/prompts")
    assert listed.status == 200, listed
    return [one["name"] for one in listed.body["items"]]


async def change(voter: Voter, prompt: dict[str, Any], **values: Any) -> Answered:
    return await voter.call("PATCH", f"/prompts/{prompt['id']}", values)


async def test_a_stranger_keeps_a_prompt_and_finds_it_again(arena: Arena) -> None:
    voter = arena.voter()
    assert await names(voter) == []
    saved = await save(voter)
    assert (saved["name"], saved["text"]) == (LETTER["name"], LETTER["text"])
    assert (await voter.call("GET", "/prompts")).body == {"items": [saved], "limit": MOST_PROMPTS}


async def test_the_prompt_that_was_used_last_comes_first(timed: Arena, watch: Watch) -> None:
    voter = timed.voter()
    first = await save(voter, "First")
    for name in ("Second", "Third"):
        watch.time += timedelta(minutes=1)
        await save(voter, name)
    assert await names(voter) == ["Third", "Second", "First"]
    watch.time += timedelta(minutes=1)
    assert (await change(voter, first, used=True)).body["used_at"] > first["used_at"]
    assert await names(voter) == ["First", "Third", "Second"]


async def test_name_and_text_change_and_the_order_stays(arena: Arena) -> None:
    voter = arena.voter()
    prompt = await save(voter)
    await save(voter, "Another")
    changed = await change(voter, prompt, name="  A better\nletter ")
    assert (changed.body["name"], changed.body["text"]) == ("A better letter", LETTER["text"])
    assert (await change(voter, prompt, text="Write {{it}}.")).body["text"] == "Write {{it}}."
    assert await names(voter) == ["Another", "A better letter"]


async def test_a_deleted_prompt_is_gone(arena: Arena) -> None:
    voter = arena.voter()
    prompt = await save(voter)
    assert (await voter.call("DELETE", f"/prompts/{prompt['id']}")).status == 204
    assert await names(voter) == []
    assert (await voter.call("DELETE", f"/prompts/{prompt['id']}")).status == 404
    assert (await change(voter, prompt, used=True)).status == 404


async def test_nobody_sees_changes_or_deletes_what_is_anothers(arena: Arena) -> None:
    voter, other = arena.voter(), arena.voter()
    prompt = await save(voter)
    await save(other, "Mine")
    assert await names(other) == ["Mine"]
    assert (await change(other, prompt, name="Stolen")).status == 404
    assert (await voter.call("GET", "/prompts")).body["items"] == [prompt]
    assert (await other.call("DELETE", f"/prompts/{prompt['id']}")).status == 404
    assert await names(voter) == ["A letter"]


async def test_a_prompt_that_is_sent_twice_with_one_key_is_kept_once(arena: Arena) -> None:
    voter = arena.voter()
    await save(voter, "To be somebody")
    key = {"Idempotency-Key": "once"}
    sent = await asyncio.gather(*(voter.call("POST", "/prompts", LETTER, headers=key) for _ in range(4)))
    assert {one.body["id"] for one in sent} == {sent[0].body["id"]}
    assert await names(voter) == ["A letter", "To be somebody"]


async def test_no_more_are_kept_than_may_be_however_many_come_at_once(arena: Arena) -> None:
    voter = arena.voter()
    for number in range(MOST_PROMPTS - 2):
        await save(voter, f"Number {number}")
    sent = await asyncio.gather(*(voter.call("POST", "/prompts", LETTER) for _ in range(5)))
    assert sorted(one.status for one in sent) == [201, 201, 409, 409, 409]
    refused = next(one for one in sent if one.status == 409)
    assert (refused.body["code"], refused.body["limit"]) == ("too_many_prompts", MOST_PROMPTS)
    assert len(await names(voter)) == MOST_PROMPTS


@pytest.mark.parametrize(
    "body",
    [
        {"name": "", "text": "Why?"},
        {"name": " \n", "text": "Why?"},
        {"name": "Why", "text": " "},
        {"name": "x" * 81, "text": "Why?"},
        {"name": "Why", "text": "x" * 8001},
        {"name": "Why"},
    ],
)
async def test_a_prompt_without_words_or_with_too_many_is_refused(arena: Arena, body: dict[str, str]) -> None:
    refused = await arena.voter().call("POST", "/prompts", body)
    assert (refused.status, refused.body["code"]) == (422, "invalid_request")


async def test_what_is_changed_may_not_become_empty(arena: Arena) -> None:
    voter = arena.voter()
    prompt = await save(voter)
    for values in ({}, {"name": ""}, {"text": " "}, {"used": False}):
        assert (await change(voter, prompt, **values)).status == 422
    assert (await voter.call("GET", "/prompts")).body["items"] == [prompt]
