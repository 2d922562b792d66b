"""What must hold after any fault: every acknowledged vote stands exactly once, nothing is left in flight."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import psycopg

from tests.support.arena import Voter

IN_FLIGHT = """
SELECT count(*) FROM response WHERE status IN ('queued', 'streaming')
UNION ALL SELECT count(*) FROM attempt WHERE status = 'streaming'
UNION ALL SELECT count(*) FROM battle WHERE status IN ('drawn', 'running', 'voted')"""
GAPS = """
SELECT arena_id, day, max(counter) - count(*) FROM draw GROUP BY arena_id, day
HAVING max(counter) <> count(*)"""
HALVES = """
SELECT 'turn without a question', id FROM turn
WHERE NOT EXISTS (SELECT FROM turn_part WHERE turn_id = turn.id)
UNION ALL SELECT 'turn without all of its sides', turn.id FROM turn JOIN battle ON battle.id = turn.battle_id
WHERE (SELECT count(*) FROM response WHERE turn_id = turn.id AND battle_id = battle.id)
    <> CASE WHEN battle.mode = 'direct' THEN 1 ELSE 2 END
UNION ALL SELECT 'battle without a turn', id FROM battle
WHERE status <> 'redrawn' AND NOT EXISTS (SELECT FROM turn WHERE battle_id = battle.id)
UNION ALL SELECT 'response without its newest attempt', id FROM response
WHERE status <> 'queued' AND attempts > 0
    AND NOT EXISTS (SELECT FROM attempt WHERE response_id = response.id AND number = response.attempts)
UNION ALL SELECT 'vote that reveals nothing', vote.id FROM vote JOIN battle ON battle.id = vote.battle_id
WHERE battle.status <> 'revealed'
UNION ALL SELECT 'reveal without a vote', id FROM battle
WHERE status = 'revealed' AND NOT EXISTS (SELECT FROM vote WHERE battle_id = battle.id)"""
MISCOUNTED = """
SELECT configuration_a, configuration_b, choice, cell.votes, cell.excluded, counted.votes, counted.excluded
FROM board_cell AS cell FULL JOIN (
    SELECT arena_id, configuration_a, configuration_b, choice,
           count(*) FILTER (WHERE NOT out) AS votes, count(*) FILTER (WHERE out) AS excluded
    FROM (
        SELECT battle.*, choice, EXISTS (SELECT FROM vote_exclusion WHERE vote_id = vote.id) AS out
        FROM vote JOIN battle ON battle.id = vote.battle_id
    ) AS one GROUP BY arena_id, configuration_a, configuration_b, choice
) AS counted USING (arena_id, configuration_a, configuration_b, choice)
WHERE (cell.votes, cell.excluded) IS DISTINCT FROM (counted.votes, counted.excluded)"""
COUNTED = "SELECT count(*) FROM vote WHERE NOT EXISTS (SELECT FROM vote_exclusion WHERE vote_id = vote.id)"


@dataclass
class History:
    """What voters were told: their choices by battle."""

    acknowledged: dict[str, str] = field(default_factory=dict)

    async def check(self, database_url: str, reader: Voter | None = None) -> None:
        """Hold it against the database, and against the board that `reader` is shown.

        What runs gets some seconds to end.
        """
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
            async with asyncio.timeout(30):
                while True:
                    if not any(count for (count,) in await rows(connection, IN_FLIGHT)):
                        break
                    await asyncio.sleep(0.1)
            votes = await rows(connection, "SELECT battle_id::text, choice FROM vote")
            assert len(votes) == len(dict(votes)), "a battle has two votes"
            stored = dict(votes)
            lost = {battle for battle, choice in self.acknowledged.items() if stored.get(battle) != choice}
            assert not lost, f"acknowledged and not there, or another: {lost}"
            assert await rows(connection, GAPS) == [], "draws have gaps"
            assert await rows(connection, HALVES) == [], "something is there by half"
            assert await miscounted(connection) == [], "sums of votes differ from the votes"
            [(counted,)] = await rows(connection, COUNTED)
        if reader is not None:
            async with asyncio.timeout(30):
                while (await reader.call("GET", "/boards/text")).body["votes"] != counted:  # noqa: ASYNC110
                    await asyncio.sleep(0.1)


async def miscounted(connection: psycopg.AsyncConnection[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Count what is to be counted; the sums that then differ from the votes themselves."""
    await connection.execute("SELECT count_votes()")
    return await rows(connection, MISCOUNTED)


async def rows(connection: psycopg.AsyncConnection[tuple[Any, ...]], query: str) -> list[tuple[Any, ...]]:
    """What a query gives."""
    return await (await connection.execute(query.encode())).fetchall()
