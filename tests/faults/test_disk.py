"""The disk is full: what cannot be kept is refused whole, and all goes on once there is room."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from evenhand.storage.embedded import attach
from tests.faults.history import History
from tests.support.arena import Answered, Voter, begun, settled, text_of
from tests.support.disk import small_disk
from tests.support.fake_provider import Scenario
from tests.support.house import House, housed

ANSWER = "word " * 100
MEGABYTES = 400
QUESTION = {"parts": [{"type": "text", "text": "Why? " * 2_000}]}


@pytest.fixture
async def house_on_a_small_disk(tmp_path: Path) -> AsyncIterator[House]:
    with small_disk(tmp_path / "disk", MEGABYTES) as disk:
        async with housed(disk) as house:
            yield house


def fill(path: Path) -> None:
    """Leave no room for another byte."""
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(1 << 16))
        except OSError:
            pass


def check_refusal(answered: Answered) -> None:
    assert (answered.status, answered.body["code"]) == (503, "unavailable"), answered
    assert answered.headers["Retry-After"] == "5"


async def ask_until_refused(voter: Voter) -> None:
    """Long questions, until one finds no room."""
    while True:
        begun = await voter.call("POST", "/conversations", {"arena": "text", "mode": "battle"})
        if begun.status != 201:
            return check_refusal(begun)
        asked = await voter.call("POST", f"/conversations/{begun.body['id']}/turns", QUESTION)
        if asked.status != 202:
            return check_refusal(asked)


async def until_there_is_room(voter: Voter) -> None:
    async with asyncio.timeout(60):
        while (await voter.call("GET", "/conversations")).status != 200:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def test_on_a_full_disk_nothing_is_kept_by_half_and_all_goes_on_once_there_is_room(
    house_on_a_small_disk: House,
) -> None:
    house, history = house_on_a_small_disk, History()
    slow = Scenario(text=ANSWER, stall_after=50)
    more = {"EVENHAND_GUEST_TURNS_PER_HOUR": "1000000", "EVENHAND_GUEST_TURNS_AT_ONCE": "1000000"}
    async with house.up(**more) as started, Voter(started.voter.base_url) as voter:
        _, before = await voter.battle()
        house.provider.scenarios = dict.fromkeys(house.provider.scenarios, slow)
        conversation = await voter.begin()
        running = await voter.ask(conversation)
        await voter.hear(conversation, begun)
        ballast = house.data / "ballast"
        fill(ballast)
        await ask_until_refused(started.voter)
        voted = await voter.vote(before["battle_id"])
        if voted.status == 200:  # there was room in a page for one vote more
            history.acknowledged[before["battle_id"]] = "a"
        else:
            check_refusal(voted)
        slow.released.set()  # what runs ends on the full disk
        await ask_until_refused(started.voter)
        ballast.unlink()
        await until_there_is_room(voter)
        heard = await voter.hear(conversation, settled)
        assert text_of(heard, "a") == text_of(heard, "b") == ANSWER
        for battle in (before["battle_id"], running["battle_id"]):
            assert (await voter.vote(battle)).status == 200
            history.acknowledged[battle] = "a"
        url = attach(house.data)
        assert url is not None
        await history.check(url, started.voter)
