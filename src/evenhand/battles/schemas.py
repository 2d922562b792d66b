"""What goes over the wire: requests and answers of the battles' routes."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from evenhand.arenas import Mode
from evenhand.battles.events import PartKind
from evenhand.battles.presets import Preset, UsedPreset
from evenhand.battles.states import BattleStatus, Choice, InsteadBecause, ResponseStatus, Side
from evenhand.battles.tables import LONGEST_HOLD
from evenhand.consent.topics import Topic
from evenhand.contestants.configurations import Price


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TextPart(_Request):
    """A part of a question."""

    type: Literal["text"]
    text: str


class ConversationRequest(_Request):
    """Begin a conversation; `contestants` are slugs: two side by side, one in direct mode."""

    arena: str
    mode: str
    contestants: Annotated[list[str], Field(max_length=2)] = []
    terms_version: Annotated[str, Field(max_length=40)] = ""


class TurnRequest(_Request):
    """Ask. `parent_id` null begins a new branch at the root; left out, the newest turn is the parent.

    `client_nonce` takes part in the draw, so that the arena alone cannot steer it. `new_pair` draws anew
    although the running pair could go on. `preset` is said to all who answer, in the same words.
    `terms_version` are the terms that one agrees to by asking; needed where one has not done so before.
    """

    parts: Annotated[list[TextPart], Field(min_length=1, max_length=20)]
    client_nonce: Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9_-]*$")] = ""
    parent_id: UUID | None = None
    new_pair: StrictBool = False
    preset: Preset | None = None
    terms_version: Annotated[str, Field(max_length=40)] = ""


class VoteRequest(_Request):
    """A vote; for `hold` seconds it may be taken back, and reveals nothing."""

    choice: Choice
    hold: Annotated[float, Field(ge=0, le=LONGEST_HOLD.total_seconds(), strict=True)] = 0


class Commitments(BaseModel):
    """What binds each side's identity before the first word; hexadecimal."""

    a: str
    b: str | None


class AnswerPart(BaseModel):
    """A part of an answer."""

    index: int
    kind: PartKind
    text: str


class Response(BaseModel):
    """One side's answer to a turn, as far as it has come."""

    side: Side
    status: ResponseStatus
    finish_reason: Literal["stop", "length"] | None
    error: str | None
    attempt: int
    parts: list[AnswerPart]


class Turn(BaseModel):
    """A question and the answers of its battle; `preset` is null where nothing was wanted of these."""

    id: UUID
    parent_id: UUID | None
    battle_id: UUID
    created_at: datetime
    parts: list[TextPart]
    preset: UsedPreset | None
    responses: list[Response]


class Carried(BaseModel):
    """Whose answer goes on after the battle, and what decided it."""

    side: Side
    by: Literal["choice", "draw", "only_answer"]


class Vote(BaseModel):
    """A vote and whether it counts; `reason` says why not."""

    id: UUID
    choice: Choice
    counted: bool
    reason: str | None
    cast_at: datetime


class Statistics(BaseModel):
    """What a side took over the battle's turns: tokens, ms, US dollars; null where it is not known."""

    input_tokens: int | None
    output_tokens: int | None
    reasoning_tokens: int | None
    first_token_ms: int | None
    duration_ms: int | None
    tokens_per_second: float | None
    cost_usd: float | None


class RevealedSide(BaseModel):
    """Who answered on a side, with what proves it."""

    slug: str
    name: str
    organization: str | None
    license: str | None
    demo: bool
    price: Price | None
    context: int | None
    configuration: str
    commitment: str
    salt: str
    statistics: Statistics


class Reveal(BaseModel):
    """Who answered; side b is null in direct mode."""

    a: RevealedSide
    b: RevealedSide | None


class Battle(BaseModel):
    """A battle as its author may see it at this moment; `final_at` is when a held vote becomes final.

    `instead_because` says why it took the place of the battle before without being asked for: somebody in
    that one had left the arena, or nobody had come back to it within a week.
    """

    id: UUID
    mode: Mode
    status: BattleStatus
    commitments: Commitments
    redrawn_to: UUID | None
    carried: Carried | None
    instead_because: InsteadBecause | None
    vote: Vote | None
    final_at: datetime | None
    reveal: Reveal | None


class NamedContestant(BaseModel):
    """A contestant that the user chose by name."""

    slug: str
    name: str
    organization: str | None


class ConversationSummary(BaseModel):
    """What a conversation is, without what was said; `voted`: on some battle of it.

    `left_out` of releases is what its owner wishes; so is one about health or law, as its `topics` say: those
    that its owner said, else those that were found.
    """

    id: UUID
    title: str
    arena: str
    mode: Mode
    voted: bool
    pinned: bool
    archived: bool
    folder_id: UUID | None
    left_out: bool
    topics: list[Topic]
    created_at: datetime
    updated_at: datetime


class Place(BaseModel):
    """Where one left a conversation: the turn at the top of the view, and how much of it lay above.

    `end_id` is the last turn of the branch that was shown.
    """

    model_config = ConfigDict(extra="forbid")

    end_id: UUID
    turn_id: UUID
    share: Annotated[float, Field(ge=0, le=1, strict=True)]


class Conversation(ConversationSummary):
    """A conversation, whole; `place` is null at the end.

    Those of `retired` have left the arena: the next question goes to others in their place.
    """

    terms_version: str
    contestants: list[NamedContestant]
    retired: list[NamedContestant]
    place: Place | None
    turns: list[Turn]
    battles: list[Battle]


class TurnAnswer(BaseModel):
    """What asking gives back at once; the answers come as events.

    `carried` is whose answer of the battle before goes on, where no vote has said so.
    """

    id: UUID
    battle_id: UUID
    commitments: Commitments
    turn: Turn
    battle: Battle
    carried: Carried | None


class VoteAnswer(BaseModel):
    """What voting gives back; for a vote that is held the reveal is null until `final_at`."""

    vote: Vote
    final_at: datetime | None
    reveal: Reveal | None
    carried: Carried | None


class RevealAnswer(BaseModel):
    """A reveal, once the vote is final, and whose answer goes on."""

    vote: Vote | None
    reveal: Reveal
    carried: Carried | None
