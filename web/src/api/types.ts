/** What goes over the wire, by the names of the server's schemas. */

export type Mode = "battle" | "side_by_side" | "direct";
export type SideName = "a" | "b";
export type Choice = "a" | "b" | "tie" | "both_bad";
export type Notice = "no_contestants" | "one_contestant" | "demo_models" | "paused";
export type PartKind = "text" | "reasoning";
export type ResponseStatus = "queued" | "streaming" | "done" | "failed" | "stopped";
export type FinishReason = "stop" | "length";
export type BattleStatus =
  | "drawn"
  | "running"
  | "ready"
  | "voted"
  | "revealed"
  | "failed"
  | "redrawn"
  | "skipped"
  | "abandoned";

export interface Price {
  /** USD per million tokens. */
  input: number;
  output: number;
}

export interface Arena {
  slug: string;
  name: Record<string, string>;
  modes: Mode[];
  max_prompt_characters: number;
}

export interface Instance {
  name: string;
  version: string;
  terms: { version: string };
  arenas: Arena[];
  notices: Notice[];
}

export interface Contestant {
  slug: string;
  name: string;
  organization: string | null;
  license: string | null;
  arenas: string[];
  price: Price | null;
  context: number | null;
  demo: boolean;
}

export interface ConversationSummary {
  id: string;
  title: string;
  arena: string;
  mode: Mode;
  created_at: string;
  updated_at: string;
}

export interface History {
  items: ConversationSummary[];
  more: boolean;
}

export interface TextPart {
  type: "text";
  text: string;
}

export interface ResponsePart {
  index: number;
  kind: PartKind;
  text: string;
}

export interface Response {
  side: SideName;
  status: ResponseStatus;
  finish_reason: FinishReason | null;
  error: string | null;
  attempt: number;
  parts: ResponsePart[];
}

export interface Turn {
  id: string;
  parent_id: string | null;
  battle_id: string;
  created_at: string;
  parts: TextPart[];
  responses: Response[];
}

export interface Commitments {
  a: string;
  b: string | null;
}

export interface Statistics {
  input_tokens: number | null;
  output_tokens: number | null;
  reasoning_tokens: number | null;
  first_token_ms: number | null;
  duration_ms: number | null;
  tokens_per_second: number | null;
  cost_usd: number | null;
}

export interface RevealedSide {
  slug: string;
  name: string;
  organization: string | null;
  license: string | null;
  demo: boolean;
  price: Price | null;
  context: number | null;
  configuration: string;
  commitment: string;
  salt: string;
  statistics: Statistics;
}

export interface Reveal {
  a: RevealedSide;
  b: RevealedSide | null;
}

export interface Vote {
  id: string;
  choice: Choice;
  counted: boolean;
  reason: string | null;
  cast_at: string;
}

export interface Carried {
  side: SideName;
  by: "choice" | "draw" | "only_answer";
}

export interface Battle {
  id: string;
  mode: Mode;
  status: BattleStatus;
  commitments: Commitments;
  redrawn_to: string | null;
  carried: Carried | null;
  vote: Vote | null;
  reveal: Reveal | null;
}

export interface Conversation {
  id: string;
  arena: string;
  mode: Mode;
  title: string;
  terms_version: string;
  created_at: string;
  contestants: { slug: string; name: string; organization: string | null }[];
  turns: Turn[];
  battles: Battle[];
}

export interface TurnCreated {
  id: string;
  battle_id: string;
  commitments: Commitments;
  turn: Turn;
  battle: Battle;
}

export interface VoteCast {
  vote: Vote;
  reveal: Reveal;
  carried: Carried | null;
}

export interface Guest {
  id: string;
  kind: string;
  turns_per_hour: number;
  turns_left: number;
  turns_at_once: number;
}
