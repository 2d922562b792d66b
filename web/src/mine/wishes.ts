import { readSetting, writeSetting } from "../app/settings";

/** What the reader set in this browser, by the name under which it is kept. */
export const GUESS = "guess";
export const SINCE = "since";

const TOLD = "since.told";

/** Whether this visit's news are still to be told; by when the reader left, which names the visit. */
export const isToTell = (leftAt: string): boolean =>
  readSetting(SINCE) !== "0" && readSetting(TOLD) !== leftAt;

export const noteTold = (leftAt: string): void => writeSetting(TOLD, leftAt);
