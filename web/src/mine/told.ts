import { readSetting, writeSetting } from "../app/settings";

const TOLD = "since.told";

/** Whether this visit's news were not told yet in this browser; by when the reader left, which names the visit. */
export const isToTell = (leftAt: string): boolean => readSetting(TOLD) !== leftAt;

export const noteTold = (leftAt: string): void => writeSetting(TOLD, leftAt);
