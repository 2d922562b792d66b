"""What a guest did is not lost when they sign in, and what they voted stays as they cast it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from psycopg.errors import CheckViolation
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from evenhand.history.index import Indexer
from tests.support.arena import Arena, Voter, settled
from tests.support.fake_provider import Scenario
from tests.support.signing_in import ANN, BOB, Town, chats, look, me, use
from tests.support.watch import Watch


async def rows(arena: Arena, query: str) -> list[tuple[Any, ...]]:
    async with arena.database.unit_of_work() as work:
        return [tuple(row) for row in await work.session.execute(text(query))]


async def id_of(voter: Voter) -> str:
    return str((await voter.call("GET", "/me")).body["id"])


async def board(town: Town) -> dict[str, Any]:
    await town.arena.app.state.boards.refresh()
    return (await town.voter().call("GET", "/boards/text")).body


async def voted(voter: Voter, choice: str = "a") -> str:
    """A conversation with a vote."""
    conversation, asked = await voter.battle()
    assert (await voter.vote(asked["battle_id"], choice)).status == 200
    return conversation


async def test_a_guest_who_signs_in_keeps_what_they_asked_and_voted(town: Town) -> None:
    voter = town.voter()
    conversation = await voted(voter)
    guest, before = await id_of(voter), await voter.read(conversation)
    await town.sign_in(voter)
    assert await me(voter) == ("voter", ANN)
    assert await id_of(voter) == guest
    assert await chats(voter) == [conversation]
    assert await voter.read(conversation) == before


async def test_on_a_second_device_what_its_guest_did_comes_to_the_account(town: Town) -> None:
    desk, phone = town.voter(), town.voter()
    first = await voted(desk, "a")
    await town.sign_in(desk)
    second = await voted(phone, "b")
    votes, shown = await rows(town.arena, "SELECT * FROM vote ORDER BY id"), await board(town)
    cells = await rows(town.arena, "SELECT * FROM board_cell")
    await town.sign_in(phone)
    for device in (desk, phone):
        assert await chats(device) == sorted([first, second])
        assert (await device.read(second))["battles"][0]["vote"]["choice"] == "b"
    assert await rows(town.arena, "SELECT * FROM vote ORDER BY id") == votes
    assert await rows(town.arena, "SELECT * FROM vote_exclusion") == []
    assert await board(town) == shown
    assert await rows(town.arena, "SELECT * FROM board_cell") == cells


async def test_folders_and_what_is_in_them_come_along_and_are_found(town: Town) -> None:
    desk, phone = town.voter(), town.voter()
    await town.sign_in(desk)
    kept = await voted(phone)
    folder = (await phone.call("POST", "/folders", {"name": "Planets"})).body["id"]
    await phone.call("PATCH", f"/conversations/{kept}", {"title": "The red one", "folder_id": folder})
    await town.sign_in(phone)
    await Indexer(town.arena.database).write()
    assert [one["id"] for one in (await desk.call("GET", "/folders")).body["items"]] == [folder]
    for query in (f"folder={folder}", "query=red"):
        found = (await desk.call("GET", f"/conversations?{query}")).body["items"]
        assert [one["id"] for one in found] == [kept]


async def test_whose_votes_they_are_is_known_after_the_accounts_became_one(town: Town) -> None:
    desk, phone = town.voter(), town.voter()
    await voted(desk)
    await town.sign_in(desk)
    await voted(phone)
    await town.sign_in(phone)
    voters = await rows(
        town.arena,
        "SELECT DISTINCT coalesce(merged_into, a.id)::text FROM vote JOIN account a ON a.id = account_id",
    )
    assert voters == [(await id_of(desk),)]


async def test_a_battle_that_is_open_at_the_sign_in_goes_on_after_it(town: Town) -> None:
    desk, phone = town.voter(), town.voter()
    await town.sign_in(desk)
    slow = Scenario(text="One two three four. " * 3, stall_after=2)
    await town.arena.enter(town.arena.entry("slow", slow), town.arena.entry("quick"))
    conversation = await phone.begin()
    asked = await phone.ask(conversation)
    await town.sign_in(phone)
    slow.released.set()
    await desk.hear(conversation, settled)
    vote = await desk.vote(asked["battle_id"])
    assert (vote.status, vote.body["vote"]["choice"]) == (200, "a")
    assert (await phone.vote(asked["battle_id"], "b")).body == vote.body
    await phone.ask(conversation, "And then?")


async def test_a_vote_that_is_held_at_the_sign_in_can_be_taken_back_or_becomes_final(
    town: Town, watch: Watch
) -> None:
    desk, phone = town.voter(), town.voter()
    await town.sign_in(desk)
    battles = [(await phone.battle())[1]["battle_id"] for _ in range(2)]
    for battle in battles:
        await phone.call("POST", f"/battles/{battle}/vote", {"choice": "tie", "hold": 10})
    await town.sign_in(phone)
    assert (await phone.call("DELETE", f"/battles/{battles[0]}/vote")).status == 204
    watch.time += timedelta(seconds=11)
    revealed = await desk.call("GET", f"/battles/{battles[1]}/reveal")
    assert (revealed.status, revealed.body["vote"]["choice"]) == (200, "tie")


async def test_the_questions_of_the_hour_are_counted_together(town: Town) -> None:
    desk, phone = town.voter(), town.voter()
    await town.sign_in(desk)
    for device in (desk, phone, phone):
        await device.battle()
    await town.sign_in(phone)
    left = {(await device.call("GET", "/me")).body["turns_left"] for device in (desk, phone)}
    assert left == {town.arena.settings.guest_turns_per_hour - 3}


async def test_a_question_that_is_sent_again_after_the_sign_in_is_asked_once(town: Town) -> None:
    desk, phone = town.voter(), town.voter()
    await town.sign_in(desk)
    conversation = await phone.begin()
    path, body = f"/conversations/{conversation}/turns", {"parts": [{"type": "text", "text": "Why?"}]}
    headers = {"Idempotency-Key": "one"}
    first = await phone.call("POST", path, body, headers=headers)
    await phone.hear(conversation, settled)
    await town.sign_in(phone)
    assert (await phone.call("POST", path, body, headers=headers)).body == first.body


async def test_nothing_that_is_begun_during_the_sign_in_is_lost(town: Town) -> None:
    desk, phone = town.voter(), town.voter()
    await town.sign_in(desk)
    conversations = [(await phone.battle())[0]]
    token, guest = await town.token(phone), phone.cookie

    async def begin() -> None:
        tab = town.voter()
        tab.cookie = guest
        begun = await tab.call("POST", "/conversations", {"arena": "text", "mode": "battle"})
        if (await tab.call("GET", "/me")).body["kind"] == "stranger":
            return  # it came after the sign-in, and is a new guest's
        conversations.append(begun.body["id"])

    await asyncio.gather(*(begin() for _ in range(6)), use(phone, token), *(begin() for _ in range(6)))
    owner = await id_of(desk)
    owners = dict(await rows(town.arena, "SELECT id::text, account_id::text FROM conversation"))
    assert {owners[conversation] for conversation in conversations} == {owner}


async def test_what_a_merged_guest_begins_is_begun_by_the_voter(town: Town) -> None:
    desk, phone = town.voter(), town.voter()
    await town.sign_in(desk)
    await phone.battle()
    guest = await id_of(phone)
    await town.sign_in(phone)
    async with town.arena.database.unit_of_work() as work:
        late = text("""
