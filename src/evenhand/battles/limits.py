"""What keeps spending safe: the pause switch, the day's budget, and the limits of a guest and of a process.

But for those of a process, all are checked inside the transaction that queues the work, under locks that make
two requests at once wait for each other, so that a burst cannot slip through between the check and the row.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, Integer, bindparam, func, literal_column, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.battles.tables import AttemptRow, PartRow, ResponseRow, TurnPartRow, TurnRow, in_flight
from evenhand.consent.agreements import has_agreed
from evenhand.contestants.configurations import Configuration
from evenhand.contestants.service import Identity
from evenhand.core.clock import day_of, next_day
from evenhand.core.errors import TooMany, Unavailable
from evenhand.core.settings import Settings
from evenhand.storage.together import Prepared, Query, together

_BUDGET_LOCK = 0x62756467
HOUR = timedelta(hours=1)
MOST_STREAMS = 30
"""How many event streams one account may read at once from one process."""

_account_id: BindParameter[UUID] = bindparam("account")
_paused = select(literal_column("1")).select_from(text("pause")).exists()
_running = (
    select(func.count(TurnRow.id.distinct()))
    .join(ResponseRow, ResponseRow.turn_id == TurnRow.id)
    .where(TurnRow.account_id == _account_id, in_flight)
)
_asked = select(func.count()).where(
    TurnRow.account_id == _account_id, TurnRow.created_at > bindparam("since")
)
# When the turn was asked that must be an hour old before one more may be.
_in_the_way = (
    select(TurnRow.created_at)
    .where(TurnRow.account_id == _account_id, TurnRow.created_at > bindparam("since"))
    .order_by(TurnRow.created_at.desc())
    .offset(bindparam("others", type_=Integer))
    .limit(1)
)
_standing = Prepared(select(_paused, _running.scalar_subquery(), _in_the_way.scalar_subquery(), has_agreed))
_allowance = select(_asked.scalar_subquery(), _in_the_way.scalar_subquery())
_reserved = Prepared(select(func.coalesce(func.sum(ResponseRow.reserved_usd), 0)).where(in_flight))

Standing = Query[bool, int, datetime | None, bool]
"""How somebody stands: whether the arena is paused, how many turns run, which is in the way, and whether they
have agreed to the terms."""


async def check_pause(session: AsyncSession) -> None:
    """Raise `Unavailable` while the operator has paused the arena."""
    _refuse_when_paused(paused=bool(await session.scalar(select(_paused))))


def standing(account_id: UUID | None, settings: Settings, terms: str, now: datetime) -> Standing:
    """What reads how this person stands, also to this version of the terms; for `check_guest`.

    The person's lock must have been taken by a statement before: one sees what was there when it began.
    """
    return _standing(**_of_the_hour(account_id, settings, now), terms=terms)


def check_guest(read: Standing, settings: Settings, now: datetime, *, asks: bool) -> None:
    """Raise a `Problem` when the arena is paused, or this person has too many turns running or (if `asks`)
    had too many this hour."""
    paused, at_once, since, _ = read.one()
    _refuse_when_paused(paused=paused)
    if at_once >= settings.guest_turns_at_once:
        raise TooMany(
            "too_many_at_once",
            f"{at_once} of your questions are being answered; wait for one to end, or stop it.",
            retry_after=5,
            extra={"limit": settings.guest_turns_at_once},
        )
    if settings.guest_turns_per_hour == 0:
        since = now
    if asks and since is not None:
        _refuse_until(since + HOUR, settings, now)


def check_streams(open_now: int) -> None:
    """Raise `TooMany` when one more event stream would be too many for an account that reads so many."""
    if open_now >= MOST_STREAMS:
        raise TooMany(
            "too_many_streams",
            f"{MOST_STREAMS} conversations are open already; close one of them.",
            retry_after=30,
            extra={"limit": MOST_STREAMS},
        )


def check_all_turns(running: int, settings: Settings) -> None:
    """Raise `Unavailable` when one more turn would be too many for a process that runs so many."""
    if running >= settings.turns_at_once:
        raise Unavailable(
            "busy",
            "Too many questions are being answered already; try again in some seconds.",
            retry_after=10,
        )


def check_all_streams(open_now: int, settings: Settings) -> None:
    """Raise `Unavailable` when one more event stream would be too many for a process with so many."""
    if open_now >= settings.streams_at_once:
        raise Unavailable(
            "busy",
            "Too many conversations are being read already; try again in some seconds.",
            retry_after=10,
        )


def _refuse_when_paused(*, paused: bool) -> None:
    if paused:
        raise Unavailable("paused", "The operator has paused this arena; try again later.", retry_after=300)


def _refuse_until(back: datetime, settings: Settings, now: datetime) -> None:
    seconds = max(1, int((back - now).total_seconds()) + 1)
    raise TooMany(
        "too_many_turns_hour",
        f"A guest may ask {settings.guest_turns_per_hour} questions an hour; "
        f"the next one can be asked in {-(-seconds // 60)} min.",
        retry_after=seconds,
        extra={"limit": settings.guest_turns_per_hour, "retry_at": back.isoformat()},
    )


class Allowance(NamedTuple):
    """How many questions somebody may still ask within the running hour and, if none, when the next one."""

    left: int
    back_at: datetime | None


async def allowance(session: AsyncSession, account_id: UUID, settings: Settings, now: datetime) -> Allowance:
    """What this person may still ask."""
    count, since = (await session.execute(_allowance, _of_the_hour(account_id, settings, now))).one()
    return Allowance(max(0, settings.guest_turns_per_hour - count), None if since is None else since + HOUR)


def _of_the_hour(account_id: UUID | None, settings: Settings, now: datetime) -> dict[str, Any]:
    others = max(settings.guest_turns_per_hour - 1, 0)
    return {"account": account_id, "since": now - HOUR, "others": others}


async def characters_so_far(session: AsyncSession, conversation_id: UUID) -> int:
    """How long everything said in a conversation is: no side is ever sent more."""
    asked = (
        select(func.coalesce(func.sum(func.length(TurnPartRow.text)), 0))
        .join(TurnRow, TurnRow.id == TurnPartRow.turn_id)
        .where(TurnRow.conversation_id == conversation_id)
    )
    answered = (
        select(func.coalesce(func.sum(func.length(PartRow.text)), 0))
        .join(AttemptRow, AttemptRow.id == PartRow.attempt_id)
        .join(ResponseRow, ResponseRow.id == AttemptRow.response_id)
        .join(TurnRow, TurnRow.id == ResponseRow.turn_id)
        .where(TurnRow.conversation_id == conversation_id, PartRow.kind == "text")
    )
    both = await session.scalar(select(asked.scalar_subquery() + answered.scalar_subquery()))
    return both or 0


def reservation(configuration: Configuration, characters: int) -> Decimal:
    """The most that one answer can cost, in US dollars, for so many characters of question and context.

    A token is taken as one character, which no tokenizer exceeds by much: the reservation is given back
    when the answer ends and its tokens are known.
    """
    sampling = configuration.sampling
    return Decimal(
        str(configuration.cost(characters, sampling.max_output_tokens + sampling.max_reasoning_tokens))
    )


async def spent_today(session: AsyncSession, now: datetime) -> Decimal:
    """What this UTC day has cost so far, what is running taken at its reservation; in US dollars."""
    begin = datetime.combine(day_of(now), datetime.min.time(), now.tzinfo)
    ended = await session.scalar(
        select(func.coalesce(func.sum(AttemptRow.cost_usd), 0)).where(AttemptRow.ended_at >= begin)
    )
    running = _reserved()
    await together(session, running)
    return Decimal(ended or 0) + running.one()[0]


async def check_budget(session: AsyncSession, wanted: Decimal, settings: Settings, now: datetime) -> None:
    """Raise `Unavailable` when `wanted` more US dollars do not fit into the day's budget.

    What costs nothing always fits.
    """
    if wanted == 0:
        return
    await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _BUDGET_LOCK})
    if await spent_today(session, now) + wanted > Decimal(str(settings.daily_budget_usd)):
        back = next_day(now)
        raise Unavailable(
            "budget_reached",
            f"This arena has spent its budget for today; it goes on at {back:%H:%M} UTC.",
            retry_after=int((back - now).total_seconds()) + 1,
            extra={"retry_at": back.isoformat()},
        )


@dataclass(frozen=True)
class Budget:
    """The day's budget, as answers to so many characters of question and context ask for it."""

    characters: int
    settings: Settings
    now: datetime

    def most(self, one: Identity) -> Decimal:
        """The most that one answer can cost, in US dollars."""
        return reservation(one.configuration, self.characters)

    async def check(self, session: AsyncSession, candidates: Iterable[Identity], answers: int) -> None:
        """Raise `Unavailable` when answers of the dearest candidates would not fit.

        It comes before the draw: else those that are cheap would be drawn more often near the day's cap.
        """
        costs = sorted(self.most(one) for one in candidates)
        await check_budget(session, sum(costs[-answers:], Decimal(0)), self.settings, self.now)
