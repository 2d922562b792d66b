"""Rows of conversations, draws, battles, turns, responses and votes."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, FetchedValue, ForeignKey, Identity, Integer, Text, Uuid, or_
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column

from evenhand.arenas import Mode
from evenhand.battles.events import PartKind
from evenhand.battles.states import BattleStatus, Choice, InsteadBecause, ResponseStatus, Side
from evenhand.consent.topics import Topic
from evenhand.contestants.price_classes import PriceClass
from evenhand.storage.engine import Row

Row.registry.update_type_annotation_map(
    {
        list[UUID]: ARRAY(Uuid),
        **dict.fromkeys(
            (Mode, Side, Choice, PartKind, ResponseStatus, BattleStatus, InsteadBecause, PriceClass), Text
        ),
    }
)

LONGEST_HOLD = timedelta(seconds=10)
"""How long a vote may be held at most."""
PUT_OFF = timedelta(minutes=2)
"""How long after it a vote is final whose voter wants to guess first who answered."""


class DrawSeedRow(Row):
    """A day's secret; its commitment is known the day before."""

    __tablename__ = "draw_seed"

    day: Mapped[date] = mapped_column(primary_key=True)
    seed: Mapped[bytes]
    commitment: Mapped[str]
    created_at: Mapped[datetime]


class DrawCounterRow(Row):
    """How many draws an arena has made on a day."""

    __tablename__ = "draw_counter"

    arena_id: Mapped[UUID] = mapped_column(ForeignKey("arena.id"), primary_key=True)
    day: Mapped[date] = mapped_column(ForeignKey("draw_seed.day"), primary_key=True)
    value: Mapped[int]


class DrawRow(Row):
    """One draw with everything needed to replay it."""

    __tablename__ = "draw"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    arena_id: Mapped[UUID] = mapped_column(ForeignKey("arena.id"))
    day: Mapped[date] = mapped_column(ForeignKey("draw_seed.day"))
    counter: Mapped[int]
    drawn_at: Mapped[datetime]
    algorithm: Mapped[str]
    eligible: Mapped[list[UUID]]
    weights: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    weights_digest: Mapped[str]
    kept: Mapped[UUID | None]
    first: Mapped[UUID]
    second: Mapped[UUID]
    probability: Mapped[float]
    swapped: Mapped[bool]
    tie_side: Mapped[Side]
    client_nonce: Mapped[str]


class ConversationRow(Row):
    """A tree of turns; `contestants` are those chosen by name (none in battle mode).

    One that was deleted is nobody's, and has no words any more. `left_out` of releases is its owner's wish;
    so is what is about one of the `topics`, those that its owner said or, where they said nothing, those that
    were found.

    The place is where its owner left it: the last turn of the branch that was shown, the turn at the top of
    the view, and how much of that lay above.
    """

    __tablename__ = "conversation"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    arena_id: Mapped[UUID] = mapped_column(ForeignKey("arena.id"))
    mode: Mapped[Mode]
    contestants: Mapped[list[UUID]]
    title: Mapped[str]
    renamed: Mapped[bool]
    pinned: Mapped[bool]
    archived: Mapped[bool]
    folder_id: Mapped[UUID | None]
    place_end_id: Mapped[UUID | None]
    place_turn_id: Mapped[UUID | None]
    place_share: Mapped[float | None]
    terms_version: Mapped[str]
    left_out: Mapped[bool]
    topics: Mapped[list[Topic]] = mapped_column(ARRAY(Text))
    topics_said: Mapped[list[Topic] | None] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class ToEraseRow(Row):
    """A deleted conversation, until nothing of it is left to be erased; `emptied_at`: its words are."""

    __tablename__ = "to_erase"

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    deleted_at: Mapped[datetime]
    emptied_at: Mapped[datetime | None]


