import { answerOf, api } from "../api/client";
import type { components, paths } from "../api/schema";

type Schemas = components["schemas"];

export type NewShare = Schemas["ShareRequest"];
export type Share = Schemas["Share"];
export type Shared = Schemas["SharedConversation"];
export type SharedTurn = Shared["turns"][number];
export type SharedBattle = Shared["battles"][number];
export type Shape = NonNullable<
  NonNullable<paths["/api/v1/battles/{battle_id}/card.png"]["get"]["parameters"]["query"]>["shape"]
>;

/** What is to be shared: a chat up to a turn, or one of its battles. */
export type Sharable = { conversation_id: string; end_id?: string } | { battle_id: string };

export const makeShare = (body: NewShare) => answerOf(api.POST("/api/v1/shares", { body }));

/** One's own links to something; all, where nothing is named. */
export const getShares = async (what?: Sharable) => {
  const query =
    what && ("battle_id" in what ? { battle: what.battle_id } : { conversation: what.conversation_id });
  return (await answerOf(api.GET("/api/v1/shares", { params: { query } }))).items;
};

export const revokeShare = (token: string) =>
  answerOf(api.DELETE("/api/v1/shares/{token}", { params: { path: { token } } }));

/** What a link shows, to anybody. */
export const getShared = (token: string) =>
  answerOf(api.GET("/api/v1/shares/{token}", { params: { path: { token } } }));

/** Where the picture of one's own battle is. */
export const cardUrl = (battle_id: string, names: boolean, shape: Shape, language: string) =>
  `/api/v1/battles/${battle_id}/card.png?${new URLSearchParams({ names: String(names), shape, language })}`;
