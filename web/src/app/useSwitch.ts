import { type Choice, choose, useChoice } from "./chosen";

/** A switch that is remembered. */
export function useSwitch(choice: Choice, initially: boolean): [boolean, (on: boolean) => void] {
  const kept = useChoice(choice);
  return [kept === null ? initially : kept === "1", (next) => choose(choice, next ? "1" : "0")];
}
