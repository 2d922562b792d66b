import type { Battle, Conversation, Response, Turn } from "../../api/types";
import { replaceFrom } from "./codePoints";
import type { BattleEvent, DeltaEvent, ResponseEvent, StreamEvent } from "./events";

/** Thrown when the events do not follow from what is known: the conversation must be read anew. */
export class OutOfStep extends Error {}

/**
 * A conversation after one event of its stream.
 *
 * Turns and battles that the event does not concern keep their identity, so that they are not drawn again.
 * Events of an earlier attempt or of a battle that was redrawn change nothing.
 */
export function applyEvent(conversation: Conversation, event: StreamEvent): Conversation {
  if (event.type === "battle") return applyBattle(conversation, event);
  const turn = conversation.turns.find((candidate) => candidate.id === event.turn_id);
  if (!turn) throw new OutOfStep("unknown turn");
  if (turn.battle_id !== event.battle_id) {
    const known = conversation.battles.find((battle) => battle.id === event.battle_id);
    if (known?.status === "redrawn") return conversation;
    throw new OutOfStep("the turn's battle is another");
  }
  const change = event.type === "delta" ? withDelta : withStatus;
  const responses = turn.responses.map((response) =>
    response.side === event.side ? change(response, event as DeltaEvent & ResponseEvent) : response,
  );
  return withTurn(conversation, { ...turn, responses });
}

/** A conversation in which `turn` takes the place of the one with its id, or is the newest. */
export function withTurn(conversation: Conversation, turn: Turn): Conversation {
  return { ...conversation, turns: put(conversation.turns, turn) };
}

/** The same for a battle. */
export function withBattle(conversation: Conversation, battle: Battle): Conversation {
  return { ...conversation, battles: put(conversation.battles, battle) };
}

function put<Item extends { id: string }>(items: Item[], item: Item): Item[] {
  return items.some(({ id }) => id === item.id)
    ? items.map((known) => (known.id === item.id ? item : known))
    : [...items, item];
}

function withDelta(response: Response, event: DeltaEvent): Response {
  if (event.attempt < response.attempt) return response;
  const parts = event.attempt > response.attempt ? [] : response.parts;
  const known = parts.find((part) => part.index === event.part);
  const text = replaceFrom(known?.text ?? "", event.offset, event.text);
  if (text === null) throw new OutOfStep("a delta is missing");
  const part = { index: event.part, kind: event.kind, text };
  const begun = event.attempt > response.attempt || response.status === "queued";
  return {
    ...response,
    attempt: event.attempt,
    status: begun ? "streaming" : response.status,
    error: begun ? null : response.error,
    parts: [...parts.filter(({ index }) => index !== event.part), part].sort((x, y) => x.index - y.index),
  };
}

function withStatus(response: Response, event: ResponseEvent): Response {
  const attempt = event.attempt ?? response.attempt;
  if (attempt < response.attempt) return response;
  return {
    ...response,
    attempt,
    parts: attempt > response.attempt ? [] : response.parts,
    status: event.status,
    error: event.error ?? null,
    finish_reason: event.finish_reason ?? null,
  };
}

function applyBattle(conversation: Conversation, event: BattleEvent): Conversation {
  const known = conversation.battles.find((battle) => battle.id === event.id);
  if (!known) {
    if (!event.commitments) throw new OutOfStep("unknown battle");
    return withBattle(conversation, {
      id: event.id,
      mode: conversation.mode,
      status: event.status,
      commitments: event.commitments,
      redrawn_to: null,
      carried: null,
      // After a redraw it is as it was; what is new the question's answer has said.
      instead_because:
        conversation.battles.find(({ redrawn_to }) => redrawn_to === event.id)?.instead_because ?? null,
      vote: null,
      final_at: null,
      reveal: null,
    });
  }
  if ((event.status === "voted" || event.status === "revealed") && !known.reveal) {
    throw new OutOfStep("voted elsewhere");
  }
  const next = withBattle(conversation, {
    ...known,
    status: event.status,
    redrawn_to: event.redrawn_to ?? known.redrawn_to,
    in_line: event.in_line ?? false,
  });
  return event.status === "redrawn" && event.redrawn_to
    ? moveTurn(next, event.turn_id, event.redrawn_to)
    : next;
}

/** The turn goes on in a new battle: the healthy answer stays, the failed side waits for its new opponent. */
function moveTurn(conversation: Conversation, turnId: string, battleId: string): Conversation {
  const turn = conversation.turns.find(({ id }) => id === turnId);
  if (!turn) throw new OutOfStep("unknown turn");
  const responses = turn.responses.map(
    (response): Response =>
      response.status === "failed"
        ? { ...response, status: "queued", error: null, finish_reason: null, parts: [] }
        : response,
  );
  return withTurn(conversation, { ...turn, battle_id: battleId, responses });
}
