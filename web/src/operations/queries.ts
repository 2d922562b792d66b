import { queryOptions } from "@tanstack/react-query";
import { answerOf, api } from "../api/client";
import type { components } from "../api/schema";

type Schemas = components["schemas"];

export type Retention = Schemas["Retention"];
export type VotersUpTo = Schemas["VotersUpTo"];
export type Voters = Schemas["Voters"];
export type Cohort = Schemas["Cohort"];
export type CameBack = Schemas["CameBack"];
export type Funnel = Schemas["Funnel"];
export type VotesPerVoter = Schemas["VotesPerVoter"];

/** What is told changes once a day, but for who opts out. */
export const retentionQuery = (days: number) =>
  queryOptions({
    queryKey: ["retention", days],
    queryFn: () => answerOf(api.GET("/api/v1/operations/retention", { params: { query: { days } } })),
  });
