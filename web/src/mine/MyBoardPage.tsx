import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useInstance } from "../app/queries";
import { useTitle } from "../app/useTitle";
import { useFormat } from "../boards/format";
import { pause } from "../i18n/language";
import { TopBar } from "../shell/TopBar";
import { ChoiceMenu } from "../ui/ChoiceMenu";
import { LINK } from "../ui/link";
import { Notice } from "../ui/Notice";
import { useProblemText } from "../ui/useProblemText";
import { Disagreements } from "./Disagreements";
import { OwnTable } from "./OwnTable";
import { Preferences } from "./Preferences";
import { type MyBoard, myBoardQuery } from "./queries";
import { useArenaName } from "./useArenaName";

/** The models as they stand by one's own votes, beside the arena's board. */
export function MyBoardPage() {
  const { t } = useTranslation("mine");
  const problemText = useProblemText();
  useTitle(t("board.title"));
  const { arena: asked } = useSearch({ strict: false }) as { arena?: unknown };
  const navigate = useNavigate();
  const nameOf = useArenaName();
  const { data: instance, error: unreachable } = useInstance();
  const arenas = instance?.arenas ?? [];
  const slug = (arenas.find((one) => one.slug === asked) ?? arenas[0])?.slug ?? "";
  const { data: mine, error } = useQuery({ ...myBoardQuery(slug), enabled: slug !== "" });
  const problem = mine ? null : (error ?? unreachable);
  return (
    <>
      <TopBar>
        {arenas.length > 1 && (
          <ChoiceMenu
            testId="my-arena"
            label={t("board.arena")}
            value={slug}
            options={arenas.map((one) => ({ value: one.slug, name: nameOf(one.slug) }))}
            onChange={(arena) => navigate({ to: "/my-board", search: { arena } as never })}
          />
        )}
      </TopBar>
      <div className="mx-auto w-full max-w-3xl space-y-8 px-4 pt-8 pb-20 md:px-6">
        <header>
          <h1 className="font-serif text-30 font-semibold tracking-tight md:text-40">{t("board.title")}</h1>
          {mine && <Rests mine={mine} arena={nameOf(slug)} />}
        </header>
        {problem && (
          <Notice tone="wrong" live testId="problem">
            <p>{problemText(problem)}</p>
          </Notice>
        )}
        {!mine && !problem && (
          <p role="status" className="text-soft">
            {t("board.loading")}
          </p>
        )}
        {mine && mine.board.rows.length > 0 && (
          <>
            <div>
              <OwnTable mine={mine} />
              <details className="mt-3 text-soft">
                <summary className="cursor-pointer text-13 font-medium underline-offset-4 hover:underline">
                  {t("board.how")}
                </summary>
                <p className="mt-1 text-13">{t("board.howText")}</p>
              </details>
            </div>
            <Disagreements mine={mine} />
          </>
        )}
        {mine && mine.guesses.sides > 0 && <Record guesses={mine.guesses} />}
        <Preferences />
      </div>
    </>
  );
}

/** What the board rests on. */
function Rests({ mine, arena }: { mine: MyBoard; arena: string }) {
  const { t, i18n } = useTranslation("mine");
  const { board } = mine;
  if (board.rows.length === 0) {
    return (
      <p className="mt-2 text-soft" data-testid="my-board-empty">
        {t("board.empty")}
        {pause(i18n.language)}
        <Link to="/" search={{ arena: board.slug }} className={LINK}>
          {t("board.vote")}
        </Link>
      </p>
    );
  }
  const uncounted = board.votes - mine.counted;
  return (
    <div className="mt-2 space-y-1 text-soft" data-testid="my-board-rests">
      <p>{t("board.rests", { count: board.votes, arena })}</p>
      {uncounted > 0 && <p>{t("board.uncounted", { count: uncounted })}</p>}
      {board.status === "preliminary" && <p className="text-ink">{t("board.few")}</p>}
      {!board.connected && <p className="text-ink">{t("board.islands")}</p>}
    </div>
  );
}

/** How often one guessed rightly, beside what chance would have done. */
function Record({ guesses }: { guesses: MyBoard["guesses"] }) {
  const { t } = useTranslation("mine");
  const format = useFormat();
  return (
    <section aria-labelledby="guesses" data-testid="guesses">
      <h2 id="guesses" className="font-serif text-22">
        {t("guesses.title")}
      </h2>
      <p className="mt-2 tabular-nums">
        {t("guesses.record", {
          count: guesses.sides,
          right: format.count(guesses.right),
          chance: format.price(guesses.by_chance),
        })}
      </p>
    </section>
  );
}
