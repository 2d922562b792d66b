"""The line to the database goes silent, with no reset: nobody waits for ever, and all goes on afterwards."""

import asyncio

import pytest

from evenhand.storage import engine, lines, signals
from tests.support.arena import running_arena, text_of
from tests.support.fake_provider import Scenario
from tests.support.fault_proxy import line_to
from tests.support.pair import Pair

ANSWER = "word " * 100
UNTIL_SURE = 30
"""Seconds after which something hangs."""


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "PATIENCE", 0.2)
    monkeypatch.setattr(signals, "CHECK", 0.1)
    # As in an arena: whoever comes back after this comes later than a connection is trusted without a word.
    monkeypatch.setattr(engine, "IDLE", 0.05)


async def test_whoever_asks_meanwhile_is_told_so_and_later_all_goes_on(database_url: str) -> None:
    async with (
        line_to(database_url) as (line, url),
        running_arena(f"{url}?connect_timeout=2") as arena,
        asyncio.timeout(UNTIL_SURE),
    ):
        await arena.enter(arena.entry("swift", Scenario(text=ANSWER)), arena.entry("calm"))
        voter = arena.voter()
        conversation, asked = await voter.battle()
        line.silent = True
        line.stall()
        refused = await asyncio.gather(
            *(voter.call("GET", "/conversations") for _ in range(4)), voter.vote(asked["battle_id"])
        )
        for one in refused:
            assert (one.status, one.body["code"]) == (503, "unavailable")
            assert one.headers["Retry-After"] == "5"
        line.silent = False
        while (await voter.vote(asked["battle_id"])).status != 200:
            pass
        assert ANSWER in str(await voter.read(conversation))


async def test_a_process_that_went_deaf_hears_the_others_again(database_url: str) -> None:
    slow = Scenario(text=ANSWER, stall_after=50)
    async with (
        line_to(database_url) as (line, url),
        running_arena(database_url) as one,
        running_arena(f"{url}?connect_timeout=2") as other,
        asyncio.timeout(UNTIL_SURE),
    ):
        await one.enter(one.entry("swift", slow), one.entry("calm", slow))

        def breaks() -> None:
            line.stall()
            slow.released.set()

        heard = await Pair(one, other).heard_over_a_break(breaks)
    assert text_of(heard, "a") == text_of(heard, "b") == ANSWER
