import { useTranslation } from "react-i18next";
import { useSwitch } from "../app/useSwitch";
import { SwitchRow } from "../ui/SwitchRow";

/** What of all this one likes to see. */
export function Preferences() {
  const { t } = useTranslation("mine");
  const [guess, setGuess] = useSwitch("guess", false);
  const [since, setSince] = useSwitch("since", true);
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
          onChange={setGuess}
        />
        <SwitchRow
          testId="switch-since"
          label={t("preferences.since")}
          note={t("preferences.sinceNote")}
          on={since}
          onChange={setSince}
        />
      </div>
    </section>
  );
}
