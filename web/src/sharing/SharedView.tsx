import { useTranslation } from "react-i18next";
import { regional } from "../i18n/language";
import { TopBar } from "../shell/TopBar";
import { Button } from "../ui/Button";
import type { Shared } from "./endpoints";
import { endsBattle, questionOf } from "./model";
import { SharedTurnView } from "./SharedTurnView";
import { useAskYourself } from "./useAskYourself";

interface SharedViewProps {
  shared: Shared;
}

/** A shared chat or battle, to be read. */
export function SharedView({ shared }: SharedViewProps) {
  const { t, i18n } = useTranslation("sharing");
  const askYourself = useAskYourself(shared.arena);
  const date = new Date(shared.shared_on).toLocaleDateString(regional(i18n.language), {
    dateStyle: "long",
    timeZone: "UTC",
  });
  const notes = [
    !shared.with_names && t("page.noNames"),
    shared.earlier && t("page.earlier"),
    shared.left_out > 0 && t("leftOut", { count: shared.left_out }),
  ].filter(Boolean);
  const [first] = shared.turns;
  return (
    <>
      <TopBar>
        <p className="truncate text-15 text-soft">
          {t(shared.one_battle ? "page.battle" : "page.conversation")}
          <span aria-hidden="true"> · </span>
          {t("page.on", { date })}
        </p>
        <span className="flex-1" />
      </TopBar>
      <div className="mx-auto w-full max-w-[88rem] px-4 pt-6 pb-16 md:px-6" data-testid="shared">
        <h1 className="sr-only">{shared.title}</h1>
        {notes.length > 0 && (
          <ul className="mb-5 space-y-0.5 text-13 text-soft" data-testid="shared-notes">
            {notes.map((note) => (
              <li key={String(note)}>{note}</li>
            ))}
          </ul>
        )}
        {shared.turns.map((turn, index) => {
          const battle = shared.battles[turn.battle];
          return (
            battle && (
              <SharedTurnView
                // biome-ignore lint/suspicious/noArrayIndexKey: what is shared never changes.
                key={index}
                turn={turn}
                battle={battle}
                last={endsBattle(shared, index)}
              />
            )
          );
        })}
        {first && (
          <div className="flex justify-center pt-2">
            <Button
              kind="main"
              className="min-h-11 px-5"
              data-testid="ask-yourself"
              onClick={() => askYourself(questionOf(first))}
            >
              {t("page.askYourself")}
            </Button>
          </div>
        )}
      </div>
    </>
  );
}
