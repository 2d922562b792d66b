import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";
import { useInstance } from "../app/queries";
import { useTitle } from "../app/useTitle";
import { pause } from "../i18n/language";
import { TopBar } from "../shell/TopBar";
import { ChoiceMenu } from "../ui/ChoiceMenu";
import { Notice } from "../ui/Notice";
import { useProblemText } from "../ui/useProblemText";
import { CameBackFigure } from "./CameBackFigure";
import { FunnelFigure } from "./FunnelFigure";
import { useFigureFormat } from "./format";
import { retentionQuery } from "./queries";
import { VotersFigure } from "./VotersFigure";
import { VotesFigure } from "./VotesFigure";

const WINDOWS = [30, 90, 365];
const USUAL = 90;

/** For those who look after the arena: how many vote, come back, and how far they come. */
export default function RetentionPage() {
  const { t, i18n } = useTranslation("operations");
  const format = useFigureFormat();
  const problemText = useProblemText();
  useTitle(t("title"));
  const { days = USUAL } = useSearch({ from: "/operations/retention" });
  const navigate = useNavigate();
  const { data: instance } = useInstance();
  const { data: found, error } = useQuery(retentionQuery(days));
  const windows = WINDOWS.includes(days) ? WINDOWS : [days, ...WINDOWS];
  const within = found && { since: format.date(found.since), until: format.date(found.until) };
  const foot = within ? t("foot", { ...within, name: instance?.name ?? "" }) : "";
  const isStranger = error instanceof Problem && error.document.code === "not_signed_in";
  return (
    <>
      <TopBar>
        <ChoiceMenu
          testId="retention-days"
          label={t("window")}
          value={`${days}`}
          options={windows.map((count) => ({ value: `${count}`, name: t("days", { count }) }))}
          onChange={(chosen) => navigate({ to: "/operations/retention", search: { days: Number(chosen) } })}
        />
      </TopBar>
      <div className="mx-auto w-full max-w-4xl space-y-10 px-4 pt-8 pb-20 md:px-6">
        <header>
          <h1 className="font-serif text-30 font-semibold tracking-tight md:text-40">{t("title")}</h1>
          {found && within && (
            <p className="mt-2 max-w-2xl text-soft text-pretty" data-testid="retention-rests">
              {t("rests", { ...within, smallest: found.smallest })}
            </p>
          )}
        </header>
        {error && !found && (
          <Notice tone="wrong" live testId="problem">
            <p>
              {isStranger ? t("signInFirst") : problemText(error)}
              {pause(i18n.language)}
              {isStranger && (
                <Link
                  to="/sign-in"
                  search={{ next: "/operations/retention" }}
                  className="font-medium underline underline-offset-4"
                >
                  {t("signIn")}
                </Link>
              )}
            </p>
          </Notice>
        )}
        {!error && !found && (
          <p role="status" className="text-soft">
            {t("loading")}
          </p>
        )}
        {found && (
          <>
            <VotersFigure found={found} foot={foot} />
            <CameBackFigure found={found} foot={foot} />
            <FunnelFigure found={found} foot={foot} />
            <VotesFigure found={found} foot={foot} />
          </>
        )}
      </div>
    </>
  );
}
