"""Guesses at who answered: after the vote, which they make final, and before the names appear.

They are for the voter alone and on no board. The names to choose from are the arena's lineup, whatever the
battle: so neither the list nor what is refused tells anything of it.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from evenhand.accounts.voters import accounts_of
from evenhand.battles import votes
from evenhand.battles.events import BattleStreamEvent
from evenhand.battles.schemas import NamedContestant, VoteRequest
from evenhand.battles.tables import BattleRow, VoteRow
from evenhand.contestants.service import Competitor, competitors
from evenhand.contestants.tables import ContestantRow
from evenhand.core.errors import Invalid
from evenhand.mine.schemas import Guess, GuessAnswer, Guesses, GuessRequest, KeptGuess
from evenhand.mine.tables import GuessRow
from evenhand.mine.votes import side_a, side_b
from evenhand.storage.together import at_commit
from evenhand.storage.writing import writing

_guess_a, _guess_b = aliased(ContestantRow), aliased(ContestantRow)
_guesses = (
    select(GuessRow, _guess_a, _guess_b, side_a.contestant_id, side_b.contestant_id)
    .join(VoteRow, VoteRow.id == GuessRow.vote_id)
    .join(BattleRow, BattleRow.id == VoteRow.battle_id)
    .join(side_a, side_a.id == BattleRow.configuration_a)
    .join(side_b, side_b.id == BattleRow.configuration_b)
    .outerjoin(_guess_a, _guess_a.id == GuessRow.contestant_a)
    .outerjoin(_guess_b, _guess_b.id == GuessRow.contestant_b)
)


async def guess(
    session: AsyncSession, account_id: UUID | None, battle_id: UUID, request: GuessRequest, now: datetime
) -> tuple[GuessAnswer, list[BattleStreamEvent]]:
    """Guess who answered in one's own battle; the vote is final then, and the names appear.

    Raises `Conflict` before the vote and once it is final, `Invalid` for a name that is not in the arena.
    """
    battle, held = await votes.lock_held(session, account_id, battle_id, now)
    known = await competitors(session, battle.arena_id)
    named_a, named_b = _named(known, request.a), _named(known, request.b)
    answer, events = await votes.cast(session, account_id, battle_id, VoteRequest(choice=held.choice), now)
    assert answer.reveal is not None, "the vote is final"
    assert answer.reveal.b is not None, "a blind battle has two sides"
    row = GuessRow(
        vote_id=answer.vote.id,
        contestant_a=named_a and named_a.id,
        contestant_b=named_b and named_b.id,
        among=len(known),
        guessed_at=now,
    )
    at_commit(session, writing([row]))
    guessed = Guess(
        a=_view(named_a),
        b=_view(named_b),
        right_a=None if named_a is None else named_a.slug == answer.reveal.a.slug,
        right_b=None if named_b is None else named_b.slug == answer.reveal.b.slug,
        among=len(known),
    )
    return GuessAnswer(**dict(answer), guess=guessed), events


async def guess_on(session: AsyncSession, account_id: UUID | None, battle_id: UUID) -> Guess | None:
    """What somebody guessed on a battle of theirs; None where they did not. Raises `NotFound`."""
    await votes.own_battle(session, account_id, battle_id)
    found = await session.execute(_guesses.where(VoteRow.battle_id == battle_id, VoteRow.role == "author"))
    row = found.first()
    return None if row is None else _told(*row)


async def all_guesses(session: AsyncSession, account_id: UUID) -> list[KeptGuess]:
    """Everything that somebody guessed, also as the guests that went into their account; the oldest first."""
    found = await session.execute(
        _guesses.add_columns(BattleRow.id)
        .where(VoteRow.account_id.in_(accounts_of(account_id)))
        .order_by(GuessRow.guessed_at, GuessRow.vote_id)
    )
    return [
        KeptGuess(battle_id=battle_id, guessed_at=told[0].guessed_at, **dict(_told(*told)))
        for *told, battle_id in found
    ]


async def guesses_of(session: AsyncSession, account_id: UUID, arena_id: UUID) -> Guesses:
    """How often somebody has guessed rightly in an arena."""
    right = func.coalesce(
        func.sum(
            case((GuessRow.contestant_a == side_a.contestant_id, 1), else_=0)
            + case((GuessRow.contestant_b == side_b.contestant_id, 1), else_=0)
        ),
        0,
    )
    named = func.num_nonnulls(GuessRow.contestant_a, GuessRow.contestant_b)
    row = (
        await session.execute(
            select(
                func.coalesce(func.sum(named), 0),
                right,
                func.coalesce(func.sum(named * 1.0 / GuessRow.among), 0),
            )
            .join(VoteRow, VoteRow.id == GuessRow.vote_id)
            .join(BattleRow, BattleRow.id == VoteRow.battle_id)
            .join(side_a, side_a.id == BattleRow.configuration_a)
            .join(side_b, side_b.id == BattleRow.configuration_b)
            .where(VoteRow.account_id.in_(accounts_of(account_id)), BattleRow.arena_id == arena_id)
        )
    ).one()
    return Guesses(sides=row[0], right=row[1], by_chance=float(row[2]))


def _named(known: Sequence[Competitor], slug: str | None) -> ContestantRow | None:
    if slug is None:
        return None
    for one in known:
        if one.contestant.slug == slug:
            return one.contestant
    raise Invalid("unknown_contestant", f"There is no contestant {slug!r} in this arena.")


def _told(
    kept: GuessRow, named_a: ContestantRow | None, named_b: ContestantRow | None, was_a: UUID, was_b: UUID
) -> Guess:
    return Guess(
        a=_view(named_a),
        b=_view(named_b),
        right_a=None if named_a is None else named_a.id == was_a,
        right_b=None if named_b is None else named_b.id == was_b,
        among=kept.among,
    )


def _view(contestant: ContestantRow | None) -> NamedContestant | None:
    if contestant is None:
        return None
    return NamedContestant(slug=contestant.slug, name=contestant.name, organization=contestant.organization)
