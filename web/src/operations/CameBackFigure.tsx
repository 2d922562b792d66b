import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { FigureTable } from "../boards/plot/FigureTable";
import { PlotFigure } from "../boards/plot/PlotFigure";
import { Segments } from "../ui/Segments";
import { useFigureFormat } from "./format";
import { drawCameBack, type Known } from "./plot/drawCameBack";
import type { CameBack, Cohort, Retention } from "./queries";

const AFTER = ["1", "7", "30"] as const;
type After = (typeof AFTER)[number];

const after = (cohort: Cohort | undefined, days: After): CameBack | undefined =>
  cohort?.came_back.find((one) => one.days === Number(days));

type Told = CameBack & Record<"of" | "people" | "share" | "lower" | "upper", number>;

const isTold = (one: CameBack | undefined): one is Told => one?.state === "known";

/** How many of those who first voted in a week came back after so many days. */
export function CameBackFigure({ found, foot }: { found: Retention; foot: string }) {
  const { t } = useTranslation("operations");
  const format = useFigureFormat();
  const [days, setDays] = useState<After>("1");
  const all = found.cohorts.find(({ week }) => week === null);
  const ofAll = after(all, days);
  const weeks = useMemo(
    () =>
      found.cohorts.flatMap((cohort): Known[] => {
        const told = after(cohort, days);
        if (cohort.week === null || !isTold(told)) return [];
        const { share, lower, upper, people, of } = told;
        const values = { people: format.count(people), of: format.count(of) };
        const describe = `${format.date(cohort.week)}\n${t("cameBack.some", values)}`;
        return [{ week: cohort.week, share, lower, upper, describe }];
      }),
    [found.cohorts, days, format, t],
  );
  const draw = useMemo(
    () =>
      weeks.length === 0
        ? null
        : drawCameBack(weeks, isTold(ofAll) ? ofAll.share : null, t("cameBack.axis"), format),
    [weeks, ofAll, t, format],
  );
  const title = isTold(ofAll)
    ? t(`cameBack.title.${days}`, {
        count: ofAll.of,
        share: format.percent(ofAll.share),
        interval: format.interval(ofAll.lower, ofAll.upper),
      })
    : t(ofAll?.state === "not_yet" ? "cameBack.notYet" : "cameBack.few", { days });
  const told = (one: CameBack | undefined) => {
    if (!isTold(one)) return t(one?.state === "not_yet" ? "notYet" : "few");
    return `${format.percent(one.share)} (${format.interval(one.lower, one.upper)})`;
  };
  return (
    <PlotFigure
      testId="came-back"
      name={`came-back-${days}`}
      title={title}
      how={t("cameBack.how", { smallest: found.smallest })}
      foot={foot}
      draw={draw}
      table={
        <FigureTable
          caption={t("cameBack.caption")}
          head={[t("cameBack.week"), t("people"), ...AFTER.map((each) => t(`cameBack.after.${each}`))]}
          rows={found.cohorts.map((cohort) => [
            cohort.week === null ? t("cameBack.all") : format.short(cohort.week),
            format.count(cohort.people),
            ...AFTER.map((each) => told(after(cohort, each))),
          ])}
        />
      }
    >
      <div className="mt-2">
        <Segments
          testId="came-back-after"
          label={t("cameBack.choose")}
          value={days}
          options={AFTER.map((value) => ({ value, name: t(`cameBack.after.${value}`) }))}
          onChange={setDays}
        />
      </div>
    </PlotFigure>
  );
}
