"""A vote that is sent many times at once, at any process: one vote in the table and on the board."""

import asyncio
import random

from tests.faults.history import History
from tests.faults.sizes import SIZES
from tests.support.pair import Pair, running_pair

SUBMITS = 100


async def submit(pair: Pair, battles: int, chance: random.Random, history: History) -> None:
    """One person's battles, each voted on as often as somebody can press in despair."""
    here, there = await pair.voter()
    for _ in range(battles):
        _, asked = await here.battle()
        choices = [chance.choice(["a", "b", "tie", "both_bad"]) for _ in range(SUBMITS)]
        answers = await asyncio.gather(
            *(chance.choice([here, there]).vote(asked["battle_id"], choice) for choice in choices)
        )
        assert {one.status for one in answers} == {200}
        assert len({str(one.body) for one in answers}) == 1
        history.acknowledged[asked["battle_id"]] = answers[0].body["vote"]["choice"]


async def test_a_hundred_submits_at_two_processes_are_one_vote_in_table_and_board(database_url: str) -> None:
    history, chance = History(), random.Random(5)
    async with running_pair(database_url, guest_turns_per_hour=10**6) as pair:
        await pair.one.enter(pair.one.entry("swift"), pair.one.entry("calm"))
        await submit(pair, SIZES.voted_battles, chance, history)
        assert len(history.acknowledged) == SIZES.voted_battles
        for arena in pair:
            await history.check(database_url, arena.voter())
