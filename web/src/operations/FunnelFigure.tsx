import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { FigureTable } from "../boards/plot/FigureTable";
import { PlotFigure } from "../boards/plot/PlotFigure";
import { useFigureFormat } from "./format";
import { drawFunnel } from "./plot/drawFunnel";
import type { Retention } from "./queries";

const STEPS = ["asked", "answered", "voted", "again"] as const;

/** How far people come, from the first question to the second battle. */
export function FunnelFigure({ found, foot }: { found: Retention; foot: string }) {
  const { t } = useTranslation("operations");
  const format = useFigureFormat();
  const { funnel } = found;
  const steps = useMemo(
    () =>
      STEPS.map((step, index) => {
        const people = funnel[step];
        const before = funnel[STEPS[index - 1] ?? "asked"];
        const share = people !== null && before ? format.percent(people / before) : null;
        return { name: t(`funnel.steps.${step}`), people, share };
      }),
    [funnel, t, format],
  );
  const draw = useMemo(
    () =>
      drawFunnel(
        steps.map(({ name, people, share }, index) => ({
          name,
          people: people ?? 0,
          said:
            people === null
              ? t("few")
              : index === 0
                ? format.count(people)
                : t("funnel.said", { people: format.count(people), share: share ?? "–" }),
        })),
      ),
    [steps, t, format],
  );
  const title =
    funnel.again === null
      ? t("funnel.few", { count: funnel.asked })
      : t("funnel.title", {
          count: funnel.asked,
          voted: format.count(funnel.voted ?? 0),
          again: format.count(funnel.again),
        });
  return (
    <PlotFigure
      testId="funnel"
      name="funnel"
      title={title}
      how={t("funnel.how", { smallest: found.smallest })}
      foot={foot}
      draw={draw}
      table={
        <FigureTable
          caption={title}
          head={[t("funnel.step"), t("people"), t("funnel.share")]}
          rows={steps.map(({ name, people, share }, index) => [
            name,
            people === null ? t("few") : format.count(people),
            index === 0 ? "–" : (share ?? "–"),
          ])}
        />
      }
    />
  );
}
