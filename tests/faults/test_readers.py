"""People who load the page again whenever they like: the same text, and nobody is asked twice."""

import asyncio
import random

from tests.faults.history import History
from tests.faults.sizes import SIZES
from tests.support.arena import Heard, Voter, settled, text_of
from tests.support.fake_provider import Scenario
from tests.support.pair import Pair, running_pair

ANSWER = "Zwölf Boxkämpfer 🥊 jagen Viktor quer über den großen Sylter Deich. " * 5
BATTLES = 5


def texts(heard: list[Heard]) -> tuple[str, str]:
    return text_of(heard, "a"), text_of(heard, "b")


async def leave_after(voter: Voter, conversation: str, patience: int) -> list[Heard]:
    """What is heard until so many events have come, or the battle is settled."""
    left = iter(range(patience, -1, -1))
    return await voter.hear(conversation, lambda event: settled(event) or next(left) == 0)


async def reload(pair: Pair, chance: random.Random) -> int:
    """One battle whose reader comes anew some times, to either process; how often before the end."""
    people = await pair.voter()
    conversation = await people[0].begin()
    await people[0].ask(conversation)
    reloads, running = 0, True
    while running:
        voter = chance.choice(people)
        heard = await leave_after(voter, conversation, chance.randint(0, 30))
        running = not settled(heard[-1])
        for text in texts(heard):
            assert ANSWER.encode().startswith(text.encode())
        reloads += running
    for voter in people:
        assert texts(await voter.hear(conversation, settled)) == (ANSWER, ANSWER)
    for voter in people:
        await voter.http.close()
    return reloads


async def test_a_reload_at_any_time_shows_the_same_text_and_calls_nobody_again(database_url: str) -> None:
    chance = random.Random(23)
    reloads = battles = 0
    async with running_pair(database_url) as pair:
        slow = Scenario(text=ANSWER, tokens_per_second=60)
        await pair.one.enter(*(pair.one.entry(slug, slow) for slug in ("swift", "calm")))
        while reloads < SIZES.reloads:
            at_once = [reload(pair, chance) for _ in range(BATTLES)]
            reloads += sum(await asyncio.gather(*at_once))
            battles += BATTLES
        assert len(pair.one.provider.calls) == 2 * battles
        await History().check(database_url)
