import { answerOf, api } from "./client";
import type { components, paths } from "./schema";
import type { Choice } from "./types";

export type NewConversation = components["schemas"]["ConversationRequest"];
export type NewTurn = components["schemas"]["TurnRequest"];

export const getInstance = () => answerOf(api.GET("/api/v1/instance"));

export const getMe = () => answerOf(api.GET("/api/v1/me"));

/** The terms that hold, whole. */
export const getTerms = () => answerOf(api.GET("/api/v1/terms"));

/** What one agreed to, and whether one is left out of releases and of statistics. */
export const getConsent = () => answerOf(api.GET("/api/v1/consent"));

export type ConsentChange = components["schemas"]["ConsentChange"];

/** What is left out stays as it is. */
export const changeConsent = (body: ConsentChange) => answerOf(api.PATCH("/api/v1/consent", { body }));

export const getContestants = async () => (await answerOf(api.GET("/api/v1/contestants"))).contestants;

export type HistoryQuery = NonNullable<paths["/api/v1/conversations"]["get"]["parameters"]["query"]>;
export type ConversationChange = components["schemas"]["ConversationChange"];

export const getHistory = (query: HistoryQuery) =>
  answerOf(api.GET("/api/v1/conversations", { params: { query } }));

/** What is left out stays as it is. Also sent while the page is being left. */
export const changeConversation = (conversation_id: string, body: ConversationChange) =>
  answerOf(
    api.PATCH("/api/v1/conversations/{conversation_id}", {
      params: { path: { conversation_id } },
      body,
      keepalive: true,
    }),
  );

export const getFolders = async () => (await answerOf(api.GET("/api/v1/folders"))).items;

export const createFolder = (name: string) => answerOf(api.POST("/api/v1/folders", { body: { name } }));

export const renameFolder = (folder_id: string, name: string) =>
  answerOf(api.PATCH("/api/v1/folders/{folder_id}", { params: { path: { folder_id } }, body: { name } }));

export const deleteFolder = (folder_id: string) =>
  answerOf(api.DELETE("/api/v1/folders/{folder_id}", { params: { path: { folder_id } } }));

export const createConversation = (body: NewConversation) =>
  answerOf(api.POST("/api/v1/conversations", { body }));

export const getConversation = (conversation_id: string) =>
  answerOf(api.GET("/api/v1/conversations/{conversation_id}", { params: { path: { conversation_id } } }));

/** A question with the same key is asked once, however often it is sent. */
export const createTurn = (conversation_id: string, body: NewTurn, key: string) =>
  answerOf(
    api.POST("/api/v1/conversations/{conversation_id}/turns", {
      params: { path: { conversation_id }, header: { "idempotency-key": key } },
      body,
    }),
  );

export const stopTurn = (turn_id: string) =>
  answerOf(api.POST("/api/v1/turns/{turn_id}/stop", { params: { path: { turn_id } } }));

export const retryTurn = (turn_id: string) =>
  answerOf(api.POST("/api/v1/turns/{turn_id}/retry", { params: { path: { turn_id } } }));

/** A vote that can be taken back for `hold` seconds; the same vote again without it is final at once. */
export const castVote = (battle_id: string, choice: Choice, hold: number) =>
  answerOf(
    api.POST("/api/v1/battles/{battle_id}/vote", {
      params: { path: { battle_id } },
      body: { choice, hold },
      keepalive: true,
    }),
  );

export const takeBackVote = (battle_id: string) =>
  answerOf(api.DELETE("/api/v1/battles/{battle_id}/vote", { params: { path: { battle_id } } }));

export const getReveal = (battle_id: string) =>
  answerOf(api.GET("/api/v1/battles/{battle_id}/reveal", { params: { path: { battle_id } } }));

/** Has a link sent that signs one in; `next` is the page of ours to go on to. */
export const askForLink = (body: components["schemas"]["LinkRequest"]) =>
  answerOf(api.POST("/api/v1/sign-in/links", { body }));

/** Whom a link signs in. It can be used after that as before. */
export const getLink = (token: string) =>
  answerOf(api.GET("/api/v1/sign-in/link", { params: { header: { "sign-in-token": token } } }));

/** Uses a link up. With `bring` the chats of this browser's guest come along. */
export const signIn = (token: string, bring: boolean) =>
  answerOf(api.POST("/api/v1/sign-in", { body: { token, bring } }));

/** Where to go for signing in with a provider or, with `connect`, for adding it to one's account. */
export const goToProvider = (provider: string, body: components["schemas"]["ProviderRequest"]) =>
  answerOf(api.POST("/api/v1/sign-in/providers/{provider}", { params: { path: { provider } }, body }));

export const getIdentities = async () => (await answerOf(api.GET("/api/v1/identities"))).identities;

export const removeIdentity = (identity_id: string) =>
  answerOf(api.DELETE("/api/v1/identities/{identity_id}", { params: { path: { identity_id } } }));

export const getSessions = async () => (await answerOf(api.GET("/api/v1/sessions"))).sessions;

export const endSession = (session_id: string) =>
  answerOf(api.DELETE("/api/v1/sessions/{session_id}", { params: { path: { session_id } } }));

export const signOut = (everywhere: boolean) =>
  answerOf(api.POST("/api/v1/sign-out", { body: { everywhere } }));

export const getHoldings = () => answerOf(api.GET("/api/v1/holdings"));

export const deleteConversation = (conversation_id: string) =>
  answerOf(api.DELETE("/api/v1/conversations/{conversation_id}", { params: { path: { conversation_id } } }));

export const deleteConversations = () => answerOf(api.DELETE("/api/v1/conversations"));

export const deleteAccount = () => answerOf(api.DELETE("/api/v1/me"));

/** Where a conversation, or everything, is to be saved from. */
export const exportUrl = (format: "markdown" | "json", language: string, conversation?: string) =>
  `/api/v1${conversation ? `/conversations/${conversation}` : ""}/export?format=${format}&language=${language}`;

/** Where a conversation's event stream is. */
export const eventsUrl = (conversation: string) => `/api/v1/conversations/${conversation}/events`;
