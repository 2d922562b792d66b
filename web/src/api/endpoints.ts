import { request } from "./http";
import type {
  Choice,
  Contestant,
  Conversation,
  Guest,
  History,
  Instance,
  Mode,
  TextPart,
  Turn,
  TurnCreated,
  VoteCast,
} from "./types";

export interface NewConversation {
  arena: string;
  mode: Mode;
  contestants?: string[];
  terms_version?: string;
}

export interface NewTurn {
  parts: TextPart[];
  client_nonce?: string;
  parent_id?: string | null;
  new_pair?: boolean;
}

export const getInstance = () => request<Instance>("GET", "/instance");
export const getMe = () => request<Guest>("GET", "/me");
export const getContestants = async () =>
  (await request<{ contestants: Contestant[] }>("GET", "/contestants")).contestants;

export function getHistory(query: string, before: string | null): Promise<History> {
  const parameters = new URLSearchParams({ limit: "30" });
  if (query) parameters.set("query", query);
  if (before) parameters.set("before", before);
  return request("GET", `/conversations?${parameters}`);
}

export const createConversation = (body: NewConversation) =>
  request<Conversation>("POST", "/conversations", body);
export const getConversation = (id: string) => request<Conversation>("GET", `/conversations/${id}`);
export const createTurn = (conversation: string, body: NewTurn) =>
  request<TurnCreated>("POST", `/conversations/${conversation}/turns`, body);
export const stopTurn = (turn: string) => request<Turn>("POST", `/turns/${turn}/stop`);
export const retryTurn = (turn: string) => request<Turn>("POST", `/turns/${turn}/retry`);
export const castVote = (battle: string, choice: Choice) =>
  request<VoteCast>("POST", `/battles/${battle}/vote`, { choice });

/** Where a conversation's event stream is. */
export const eventsUrl = (conversation: string) => `/api/v1/conversations/${conversation}/events`;
