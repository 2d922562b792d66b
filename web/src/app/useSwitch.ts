import { useState } from "react";
import { readSetting, writeSetting } from "./settings";

/** A switch that this browser remembers. */
export function useSwitch(name: string, initially: boolean): [boolean, (on: boolean) => void] {
  const [on, setOn] = useState(() => {
    const stored = readSetting(name);
    return stored === null ? initially : stored === "1";
  });
  const change = (next: boolean) => {
    setOn(next);
    writeSetting(name, next ? "1" : "0");
  };
  return [on, change];
}
