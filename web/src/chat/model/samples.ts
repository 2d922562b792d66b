import type { Battle, Conversation, Response, SideName, Turn } from "../../api/types";

/** Small made-up conversations for tests. */
export const response = (side: SideName, fields: Partial<Response> = {}): Response => ({
  side,
  status: "queued",
  finish_reason: null,
  error: null,
  attempt: 1,
  parts: [],
  ...fields,
});

export const turn = (fields: Partial<Turn> = {}): Turn => ({
  id: "turn-1",
  parent_id: null,
  battle_id: "battle-1",
  created_at: "2026-11-01T10:00:00Z",
  parts: [{ type: "text", text: "Why?" }],
  preset: null,
  responses: [response("a"), response("b")],
  ...fields,
});

export const battle = (fields: Partial<Battle> = {}): Battle => ({
  id: "battle-1",
  mode: "battle",
  status: "running",
  commitments: { a: "aa", b: "bb" },
  redrawn_to: null,
  carried: null,
  instead_because: null,
  vote: null,
  final_at: null,
  reveal: null,
  ...fields,
});

export const conversation = (fields: Partial<Conversation> = {}): Conversation => ({
  id: "conversation-1",
  arena: "text",
  mode: "battle",
  title: "Why?",
  voted: false,
  pinned: false,
  archived: false,
  folder_id: null,
  left_out: false,
  topics: [],
  terms_version: "2026-11-1",
  created_at: "2026-11-01T10:00:00Z",
  updated_at: "2026-11-01T10:00:00Z",
  contestants: [],
  retired: [],
  place: null,
  turns: [turn()],
  battles: [battle()],
  ...fields,
});
