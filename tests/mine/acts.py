"""What tests of one's own board do: vote for one of several, many times, hold a vote, guess."""

from typing import Any

import psycopg

from tests.support.arena import Answered, Arena, Voter
from tests.support.fake_provider import Scenario


async def enter(arena: Arena, *slugs: str) -> None:
    """These compete, and answer with their slugs."""
    await arena.enter(*(arena.entry(slug, Scenario(text=slug)) for slug in slugs))


async def sides(voter: Voter, conversation: str) -> dict[str, str]:
    """Who answered on which side, by what they said."""
    turn = (await voter.read(conversation))["turns"][-1]
    return {one["parts"][0]["text"]: one["side"] for one in turn["responses"]}


async def vote_for(voter: Voter, slug: str) -> None:
    """A battle that one of the two wins; both are bad where that one is not in it."""
    conversation, asked = await voter.battle()
    of = await sides(voter, conversation)
    assert (await voter.vote(asked["battle_id"], of.get(slug, "both_bad"))).status == 200


_MANY_VOTES = """
WITH made AS MATERIALIZED (
    SELECT gen_random_uuid() AS chat, gen_random_uuid() AS battle, gen_random_uuid() AS vote
    FROM generate_series(1, %(times)s)
), home AS (SELECT id FROM arena WHERE slug = 'text'), contestants AS (
    SELECT slug, configuration_id FROM lineup JOIN contestant ON contestant.id = contestant_id
), chats AS (
    INSERT INTO conversation
        (id, account_id, arena_id, mode, contestants, terms_version, created_at, updated_at)
    SELECT chat, %(account)s, home.id, 'battle', '{}', '', now(), now() FROM made, home
), battles AS (
    INSERT INTO battle
        (id, conversation_id, arena_id, mode, draw_id, status, configuration_a, configuration_b,
         salt_a, salt_b, commitment_a, commitment_b, created_at, ended_at)
    SELECT battle, chat, home.id, 'battle', gen_random_uuid(), 'revealed', a.configuration_id,
           b.configuration_id, sha256('a'), sha256('b'), '', '', now(), now()
    FROM made, home, contestants AS a, contestants AS b
    WHERE a.slug = %(winner)s AND b.slug = %(loser)s
), votes AS (
    INSERT INTO vote (id, battle_id, account_id, role, choice, cast_at)
    SELECT vote, battle, %(account)s, 'author', 'a', now() FROM made
)
INSERT INTO vote_to_count (vote_id, votes, excluded) SELECT vote, 1, 0 FROM made"""


async def prefer(url: str, voter: Voter, *order: str, times: int) -> None:
    """Votes of somebody for whom each of these is better than those after it, three times of four."""
    account = (await voter.call("GET", "/me")).body["id"]
    # Written as the arena would have left them; its rules about what may follow what do not hold for these.
    options = "-c session_replication_role=replica"
    async with await psycopg.AsyncConnection.connect(url, autocommit=True, options=options) as connection:
        for place, better in enumerate(order):
            for worse in order[place + 1 :]:
                for winner, loser, share in ((better, worse, 0.75), (worse, better, 0.25)):
                    given = {
                        "account": account,
                        "winner": winner,
                        "loser": loser,
                        "times": round(share * times),
                    }
                    await connection.execute(_MANY_VOTES.encode(), given)


async def at_odds(arena: Arena, url: str) -> tuple[Voter, Voter]:
    """Somebody who places three models the other way round than everybody else; and everybody else."""
    await enter(arena, "swift", "calm", "grave")
    voter, other = arena.voter(), arena.voter()
    for one in (voter, other):
        await one.begin()
    await prefer(url, other, "swift", "calm", "grave", times=800)
    await prefer(url, voter, "grave", "calm", "swift", times=40)
    await arena.app.state.boards.refresh()
    return voter, other


async def hold(voter: Voter) -> tuple[str, dict[str, str]]:
    """A new battle whose vote is held: its id, and who is on which side."""
    conversation, asked = await voter.battle()
    held = await voter.call("POST", f"/battles/{asked['battle_id']}/vote", {"choice": "a", "hold": 5})
    assert held.status == 200, held
    return asked["battle_id"], {side: slug for slug, side in (await sides(voter, conversation)).items()}


async def guess(voter: Voter, battle: str, **named: Any) -> Answered:
    return await voter.call("POST", f"/battles/{battle}/guess", named)


async def my_board(voter: Voter) -> dict[str, Any]:
    answered = await voter.call("GET", "/boards/text/mine")
    assert answered.status == 200, answered
    return answered.body
