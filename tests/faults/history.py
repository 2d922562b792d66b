"""What must hold after any fault: every acknowledged vote stands exactly once, nothing is left in flight."""

import asyncio
from dataclasses import dataclass, field

import psycopg

IN_FLIGHT = """
SELECT count(*) FROM response WHERE status IN ('queued', 'streaming')
UNION ALL SELECT count(*) FROM attempt WHERE status = 'streaming'
UNION ALL SELECT count(*) FROM battle WHERE status IN ('drawn', 'running', 'voted')"""
GAPS = """
SELECT arena_id, day, max(counter) - count(*) FROM draw GROUP BY arena_id, day
HAVING max(counter) <> count(*)"""


@dataclass
class History:
    """What voters were told: their choices by battle."""

    acknowledged: dict[str, str] = field(default_factory=dict)

    async def check(self, database_url: str) -> None:
        """Hold it against the database; what runs gets some seconds to end."""
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
            async with asyncio.timeout(30):
                while True:
                    if not any(count for (count,) in await self._rows(connection, IN_FLIGHT)):
                        break
                    await asyncio.sleep(0.1)
            votes = await self._rows(connection, "SELECT battle_id::text, choice FROM vote")
            assert len(votes) == len(dict(votes)), "a battle has two votes"
            stored = dict(votes)
            lost = {battle for battle, choice in self.acknowledged.items() if stored.get(battle) != choice}
            assert not lost, f"acknowledged and not there, or another: {lost}"
            assert await self._rows(connection, GAPS) == [], "draws have gaps"

    async def _rows(self, connection: psycopg.AsyncConnection[tuple[object, ...]], query: str) -> list:  # type: ignore[type-arg]
        return await (await connection.execute(query.encode())).fetchall()
