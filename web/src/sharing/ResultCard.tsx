import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button";
import { classes } from "../ui/classes";
import { Notice } from "../ui/Notice";
import { useCopy } from "../ui/useCopy";
import { cardUrl, type Shape } from "./endpoints";
import { useCopyPicture } from "./useCopyPicture";
import { type Result, useResultWords } from "./useResultWords";

interface ResultCardProps {
  result: Result;
  names: boolean;
}

/** A battle's result as a picture, to show around: it needs no link. */
export function ResultCard({ result, names }: ResultCardProps) {
  const { t, i18n } = useTranslation("sharing");
  const [shape, setShape] = useState<Shape>("wide");
  const address = cardUrl(result.battle.id, names, shape, i18n.language === "zh" ? "zh" : "en");
  const [failed, setFailed] = useState<string | null>(null);
  const picture = useCopyPicture();
  const text = useCopy();
  const { outcome, line } = useResultWords(result, names);
  return (
    <section className="space-y-2" data-testid="result-card">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-15 font-semibold">{t("card.title")}</h2>
        <fieldset className="flex gap-1">
          <legend className="sr-only">{t("card.shape")}</legend>
          {(["wide", "square"] as const).map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === shape}
              data-testid={`shape-${one}`}
              onClick={() => setShape(one)}
              className={classes(
                "min-h-8 rounded-control border px-2.5 text-13",
                one === shape ? "border-line bg-raised" : "border-transparent text-soft hover:text-ink",
              )}
            >
              {t(`card.${one}`)}
            </button>
          ))}
        </fieldset>
      </div>
      {failed === address ? (
        <Notice tone="wrong" live testId="problem">
          <p>{t("card.failed")}</p>
        </Notice>
      ) : (
        <img
          key={address}
          src={address}
          alt={t("card.alt", { outcome })}
          width={shape === "wide" ? 1200 : 1080}
          height={shape === "wide" ? 630 : 1080}
          onError={() => setFailed(address)}
          className="h-auto w-full rounded-control border border-line bg-raised"
        />
      )}
      <div className="flex flex-wrap gap-2">
        <a
          href={address}
          download="evenhand.png"
          data-testid="download-card"
          className="inline-flex min-h-9 items-center rounded-control border border-line bg-raised px-3 text-15 font-medium hover:border-soft"
        >
          {t("card.download")}
        </a>
        {picture.copy && (
          <Button data-testid="copy-card" onClick={() => picture.copy?.(address)}>
            {picture.said ?? t("card.copy")}
          </Button>
        )}
        <Button data-testid="copy-text" onClick={() => text.copy(line)}>
          {text.said ?? t("card.text")}
        </Button>
      </div>
    </section>
  );
}
