"""The one gate through which everything about a battle leaves for a browser.

Rows hold who answers; what is built here does not, until the person who asks has voted. Nothing else in the
package turns rows of battles, responses or attempts into what goes over the wire.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from evenhand.battles.pieces import Parts
from evenhand.battles.presets import used_view
from evenhand.battles.schemas import (
    AnswerPart,
    Battle,
    Carried,
    Commitments,
    Response,
    Reveal,
    RevealedSide,
    Statistics,
    TextPart,
    Turn,
    Vote,
)
from evenhand.battles.states import Side
from evenhand.battles.tables import (
    AttemptRow,
    BattleRow,
    HeldVoteRow,
    ResponseRow,
    TurnPartRow,
    TurnRow,
    VoteRow,
)
from evenhand.contestants.service import Identity

PUBLIC_ERRORS = frozenset({"timeout", "overloaded", "refused", "too_long", "failed", "interrupted"})


def may_reveal(battle: BattleRow) -> bool:
    """Whether the author of a battle may know who answers: after the vote, or where they chose by name."""
    return battle.mode != "battle" or battle.status == "revealed"


def turn_view(
    turn: TurnRow,
    parts: Iterable[TurnPartRow],
    responses: Iterable[tuple[ResponseRow, AttemptRow | None, Parts]],
) -> Turn:
    """A turn with its answers so far."""
    return Turn(
        id=turn.id,
        parent_id=turn.parent_id,
        battle_id=turn.battle_id,
        created_at=turn.created_at,
        parts=[TextPart(type="text", text=part.text) for part in parts],
        preset=used_view(turn.preset),
        responses=[response_view(*one) for one in responses],
    )


def response_view(response: ResponseRow, attempt: AttemptRow | None, parts: Parts) -> Response:
    """A response; of its attempt only how it finished, never what it took: that tells who it is."""
    error = response.error
    return Response(
        side=response.side,
        status=response.status,
        finish_reason=attempt.finish_reason if attempt else None,  # type: ignore[arg-type]
        error=error if error is None or error in PUBLIC_ERRORS else "failed",
        attempt=response.attempts,
        parts=[AnswerPart(index=index, kind=kind, text=text) for index, (kind, text) in enumerate(parts)],
    )


def battle_view(
    battle: BattleRow,
    vote: tuple[VoteRow | HeldVoteRow, Sequence[str]] | None,
    identities: Mapping[UUID, Identity],
    attempts: Mapping[Side, Sequence[AttemptRow]],
) -> Battle:
    """A battle; with the reveal only where the author may know."""
    return Battle(
        id=battle.id,
        mode=battle.mode,
        status=battle.status,
        commitments=commitments_view(battle),
        redrawn_to=battle.redrawn_to,
        carried=carried_view(battle),
        instead_because=battle.instead_because,
        vote=vote_view(*vote) if vote else None,
        final_at=vote[0].final_at if vote and isinstance(vote[0], HeldVoteRow) else None,
        reveal=reveal_view(battle, identities, attempts) if may_reveal(battle) else None,
    )


def commitments_view(battle: BattleRow) -> Commitments:
    """The commitments of both sides."""
    return Commitments(a=battle.commitment_a, b=battle.commitment_b)


def carried_view(battle: BattleRow) -> Carried | None:
    """Whose answer goes on."""
    if battle.carried_side is None:
        return None
    return Carried(side=battle.carried_side, by=battle.carried_by)  # type: ignore[arg-type]


def vote_view(vote: VoteRow | HeldVoteRow, exclusions: Sequence[str]) -> Vote:
    """A vote with the first reason why it does not count, if there is one."""
    return Vote(
        id=vote.id,
        choice=vote.choice,
        counted=not exclusions,
        reason=exclusions[0] if exclusions else None,
        cast_at=vote.cast_at,
    )


def reveal_view(
    battle: BattleRow,
    identities: Mapping[UUID, Identity],
    attempts: Mapping[Side, Sequence[AttemptRow]],
) -> Reveal:
    """Who answered. Raises `AssertionError` when the author may not know yet: a fault of ours, not theirs."""
    assert may_reveal(battle), "a reveal was built before the vote"
    side_b = None
    if battle.configuration_b is not None and battle.salt_b is not None and battle.commitment_b is not None:
        side_b = _revealed(
            identities[battle.configuration_b], battle.commitment_b, battle.salt_b, attempts.get("b", ())
        )
    side_a = _revealed(
        identities[battle.configuration_a], battle.commitment_a, battle.salt_a, attempts.get("a", ())
    )
    return Reveal(a=side_a, b=side_b)


def _revealed(
    identity: Identity, commitment: str, salt: bytes, attempts: Sequence[AttemptRow]
) -> RevealedSide:
    return RevealedSide(
        slug=identity.contestant.slug,
        name=identity.contestant.name,
        organization=identity.contestant.organization,
        license=identity.contestant.license,
        demo=identity.contestant.demo,
        price=identity.configuration.price,
        context=identity.configuration.context,
        configuration=identity.digest,
        commitment=commitment,
        salt=salt.hex(),
        statistics=_statistics(attempts),
    )


def _statistics(attempts: Sequence[AttemptRow]) -> Statistics:
    """Sums over the battle's answers; the time to the first token is their mean."""

    def total(values: Iterable[int | None]) -> int | None:
        known = [value for value in values if value is not None]
        return sum(known) if known else None

    output = total(attempt.output_tokens for attempt in attempts)
    duration = total(attempt.duration_ms for attempt in attempts)
    waits = [attempt.first_token_ms for attempt in attempts if attempt.first_token_ms is not None]
    writing = (duration or 0) - sum(waits)
    costs = [attempt.cost_usd for attempt in attempts if attempt.cost_usd is not None]
    return Statistics(
        input_tokens=total(attempt.input_tokens for attempt in attempts),
        output_tokens=output,
        reasoning_tokens=total(attempt.reasoning_tokens for attempt in attempts),
        first_token_ms=round(sum(waits) / len(waits)) if waits else None,
        duration_ms=duration,
        tokens_per_second=round(output * 1000 / writing, 1) if output and writing > 0 else None,
        cost_usd=float(sum(costs)) if costs else None,
    )
