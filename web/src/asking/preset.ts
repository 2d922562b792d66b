import type { components } from "../api/schema";
import { readSetting, writeSetting } from "../app/settings";

export type Preset = Required<components["schemas"]["Preset"]>;

/** What is wanted of every answer, as this browser remembers it; nothing while all is as usual. */
export const readPreset = (): Preset | undefined => JSON.parse(readSetting("preset") ?? "null") ?? undefined;

export function writePreset(preset: Preset | undefined): void {
  writeSetting("preset", preset ? JSON.stringify(preset) : null);
}
