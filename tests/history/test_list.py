"""The history as a list: pages, filters, names, pins, the archive and folders."""

import asyncio
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.history.acts import change, listed, somebody_waits, titles
from tests.support.arena import Arena, Voter, settled


@pytest.fixture
async def voter(arena: Arena) -> Voter:
    """Somebody with four conversations: about one, two and three, and a side by side about four."""
    await arena.enter(arena.entry("swift"), arena.entry("calm"))
    voter = arena.voter()
    for number in ("One", "Two", "Three"):
        await voter.battle(number)
    named = await voter.begin("side_by_side", "swift", "calm")
    await voter.ask(named, "Four")
    await voter.hear(named, settled)
    return voter


async def ids(voter: Voter) -> dict[str, str]:
    return {one["title"]: one["id"] for one in await listed(voter)}


async def test_pages_follow_each_other_whatever_is_asked_meanwhile(voter: Voter) -> None:
    first = (await voter.call("GET", "/conversations", params={"limit": 2})).body
    assert [one["title"] for one in first["items"]] == ["Four", "Three"]
    known = await ids(voter)
    await voter.ask(known["Three"], "And more?")
    await voter.hear(known["Three"], settled)
    rest = (await voter.call("GET", "/conversations", params={"limit": 2, "cursor": first["next"]})).body
    assert [one["title"] for one in rest["items"]] == ["Two", "One"]
    assert rest["next"] is None
    again = (await voter.call("GET", "/conversations", params={"limit": 2})).body
    assert [one["title"] for one in again["items"]] == ["Three", "Four"]
    rest = (await voter.call("GET", "/conversations", params={"limit": 2, "cursor": again["next"]})).body
    assert [one["title"] for one in rest["items"]] == ["Two", "One"]


@pytest.mark.parametrize("cursor", ["x", "é", "\0", "AAAA", "f" * 32, "A" * 36])
async def test_a_cursor_that_is_none_is_refused(voter: Voter, cursor: str) -> None:
    answered = await voter.call("GET", "/conversations", params={"cursor": cursor})
    assert (answered.status, answered.body["code"]) == (422, "bad_cursor")


@pytest.mark.parametrize("cursor", ["A" * 32, "_" * 32])
async def test_a_cursor_that_nobody_was_given_leads_nowhere(voter: Voter, cursor: str) -> None:
    assert await titles(voter, cursor=cursor) == []


async def test_filters_narrow_the_list_and_the_search(voter: Voter) -> None:
    known = await ids(voter)
    battle = (await voter.read(known["Two"]))["battles"][0]["id"]
    await voter.vote(battle)
    await change(voter, known["One"], pinned=True)
    await change(voter, known["Three"], archived=True)
    assert await titles(voter, voted="true") == ["Two"]
    assert await titles(voter, voted="false") == ["Four", "Three", "One"]
    assert await titles(voter, mode="side_by_side") == ["Four"]
    assert await titles(voter, pinned="true") == ["One"]
    assert await titles(voter, pinned="false", archived="false") == ["Four", "Two"]
    assert await titles(voter, archived="true") == ["Three"]
    assert await titles(voter, arena="text") == ["Four", "Three", "Two", "One"]
    assert await titles(voter, arena="none such") == []
    assert await titles(voter, arena="\0") == []
    moment = (await voter.read(known["Three"]))["updated_at"]
    assert await titles(voter, since=moment) == ["Four", "Three"]
    assert await titles(voter, until=moment) == ["Two", "One"]
    assert await titles(voter, since="2026-01-01T00:00:00") == ["Four", "Three", "Two", "One"]
    for wrong in ({"mode": "none such"}, {"since": "0"}, {"until": "1.8e9"}, {"since": "yesterday"}):
        assert (await voter.call("GET", "/conversations", params=wrong)).status == 422


