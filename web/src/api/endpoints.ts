import { answerOf, api } from "./client";
import type { components } from "./schema";
import type { Choice } from "./types";

export type NewConversation = components["schemas"]["ConversationRequest"];
export type NewTurn = components["schemas"]["TurnRequest"];

export const getInstance = () => answerOf(api.GET("/api/v1/instance"));

export const getMe = () => answerOf(api.GET("/api/v1/me"));

export const getContestants = async () => (await answerOf(api.GET("/api/v1/contestants"))).contestants;

export const getHistory = (query: string, before: string | null) =>
  answerOf(api.GET("/api/v1/conversations", { params: { query: { query, before, limit: 30 } } }));

export const createConversation = (body: NewConversation) =>
  answerOf(api.POST("/api/v1/conversations", { body }));

export const getConversation = (conversation_id: string) =>
  answerOf(api.GET("/api/v1/conversations/{conversation_id}", { params: { path: { conversation_id } } }));

export const createTurn = (conversation_id: string, body: NewTurn) =>
  answerOf(
    api.POST("/api/v1/conversations/{conversation_id}/turns", {
      params: { path: { conversation_id } },
      body,
    }),
  );

export const stopTurn = (turn_id: string) =>
  answerOf(api.POST("/api/v1/turns/{turn_id}/stop", { params: { path: { turn_id } } }));

export const retryTurn = (turn_id: string) =>
  answerOf(api.POST("/api/v1/turns/{turn_id}/retry", { params: { path: { turn_id } } }));

/** `keepalive`: a vote that is still held when the page closes is sent on the way out. */
export const castVote = (battle_id: string, choice: Choice) =>
  answerOf(
    api.POST("/api/v1/battles/{battle_id}/vote", {
      params: { path: { battle_id } },
      body: { choice },
      keepalive: true,
    }),
  );

/** Where a conversation's event stream is. */
export const eventsUrl = (conversation: string) => `/api/v1/conversations/${conversation}/events`;
