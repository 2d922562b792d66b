import { queryOptions } from "@tanstack/react-query";
import { answerOf, api } from "../api/client";
import type { components } from "../api/schema";

type Schemas = components["schemas"];

export type MyBoard = Schemas["MyBoard"];
export type Disagreement = Schemas["Disagreement"];
export type SinceYouLeft = Schemas["SinceYouLeft"];
export type BoardNews = Schemas["BoardNews"];
export type GuessRequest = Schemas["GuessRequest"];

export const myBoardQuery = (slug: string) =>
  queryOptions({
    queryKey: ["my-board", slug],
    queryFn: () => answerOf(api.GET("/api/v1/boards/{slug}/mine", { params: { path: { slug } } })),
    staleTime: 0,
  });

/** What it tells stays as it was when the visit began. */
export const sinceQuery = queryOptions({
  queryKey: ["since-you-left"],
  queryFn: () => answerOf(api.GET("/api/v1/since-you-left")),
  staleTime: Number.POSITIVE_INFINITY,
});

/** What was guessed on a battle, for good. */
export const guessQuery = (battle_id: string) =>
  queryOptions({
    queryKey: ["guess", battle_id],
    queryFn: () =>
      answerOf(api.GET("/api/v1/battles/{battle_id}/guess", { params: { path: { battle_id } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const takeTime = (battle_id: string) =>
  answerOf(api.POST("/api/v1/battles/{battle_id}/guess/time", { params: { path: { battle_id } } }));

/** The same guess on a battle is sent once, however often it is tried. */
export const sendGuess = (battle_id: string, body: GuessRequest) =>
  answerOf(
    api.POST("/api/v1/battles/{battle_id}/guess", {
      params: { path: { battle_id }, header: { "idempotency-key": `guess-${battle_id}` } },
      body,
    }),
  );