async def test_a_change_changes_what_it_names_and_nothing_else(voter: Voter) -> None:
    known = await ids(voter)
    before = await voter.read(known["Two"])
    await change(voter, known["Two"], title="  A name\nof my own ")
    after = await voter.read(known["Two"])
    assert after == before | {"title": "A name of my own"}
    assert await titles(voter) == ["Four", "Three", "A name of my own", "One"]
    await voter.ask(known["Two"], "Another question")
    await voter.hear(known["Two"], settled)
    assert (await voter.read(known["Two"]))["title"] == "A name of my own"
    await change(voter, known["Two"], title=None)
    assert (await voter.read(known["Two"]))["title"] == "Two"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"title": ""},
        {"title": " \n "},
        {"title": "\0"},
        {"title": "x" * 201},
        {"pinned": None},
        {"place": {}},
        {"place": {"end_id": str(uuid4()), "turn_id": str(uuid4()), "share": 2}},
        {"mode": "direct"},
    ],
)
async def test_what_is_no_change_is_refused(voter: Voter, body: dict[str, Any]) -> None:
    known = await ids(voter)
    before = await voter.read(known["One"])
    answered = await voter.call("PATCH", f"/conversations/{known['One']}", body)
    assert answered.status == 422
    assert await voter.read(known["One"]) == before


async def test_before_something_was_asked_there_is_nothing_to_order(voter: Voter) -> None:
    answered = await voter.call("PATCH", f"/conversations/{await voter.begin()}", {"title": "Early"})
    assert (answered.status, answered.body["code"]) == (409, "nothing_asked")


async def test_folders_hold_conversations_and_leave_them_when_they_go(voter: Voter) -> None:
    known = await ids(voter)
    work = (await voter.call("POST", "/folders", {"name": " Work "})).body
    assert (work["name"], work["conversations"]) == ("Work", 0)
    home = (await voter.call("POST", "/folders", {"name": "家"})).body
    await change(voter, known["One"], folder_id=work["id"])
    await change(voter, known["Two"], folder_id=work["id"])
    await change(voter, known["Two"], folder_id=home["id"])
    listed = (await voter.call("GET", "/folders")).body["items"]
    assert [(one["name"], one["conversations"]) for one in listed] == [("Work", 1), ("家", 1)]
    assert await titles(voter, folder=work["id"]) == ["One"]
    assert await titles(voter, folder="none") == ["Four", "Three"]
    renamed = await voter.call("PATCH", f"/folders/{work['id']}", {"name": "Office"})
    assert (renamed.body["name"], renamed.body["conversations"]) == ("Office", 1)
    assert (await voter.call("DELETE", f"/folders/{work['id']}")).status == 204
    assert await titles(voter, folder="none") == ["Four", "Three", "One"]
    assert (await voter.call("GET", f"/conversations/{known['One']}")).body["folder_id"] is None
    await change(voter, known["Two"], folder_id=None)
    assert await titles(voter, folder=home["id"]) == []


async def test_a_folder_counts_what_its_list_shows(voter: Voter) -> None:
    known = await ids(voter)
    work = (await voter.call("POST", "/folders", {"name": "Work"})).body
    for title in ("One", "Two"):
        await change(voter, known[title], folder_id=work["id"])
    await change(voter, known["Two"], archived=True)
    assert await titles(voter, folder=work["id"], archived="false") == ["One"]
    [listed] = (await voter.call("GET", "/folders")).body["items"]
    assert listed["conversations"] == 1


async def test_of_folders_of_one_name_that_are_made_at_once_one_is_made(voter: Voter) -> None:
    made = await asyncio.gather(*(voter.call("POST", "/folders", {"name": "Work"}) for _ in range(6)))
    assert sorted(one.status for one in made) == [201] + 5 * [409]
    assert len((await voter.call("GET", "/folders")).body["items"]) == 1


