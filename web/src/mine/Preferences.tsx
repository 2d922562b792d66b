import { useState } from "react";
import { useTranslation } from "react-i18next";
import { readSetting, writeSetting } from "../app/settings";
import { SwitchRow } from "../ui/SwitchRow";
import { GUESS, SINCE } from "./wishes";

/** What of all this one likes to see, in this browser. */
export function Preferences() {
  const { t } = useTranslation("mine");
  const [guess, setGuess] = useState(readSetting(GUESS) === "1");
  const [since, setSince] = useState(readSetting(SINCE) !== "0");
  const keep = (name: string, set: (on: boolean) => void) => (on: boolean) => {
    set(on);
    writeSetting(name, on ? "1" : "0");
  };
  return (
    <section aria-labelledby="preferences">
      <h2 id="preferences" className="font-serif text-22">
        {t("preferences.title")}
      </h2>
      <div className="mt-2 divide-y divide-line border-y border-line">
        <SwitchRow
          testId="switch-guess"
          label={t("preferences.guess")}
          note={t("preferences.guessNote")}
          on={guess}
          onChange={keep(GUESS, setGuess)}
        />
        <SwitchRow
          testId="switch-since"
          label={t("preferences.since")}
          note={t("preferences.sinceNote")}
          on={since}
          onChange={keep(SINCE, setSince)}
        />
      </div>
    </section>
  );
}