class BattleRow(Row):
    """One pair of configurations over one or more turns; in direct mode side b is empty."""

    __tablename__ = "battle"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    arena_id: Mapped[UUID] = mapped_column(ForeignKey("arena.id"))
    mode: Mapped[Mode]
    draw_id: Mapped[UUID | None] = mapped_column(ForeignKey("draw.id"))
    status: Mapped[BattleStatus]
    configuration_a: Mapped[UUID]
    configuration_b: Mapped[UUID | None]
    salt_a: Mapped[bytes]
    salt_b: Mapped[bytes | None]
    commitment_a: Mapped[str]
    commitment_b: Mapped[str | None]
    redrawn_to: Mapped[UUID | None]
    carried_side: Mapped[Side | None]
    carried_by: Mapped[str | None]
    instead_because: Mapped[InsteadBecause | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class TurnRow(Row):
    """What the user asked at one point of the tree, what they wanted of the answers (see presets), and the
    terms under which they did.

    Where there is a quota: what its tokens count as, those that were sent to all sides, and the most that all
    can come to with the answers; see battles.quota. Who it was is forgotten some time after the conversation
    was deleted.
    """

    __tablename__ = "turn"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    parent_id: Mapped[UUID | None]
    battle_id: Mapped[UUID] = mapped_column(ForeignKey("battle.id"))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    preset: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    created_at: Mapped[datetime]
    terms_version: Mapped[str | None]
    price_class: Mapped[PriceClass | None]
    sent_tokens: Mapped[int | None]
    reserved_tokens: Mapped[int | None]


class TurnPartRow(Row):
    """A part of what the user asked."""

    __tablename__ = "turn_part"

    turn_id: Mapped[UUID] = mapped_column(ForeignKey("turn.id"), primary_key=True)
    index: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    text: Mapped[str]


class ResponseRow(Row):
    """One side's answer to a turn; retries are its attempts."""

    __tablename__ = "response"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    turn_id: Mapped[UUID] = mapped_column(ForeignKey("turn.id"))
    battle_id: Mapped[UUID] = mapped_column(ForeignKey("battle.id"))
    side: Mapped[Side]
    configuration_id: Mapped[UUID]
    status: Mapped[ResponseStatus]
    error: Mapped[str | None]
    attempts: Mapped[int]
    reserved_usd: Mapped[Decimal]
    queued_at: Mapped[datetime]


in_flight = or_(ResponseRow.status == "queued", ResponseRow.status == "streaming")
"""Whether a response is in flight; written as the index over those few is."""


class AttemptRow(Row):
    """One call of a provider. Times in ms, money in US dollars; `cause` is for the operator alone."""

    __tablename__ = "attempt"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id"))
    number: Mapped[int]
    status: Mapped[str]
    # By the database's clock: those of two machines may differ by more than a lease.
    lease_until: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    waited_ms: Mapped[int | None]
    first_token_ms: Mapped[int | None]
    duration_ms: Mapped[int | None]
    finish_reason: Mapped[str | None]
    error: Mapped[str | None]
    cause: Mapped[str | None]
    input_tokens: Mapped[int | None]
    output_tokens: Mapped[int | None]
    reasoning_tokens: Mapped[int | None]
    tokens_reported: Mapped[bool]
    price: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    cost_usd: Mapped[Decimal | None]
    style: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    timeline: Mapped[list[tuple[int, int]] | None] = mapped_column(JSONB(none_as_null=True))


class PartRow(Row):
    """A part of an attempt's answer, whole; written when the attempt ends."""

    __tablename__ = "part"

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    index: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[PartKind]
    text: Mapped[str]


class StreamEventRow(Row):
    """What readers of a conversation are told, in the order in which it was stored."""

    __tablename__ = "stream_event"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    conversation_id: Mapped[UUID]
    turn_id: Mapped[UUID]
    kind: Mapped[str]
    data: Mapped[str]


class VoteRow(Row):
    """A vote: a fact, written once."""

    __tablename__ = "vote"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    battle_id: Mapped[UUID] = mapped_column(ForeignKey("battle.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    role: Mapped[str]
    choice: Mapped[Choice]
    cast_at: Mapped[datetime]


class HeldVoteRow(Row):
    """A vote that may still be taken back; it becomes a vote of the same id once it is due."""

    __tablename__ = "held_vote"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    battle_id: Mapped[UUID] = mapped_column(ForeignKey("battle.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    choice: Mapped[Choice]
    cast_at: Mapped[datetime]
    final_at: Mapped[datetime]

    @hybrid_method
    def is_due(self, now: datetime) -> bool:
        """Whether its time has come. Further away than it can be put off, it is: the clock was set back."""
        return (self.final_at <= now) | (self.final_at > now + PUT_OFF)

    @property
    def is_put_off(self) -> bool:
        """Whether its voter guesses first who answered; then it cannot be taken back any more."""
        return self.final_at - self.cast_at > LONGEST_HOLD


class VoteExclusionRow(Row):
    """Why a vote does not count."""

    __tablename__ = "vote_exclusion"

    vote_id: Mapped[UUID] = mapped_column(ForeignKey("vote.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)
    excluded_at: Mapped[datetime]