async def test_a_folder_that_is_deleted_and_renamed_at_once_is_gone_after_it(voter: Voter) -> None:
    known = await ids(voter)
    work = (await voter.call("POST", "/folders", {"name": "Work"})).body["id"]
    await change(voter, known["One"], folder_id=work)
    answered = await asyncio.gather(
        voter.ask(known["One"], "And more?"),
        *(voter.call("PATCH", f"/folders/{work}", {"name": f"Office {number}"}) for number in range(3)),
        *(voter.call("DELETE", f"/folders/{work}") for _ in range(3)),
    )
    renamed, deleted = answered[1:4], answered[4:]
    assert {one.status for one in renamed} <= {200, 404}
    assert sorted(one.status for one in deleted) == [204, 404, 404]
    assert (await voter.call("GET", "/folders")).body["items"] == []
    await voter.hear(known["One"], settled)


async def test_while_a_folder_goes_nothing_comes_into_it(voter: Voter, database_url: str) -> None:
    known = await ids(voter)
    work = (await voter.call("POST", "/folders", {"name": "Work"})).body
    body = {"folder_id": work["id"]}
    async with await psycopg.AsyncConnection.connect(database_url) as deleting:
        await deleting.execute("DELETE FROM folder WHERE id = %s", (work["id"],))
        moving = asyncio.create_task(voter.call("PATCH", f"/conversations/{known['One']}", body))
        await somebody_waits(database_url)
    answered = await moving
    assert (answered.status, answered.body["code"]) == (404, "not_found")


async def test_two_folders_have_two_names(voter: Voter) -> None:
    work = (await voter.call("POST", "/folders", {"name": "Work"})).body
    again = await voter.call("POST", "/folders", {"name": "WORK"})
    assert (again.status, again.body["code"]) == (409, "folder_exists")
    home = (await voter.call("POST", "/folders", {"name": "Home"})).body
    assert (await voter.call("PATCH", f"/folders/{home['id']}", {"name": "work"})).status == 409
    assert (await voter.call("PATCH", f"/folders/{work['id']}", {"name": "WORK"})).body["name"] == "WORK"
    assert (await voter.call("POST", "/folders", {"name": "  "})).status == 422


async def test_what_is_somebody_else_s_is_not_found(arena: Arena, voter: Voter) -> None:
    known = await ids(voter)
    folder = (await voter.call("POST", "/folders", {"name": "Mine"})).body["id"]
    turn = (await voter.read(known["Two"]))["turns"][0]["id"]
    other = arena.voter()
    theirs, _ = await other.battle("Theirs")
    for method, path, body in (
        ("PATCH", f"/conversations/{known['One']}", {"pinned": True}),
        ("PATCH", f"/conversations/{theirs}", {"folder_id": folder}),
        ("PATCH", f"/conversations/{theirs}", {"place": {"end_id": turn, "turn_id": turn, "share": 0.5}}),
        ("PATCH", f"/folders/{folder}", {"name": "Theirs"}),
        ("DELETE", f"/folders/{folder}", None),
    ):
        answered = await other.call(method, path, body)
        assert (answered.status, answered.body["code"]) == (404, "not_found"), path
    assert (await other.call("GET", "/folders")).body["items"] == []
    assert await titles(other, folder=folder) == []
    stranger = arena.voter()
    assert (await stranger.call("PATCH", f"/conversations/{known['One']}", {"pinned": True})).status == 404
    assert (await stranger.call("GET", "/folders")).body["items"] == []
    assert await listed(stranger) == []


async def test_a_conversation_opens_where_it_was_left_until_something_new_is_asked(voter: Voter) -> None:
    known = await ids(voter)
    read = await voter.read(known["Two"])
    assert read["place"] is None
    turn = read["turns"][0]["id"]
    place = {"end_id": turn, "turn_id": turn, "share": 0.25}
    await change(voter, known["Two"], place=place)
    assert (await voter.read(known["Two"]))["place"] == place
    await voter.ask(known["Two"], "And more?")
    await voter.hear(known["Two"], settled)
    assert (await voter.read(known["Two"]))["place"] is None
