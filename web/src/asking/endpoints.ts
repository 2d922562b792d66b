// Beside the page's other endpoints, so that the first page need not fetch them.
import { answerOf, api } from "../api/client";
import type { components } from "../api/schema";
import type { Language } from "../i18n/language";

export type SavedPrompt = components["schemas"]["Prompt"];
export type PromptDraft = components["schemas"]["PromptRequest"];
export type PromptChange = components["schemas"]["PromptChange"];
export type Wording = components["schemas"]["Wording"];

export const getSuggestions = (slug: string, language: Language) =>
  answerOf(api.GET("/api/v1/arenas/{slug}/suggestions", { params: { path: { slug }, query: { language } } }));

/** The words in which both sides are told of a preset, the newest last. */
export const getWordings = async () => (await answerOf(api.GET("/api/v1/presets"))).wordings;

export const getPrompts = async () => (await answerOf(api.GET("/api/v1/prompts"))).items;

/** A prompt with the same key is saved once, however often it is sent. */
export const savePrompt = (body: PromptDraft, key: string) =>
  answerOf(api.POST("/api/v1/prompts", { params: { header: { "idempotency-key": key } }, body }));

export const changePrompt = (prompt_id: string, body: PromptChange) =>
  answerOf(
    api.PATCH("/api/v1/prompts/{prompt_id}", { params: { path: { prompt_id } }, body, keepalive: true }),
  );

export const deletePrompt = (prompt_id: string) =>
  answerOf(api.DELETE("/api/v1/prompts/{prompt_id}", { params: { path: { prompt_id } } }));
