"""People who asked and voted on days of the past, written as the arena would have left them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self
from uuid import UUID

import psycopg

from evenhand.core.ids import new_id
from tests.support.watch import NOON

TODAY = NOON.date()
"""A Wednesday."""


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def at(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), UTC)


class History:
    """A database with rows of the past; its rules about what may follow what do not hold for these."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        self._run("SET session_replication_role = replica")
        self._went_into: dict[UUID, UUID] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def people(self, number: int, *days: date) -> list[UUID]:
        """So many who voted once on each of these days."""
        found = [self.person() for _ in range(number)]
        for day in days:
            self.vote(found, day)
        return found

    def person(self, kind: str = "guest", merged_into: UUID | None = None) -> UUID:
        account = new_id()
        self._insert("account", id=account, kind=kind, created_at=NOON, merged_into=merged_into)
        if merged_into is not None:
            self._went_into[account] = merged_into
        return account

    def vote(self, people: Sequence[UUID], day: date, times: int = 1) -> None:
        """Votes of these; what a guest asked belongs to the account that they went into."""
        for person in people:
            owner = self._went_into.get(person, person)
            for _ in range(times):
                self.ask(owner, at(day), "revealed", voted=at(day, 13), voter=person)

    def ask(
        self,
        person: UUID | None,
        moment: datetime,
        status: str = "ready",
        *,
        mode: str = "battle",
        voted: datetime | None = None,
        voter: UUID | None = None,
    ) -> UUID:
        """A battle, whose conversation is this person's, or nobody's any more; and its vote."""
        conversation, battle = new_id(), new_id()
        self._insert(
            "conversation",
            id=conversation,
            account_id=person,
            arena_id=new_id(),
            mode=mode,
            contestants=[] if mode == "battle" else [new_id(), new_id()],
            terms_version="",
            created_at=moment,
            updated_at=moment,
        )
        self._insert(
            "battle",
            id=battle,
            conversation_id=conversation,
            arena_id=new_id(),
            mode=mode,
            draw_id=new_id() if mode == "battle" else None,
            status=status,
            configuration_a=new_id(),
            configuration_b=new_id(),
            salt_a=b"a" * 32,
            salt_b=b"b" * 32,
            commitment_a="",
            commitment_b="",
            created_at=moment,
            ended_at=voted,
        )
        if voted is not None:
            self._insert(
                "vote",
                id=new_id(),
                battle_id=battle,
                account_id=voter or person,
                role="author",
                choice="a",
                cast_at=voted,
            )
        return battle

    def answer(self, battle: UUID, *statuses: str) -> None:
        """The two sides of a turn of a battle."""
        turn = new_id()
        for side, status in zip("ab", statuses, strict=True):
            self._insert(
                "response",
                id=new_id(),
                turn_id=turn,
                battle_id=battle,
                side=side,
                configuration_id=new_id(),
                status=status,
                error="timeout" if status == "failed" else None,
                attempts=1,
                reserved_usd=0,
                queued_at=NOON,
            )

    def erase(self, account: UUID) -> None:
        self._run("UPDATE account SET erased_at = %s WHERE %s IN (id, merged_into)", NOON, account)

    def opt_out(self, account: UUID) -> None:
        self._insert("statistics_opt_out", account_id=account, since=NOON)

    def _insert(self, table: str, **values: Any) -> None:
        given = ", ".join(["%s"] * len(values))
        self._run(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({given})", *values.values())

    def _run(self, statement: str, *values: object) -> None:
        self._connection.execute(statement.encode(), values)
