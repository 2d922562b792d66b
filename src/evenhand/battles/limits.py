"""What keeps spending safe: the pause switch, the day's budget, and the limits of a guest.

All are checked inside the transaction that queues the work, under locks that make two requests at once wait
for each other, so that a burst cannot slip through between the check and the row.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, literal_column, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.battles.states import IN_FLIGHT
from evenhand.battles.tables import AttemptRow, PartRow, ResponseRow, TurnPartRow, TurnRow
from evenhand.contestants.configurations import Configuration
from evenhand.core.clock import day_of, next_day
from evenhand.core.errors import TooMany, Unavailable
from evenhand.core.settings import Settings

_BUDGET_LOCK = 0x62756467
HOUR = timedelta(hours=1)


_paused = select(literal_column("1")).select_from(text("pause")).exists()


async def check_pause(session: AsyncSession) -> None:
    """Raise `Unavailable` while the operator has paused the arena."""
    _refuse_when_paused(paused=bool(await session.scalar(select(_paused))))


async def check_guest(
    session: AsyncSession, account_id: UUID, settings: Settings, now: datetime, *, asks: bool
) -> None:
    """Raise a `Problem` when the arena is paused, or this person has too many turns running or (if `asks`)
    had too many this hour.
    """
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:account, 0))"), {"account": str(account_id)}
    )
    running = (
        select(func.count(TurnRow.id.distinct()))
        .join(ResponseRow, ResponseRow.turn_id == TurnRow.id)
        .where(TurnRow.account_id == account_id, ResponseRow.status.in_(IN_FLIGHT))
    )
    # The turn that must be an hour old before one more may be asked.
    earliest = (
        select(TurnRow.created_at)
        .where(TurnRow.account_id == account_id, TurnRow.created_at > now - HOUR)
        .order_by(TurnRow.created_at.desc())
        .offset(max(settings.guest_turns_per_hour - 1, 0))
        .limit(1)
    )
    paused, at_once, since = (
        await session.execute(select(_paused, running.scalar_subquery(), earliest.scalar_subquery()))
    ).one()
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


async def turns_left(session: AsyncSession, account_id: UUID, settings: Settings, now: datetime) -> int:
    """How many questions this person may still ask within the running hour."""
    asked = await session.scalar(
        select(func.count()).where(TurnRow.account_id == account_id, TurnRow.created_at > now - HOUR)
    )
    return max(0, settings.guest_turns_per_hour - (asked or 0))


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
    running = await session.scalar(
        select(func.coalesce(func.sum(ResponseRow.reserved_usd), 0)).where(ResponseRow.status.in_(IN_FLIGHT))
    )
    return Decimal(ended or 0) + Decimal(running or 0)


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
