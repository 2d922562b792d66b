import type {
  BattleStatus,
  Commitments,
  FinishReason,
  PartKind,
  ResponseStatus,
  SideName,
} from "../../api/types";

export interface DeltaEvent {
  type: "delta";
  battle_id: string;
  turn_id: string;
  side: SideName;
  attempt: number;
  part: number;
  kind: PartKind;
  /** In code points, from the part's beginning. */
  offset: number;
  text: string;
}

export interface ResponseEvent {
  type: "response";
  battle_id: string;
  turn_id: string;
  side: SideName;
  attempt: number;
  status: ResponseStatus;
  error?: string | null;
  finish_reason?: FinishReason | null;
}

export interface BattleEvent {
  type: "battle";
  id: string;
  turn_id: string;
  status: BattleStatus;
  redrawn_to?: string | null;
  commitments?: Commitments | null;
  /** The turn waits for its calls to begin; an event without it says that it does not. */
  in_line?: boolean;
}

export type StreamEvent = DeltaEvent | ResponseEvent | BattleEvent;

export const STREAM_EVENT_TYPES = ["delta", "response", "battle"] as const;
