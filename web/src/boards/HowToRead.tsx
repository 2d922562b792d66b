import { useTranslation } from "react-i18next";
import { Icon } from "../ui/Icon";
import { useFormat } from "./format";
import { type Board, confidence } from "./model/board";

/** What each number means and how it was made, for whoever asks. */
export function HowToRead({ board }: { board: Board }) {
  const { t } = useTranslation("boards");
  const format = useFormat();
  const { method } = board;
  const values = { percent: confidence(board), anchor: format.points(method.anchor) };
  const terms = ["rating", "interval", "rank", "band", "expected", "preliminary"] as const;
  return (
    <details className="group mt-3 max-w-3xl">
      <summary className="inline-flex min-h-8 cursor-pointer list-none items-center gap-1.5 rounded-control text-sea underline-offset-4 hover:underline [&::-webkit-details-marker]:hidden">
        <Icon name="chevron" size={16} className="-rotate-90 transition-transform group-open:rotate-0" />
        {t("how.title")}
      </summary>
      <dl className="mt-2 mb-4 grid gap-x-6 gap-y-3 border-l-2 border-line ps-4 @2xl:grid-cols-[9rem_1fr]">
        {terms.map((term) => (
          <div key={term} className="contents">
            <dt className="font-medium">{t(`how.${term}.term`)}</dt>
            <dd className="-mt-3 text-soft @2xl:mt-0">{t(`how.${term}.text`, values)}</dd>
          </div>
        ))}
        <div className="contents">
          <dt className="font-medium">{t("how.method.term")}</dt>
          <dd className="-mt-3 text-soft @2xl:mt-0">
            {t("how.method.text")} {t(`how.method.${method.fit}`)}
            {board.kind === "live" && ` ${t("how.method.live")}`}
          </dd>
        </div>
      </dl>
    </details>
  );
}
