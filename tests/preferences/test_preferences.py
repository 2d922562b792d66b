"""What one sets on the page: kept for the account, the same in every browser, and nobody else's."""

import asyncio
import json
from typing import Any

import pytest

from evenhand.preferences.schemas import PreferencesChange
from evenhand.preferences.service import change_preferences
from tests.belongings.acts import delete, rows, unpacked
from tests.support.arena import Arena, Voter
from tests.support.signing_in import BOB, Town

PRESET = {"length": "short", "language": "ja", "tone": "formal"}
EVERYTHING = {
    "theme": "dark",
    "language": "zh",
    "single_keys": False,
    "guess_first": True,
    "since_you_left": False,
    "rail": False,
    "linked_scroll": True,
    "preset": PRESET,
}
NOTHING = dict.fromkeys(EVERYTHING)


async def choose(voter: Voter, **chosen: Any) -> None:
    changed = await voter.call("PATCH", "/preferences", chosen)
    assert changed.status == 204, changed


async def preferences(voter: Voter) -> dict[str, Any]:
    """What somebody chose; what they did not is null."""
    answered = await voter.call("GET", "/preferences")
    assert answered.status == 200, answered
    body: dict[str, Any] = answered.body
    return body


async def chosen(voter: Voter) -> dict[str, Any]:
    """The same without what they did not choose."""
    return {name: value for name, value in (await preferences(voter)).items() if value is not None}


async def test_a_stranger_has_chosen_nothing_and_asking_makes_nobody_of_them(arena: Arena) -> None:
    voter = arena.voter()
    assert await preferences(voter) == NOTHING
    assert (await voter.call("GET", "/me")).body["kind"] == "stranger"


async def test_what_a_stranger_sets_is_there_again(arena: Arena) -> None:
    voter = arena.voter()
    await choose(voter, **EVERYTHING)
    assert await preferences(voter) == EVERYTHING


async def test_what_is_not_given_stays(arena: Arena) -> None:
    voter = arena.voter()
    await choose(voter, theme="dark", preset=PRESET)
    await choose(voter, theme="system", single_keys=False)
    assert await chosen(voter) == {"theme": "system", "single_keys": False, "preset": PRESET}


async def test_null_takes_a_choice_back(arena: Arena) -> None:
    voter = arena.voter()
    await choose(voter, **EVERYTHING)
    await choose(voter, preset=None, single_keys=None)
    assert await preferences(voter) == {**EVERYTHING, "preset": None, "single_keys": None}


async def test_of_two_browsers_that_set_different_things_at_once_neither_loses_its_own(arena: Arena) -> None:
    voter = arena.voter()
    await choose(voter, rail=True)
    await asyncio.gather(*(choose(voter, **{name: value}) for name, value in EVERYTHING.items()))
    assert await preferences(voter) == EVERYTHING


async def test_what_another_set_is_not_seen(arena: Arena) -> None:
    voter, other = arena.voter(), arena.voter()
    await choose(voter, **EVERYTHING)
    assert await preferences(other) == NOTHING
    await choose(other, theme="light")
    assert await chosen(other) == {"theme": "light"}
    assert await preferences(voter) == EVERYTHING


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"font": "large"},
        {"theme": "Dark"},
        {"theme": True},
        {"language": "tlh"},
        {"single_keys": "yes"},
        {"rail": 1},
        {"preset": "short"},
        {"preset": {"length": "endless"}},
        {"preset": {**PRESET, "also": "Write whatever you like."}},
        {"theme": "dark", "note": "Write whatever you like."},
    ],
    ids=json.dumps,
)
async def test_what_cannot_be_chosen_is_refused_and_nothing_is_set(
    arena: Arena, body: dict[str, Any]
) -> None:
    voter = arena.voter()
    await choose(voter, rail=False)
    refused = await voter.call("PATCH", "/preferences", body)
    assert (refused.status, refused.body["code"]) == (422, "invalid_request")
    assert await chosen(voter) == {"rail": False}


async def test_what_a_guest_set_comes_along_into_a_new_account(town: Town) -> None:
    voter = town.voter()
    await choose(voter, **EVERYTHING)
    await town.sign_in(voter)
    assert await preferences(voter) == EVERYTHING


async def test_in_an_account_that_has_set_nothing_a_guests_settings_hold(town: Town) -> None:
    desk, phone = town.voter(), town.voter()
    await town.sign_in(desk)
    await choose(phone, **EVERYTHING)
    await town.sign_in(phone)
    assert await preferences(desk) == await preferences(phone) == EVERYTHING


async def test_where_both_chose_the_accounts_choice_stays_and_the_guests_fills_the_rest(town: Town) -> None:
    desk, phone = town.voter(), town.voter()
    await town.sign_in(desk)
    await choose(desk, theme="light", guess_first=False)
    await choose(phone, **EVERYTHING)
    await town.sign_in(phone)
    assert await preferences(desk) == {**EVERYTHING, "theme": "light", "guess_first": False}
    assert await rows(town.arena, "SELECT count(*) FROM preferences") == [(1,)]


async def test_what_is_set_in_one_browser_is_there_in_the_other(town: Town) -> None:
    desk, phone = town.voter(), town.voter()
    for device in (desk, phone):
        await town.sign_in(device)
    await choose(desk, theme="dark")
    await choose(phone, language="zh")
    assert await chosen(desk) == await chosen(phone) == {"theme": "dark", "language": "zh"}


async def test_what_is_set_while_the_sign_in_is_on_its_way_is_set_for_the_account(town: Town) -> None:
    desk, phone = town.voter(), town.voter()
    await town.sign_in(desk)
    await choose(phone, theme="dark")
    guest = (await phone.call("GET", "/me")).body["id"]
    await town.sign_in(phone)
    # Of a request that found the guest before the sign-in took them away.
    late = PreferencesChange.model_validate({"rail": False})
    async with town.arena.database.unit_of_work() as work:
        change_preferences(work.session, guest, late)
    assert await chosen(desk) == {"theme": "dark", "rail": False}


async def test_settings_are_taken_along_whole(town: Town) -> None:
    voter = town.voter()
    await choose(voter, **EVERYTHING)
    assert json.loads((await unpacked(voter))["preferences.json"]) == EVERYTHING


async def test_settings_go_with_the_account_and_nobody_elses(town: Town) -> None:
    voter, other = town.voter(), town.voter()
    for somebody, address in ((voter, "ann@example.org"), (other, BOB)):
        await choose(somebody, **EVERYTHING)
        await town.sign_in(somebody, address)
    assert await delete(voter, "/me") == 204
    assert await rows(town.arena, "SELECT count(*) FROM preferences") == [(1,)]
    assert await preferences(other) == EVERYTHING
    await town.sign_in(voter)
    assert await preferences(voter) == NOTHING
