"""Quotas: how many tokens somebody may use within a UTC day, by class of price.

A question to contestants whose names are known counts as it is billed, in the class of the dearest of them. A
blind one must not tell by its count who answers: it counts what one sees, question and answers by the one
declared tokenizer, whatever is billed, and in the dearest class of the arena's whole lineup. While any of its
answers is in flight a question counts with the most that they can come to, which is the same for everyone.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, get_args
from uuid import UUID

from sqlalchemy import BindParameter, DateTime, Integer, bindparam, case, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts.tables import AccountRow, Kind
from evenhand.arenas import Sampling
from evenhand.battles.context import Step, messages
from evenhand.battles.states import Side
from evenhand.battles.tables import AttemptRow, BattleRow, ConversationRow, ResponseRow, TurnRow, in_flight
from evenhand.contestants.price_classes import PriceClass, class_of, dearest_class, dearest_price
from evenhand.contestants.service import Identity
from evenhand.contestants.tables import LineupRow
from evenhand.core.clock import day_of, next_day
from evenhand.core.errors import TooMany
from evenhand.core.settings import Settings
from evenhand.gateway import prompt_tokens
from evenhand.storage.together import Prepared, Query, together

CLASSES: Sequence[PriceClass] = get_args(PriceClass)

_account_id: BindParameter[UUID] = bindparam("account")
_blind = BattleRow.mode == "battle"
_seen = func.coalesce(func.sum(cast(AttemptRow.style["tokens"].astext, Integer)), 0)
_billed = func.sum(func.coalesce(AttemptRow.input_tokens, 0) + func.coalesce(AttemptRow.output_tokens, 0))
_turns = (
    select(
        TurnRow.price_class,
        TurnRow.reserved_tokens,
        func.bool_or(in_flight).label("runs"),
        case(
            (BattleRow.mode == "battle", TurnRow.sent_tokens + _seen), else_=func.coalesce(_billed, 0)
        ).label("used"),
    )
    .join(BattleRow, BattleRow.id == TurnRow.battle_id)
    .join(ResponseRow, ResponseRow.turn_id == TurnRow.id)
    .outerjoin(AttemptRow, AttemptRow.response_id == ResponseRow.id)
    .where(
        TurnRow.account_id == _account_id,
        TurnRow.created_at >= bindparam("day", type_=DateTime(timezone=True)),
        TurnRow.price_class.is_not(None),
    )
    .group_by(TurnRow.id, BattleRow.mode)
    .subquery()
)
_classes = (
    select(
        _turns.c.price_class,
        func.coalesce(func.sum(_turns.c.used).filter(~_turns.c.runs), 0).label("ended"),
        func.coalesce(func.sum(_turns.c.reserved_tokens).filter(_turns.c.runs), 0).label("running"),
    )
    .group_by(_turns.c.price_class)
    .subquery()
)
_used = select(
    func.jsonb_object_agg(
        _classes.c.price_class, func.jsonb_build_array(_classes.c.ended, _classes.c.running)
    )
)
_kind = select(AccountRow.kind).where(AccountRow.id == _account_id)
_its_arena = select(ConversationRow.arena_id).where(ConversationRow.id == bindparam("conversation"))
_dearest = dearest_price.where(LineupRow.arena_id == _its_arena.scalar_subquery()).scalar_subquery()
_reading = Prepared(select(_kind.scalar_subquery(), _used.scalar_subquery(), _dearest))
_uses = Prepared(select(_kind.scalar_subquery(), _used.scalar_subquery()))

_Uses = Mapping[PriceClass, tuple[int, int]] | None
Reading = Query[Kind, _Uses, float | None]
"""Whose quota it is, what was used today and what runs by class, and the highest price in the arena."""


class Counted(NamedTuple):
    """What a question counts as: its class, the tokens sent for it, the most that it can come to."""

    price_class: PriceClass
    sent: int
    most: int


class Quota(NamedTuple):
    """A quota as its owner sees it: the limit, what is left today, and whether signing in gives more."""

    price_class: PriceClass
    limit: int
    left: int
    more_signed_in: bool


def limit_of(settings: Settings, kind: Kind, price_class: PriceClass) -> int | None:
    """How many tokens of a class somebody may use within a day; None: any number."""
    limit: int | None = getattr(settings, f"{kind}_{price_class}_tokens_per_day")
    return limit


def reading(
    account_id: UUID | None, conversation_id: UUID, settings: Settings, now: datetime
) -> Reading | None:
    """What reads how somebody's quotas stand who is about to ask; None where nobody has any.

    The person's lock must have been taken by a statement before, as for `limits.standing`.
    """
    if all(limit_of(settings, kind, one) is None for kind in get_args(Kind) for one in CLASSES):
        return None
    return _reading(account=account_id, conversation=conversation_id, day=_begin(now))


def count(
    read: Reading,
    sides: Mapping[Side, Identity],
    path: Sequence[Step],
    battle: BattleRow,
    sampling: Sampling,
    settings: Settings,
) -> Counted:
    """What a question counts as that is about to be asked. Of a blind one nothing depends on its sides."""
    if battle.mode == "battle":
        price_class = class_of(read.one()[2] or 0, settings.high_price_usd)
    else:
        prices = (one.configuration.price for one in sides.values())
        price_class = dearest_class(prices, settings.high_price_usd)
    sent = sum(prompt_tokens(one.text for one in messages(path, battle.id, side)) for side in sides)
    answers = len(sides) * (sampling.max_output_tokens + sampling.max_reasoning_tokens)
    return Counted(price_class, sent, sent + answers)


def check_quota(read: Reading, counted: Counted, settings: Settings, now: datetime) -> None:
    """Raise `TooMany` when the class's tokens of today are used up, or may be by what still runs."""
    kind, uses, _ = read.one()
    limit = limit_of(settings, kind, counted.price_class)
    if limit is None:
        return
    ended, running = (uses or {}).get(counted.price_class, (0, 0))
    about = {"limit": limit, "price_class": counted.price_class}
    if ended >= limit:
        back = next_day(now)
        raise TooMany(
            "quota_reached",
            f"You have used your {limit:,} tokens of today for contestants of this price; "
            f"they return at {back:%H:%M} UTC.",
            retry_after=int((back - now).total_seconds()) + 1,
            extra={**about, "retry_at": back.isoformat()},
        )
    if ended + running >= limit:
        raise TooMany(
            "quota_running",
            "What is being answered may use up your tokens of today; wait for it to end, or stop it.",
            retry_after=5,
            extra=about,
        )


async def quotas(
    session: AsyncSession, account_id: UUID | None, settings: Settings, now: datetime
) -> list[Quota]:
    """Somebody's quotas, those that have a limit; of what still runs nothing is counted yet."""
    kind: Kind = "guest"
    uses: _Uses = None
    if account_id is not None:
        read = _uses(account=account_id, day=_begin(now))
        await together(session, read)
        kind, uses = read.one()
    return _seen_by_owner(kind, uses or {}, settings)


def _seen_by_owner(kind: Kind, uses: Mapping[PriceClass, Collection[int]], settings: Settings) -> list[Quota]:
    found = []
    for one in CLASSES:
        limit = limit_of(settings, kind, one)
        if limit is None:
            continue
        ended, _ = uses.get(one, (0, 0))
        signed_in = limit_of(settings, "voter", one)
        more = kind == "guest" and (signed_in is None or signed_in > limit)
        found.append(Quota(one, limit, max(0, limit - ended), more))
    return found


def _begin(now: datetime) -> datetime:
    return datetime.combine(day_of(now), datetime.min.time(), now.tzinfo)