INSERT INTO conversation (id, account_id, arena_id, mode, contestants, terms_version, created_at, updated_at)
SELECT gen_random_uuid(), :guest, id, 'battle', '{}', '1', now(), now() FROM arena
RETURNING account_id::text""")
        assert await work.session.scalar(late, {"guest": guest}) == await id_of(desk)


async def test_a_guest_may_leave_what_they_have_behind(town: Town) -> None:
    desk, phone = town.voter(), town.voter()
    mine = await voted(desk)
    await town.sign_in(desk)
    theirs = await voted(phone)
    token = await town.token(desk)
    seen = await look(phone, token)
    assert (seen.body["asked_here"], seen.body["chats"]) == (False, 1)
    await use(phone, token, bring=False)
    assert await chats(phone) == [mine]
    assert (await phone.call("GET", f"/conversations/{theirs}")).status == 404


async def test_whoever_signs_in_with_another_address_changes_accounts_and_takes_nothing_along(
    town: Town,
) -> None:
    voter = town.voter()
    first = await voted(voter)
    await town.sign_in(voter, ANN)
    seen = await look(voter, await town.token(voter, BOB))
    assert seen.body["chats"] == 0
    await town.sign_in(voter, BOB)
    assert await me(voter) == ("voter", BOB)
    assert await chats(voter) == []
    await town.sign_in(voter, ANN)
    assert await chats(voter) == [first]


async def test_signing_out_leaves_a_stranger_and_signing_in_again_finds_everything(town: Town) -> None:
    voter = town.voter()
    first = await voted(voter)
    await town.sign_in(voter)
    assert (await voter.call("POST", "/sign-out", {"everywhere": False})).status == 204
    assert await me(voter) == ("stranger", None)
    assert await chats(voter) == []
    assert (await voter.call("GET", f"/conversations/{first}")).status == 404
    second = await voted(voter)
    assert (await me(voter))[0] == "guest"
    await town.sign_in(voter)
    assert await chats(voter) == sorted([first, second])


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE account SET kind = 'guest', merged_into = NULL WHERE kind = 'voter'",
        "UPDATE account SET merged_into = NULL WHERE merged_into IS NOT NULL",
        "UPDATE account SET merged_into = id WHERE merged_into IS NOT NULL",
        "UPDATE account SET merged_into = id WHERE kind = 'voter'",
        "UPDATE sign_in_link SET used_at = NULL",
    ],
)
async def test_the_database_takes_no_sign_in_back(town: Town, change: str) -> None:
    desk, phone = town.voter(), town.voter()
    await town.sign_in(desk)
    await phone.battle()
    await town.sign_in(phone)
    with pytest.raises(IntegrityError) as refused:
        await rows(town.arena, change + " RETURNING 1")
    assert isinstance(refused.value.orig, CheckViolation)


async def test_prompts_that_a_guest_kept_come_along(town: Town) -> None:
    desk, phone = town.voter(), town.voter()
    for device, name in ((desk, "At the desk"), (phone, "On the way")):
        assert (await device.call("POST", "/prompts", {"name": name, "text": "Why?"})).status == 201
        await town.sign_in(device)
    for device in (desk, phone):
        listed = (await device.call("GET", "/prompts")).body["items"]
        assert [one["name"] for one in listed] == ["On the way", "At the desk"]


async def test_what_a_guest_agreed_to_and_chose_comes_along_into_an_account(town: Town) -> None:
    ann = await town.sign_in(town.voter())
    assert (await ann.call("GET", "/me")).body["terms_agreed"] is False
    guest = town.voter()
    await guest.battle()
    assert (await guest.call("PATCH", "/consent", {"left_out": True})).status == 204
    known = (await guest.call("GET", "/consent")).body
    await town.sign_in(guest)
    for browser in (guest, ann):
        assert (await browser.call("GET", "/me")).body["terms_agreed"] is True
        assert (await browser.call("GET", "/consent")).body == known
    owners = "SELECT account_id FROM agreement UNION SELECT account_id FROM release_choice"
    assert len(await rows(town.arena, owners)) == 1
