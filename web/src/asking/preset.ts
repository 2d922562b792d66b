import type { components } from "../api/schema";
import { choose, readChoice, useChoice } from "../app/chosen";

export type Preset = Required<components["schemas"]["Preset"]>;

const presetOf = (kept: string | null): Preset | undefined => JSON.parse(kept ?? "null") ?? undefined;

/** What is wanted of every answer; nothing while all is as usual. */
export const readPreset = (): Preset | undefined => presetOf(readChoice("preset"));

/** The same, anew whenever it changes. */
export const usePreset = (): Preset | undefined => presetOf(useChoice("preset"));

export const writePreset = (preset: Preset | undefined): void =>
  choose("preset", preset ? JSON.stringify(preset) : null);
