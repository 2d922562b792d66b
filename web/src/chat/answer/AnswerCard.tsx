import { lazy, type ReactNode, type RefObject, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Response } from "../../api/types";
import { classes } from "../../ui/classes";
import { Fetched } from "../../ui/Fetched";
import { IconButton } from "../../ui/IconButton";
import { useCopy } from "../../ui/useCopy";
import { isLive, textOf } from "../model/turnState";
import { AnswerBody } from "./AnswerBody";
import { AnswerState } from "./AnswerState";
import { useStickToEnd } from "./useStickToEnd";

const ReadAloud = lazy(() => import("../../aloud/ReadAloud"));

interface AnswerCardProps {
  response: Response;
  /** Who answers: a letter, or a name. */
  head: ReactNode;
  label: string;
  scroller: RefObject<HTMLDivElement | null>;
  expanded: boolean;
  /** Not given where the card is as long as its text anyway. */
  onExpand?: () => void;
  onRetry?: () => void;
  chosen?: boolean;
  /** The head has names and figures, which take room from the body. */
  revealed?: boolean;
  className?: string;
}

/** One side's answer: the same head, body and actions in the same places for either. */
export function AnswerCard(props: AnswerCardProps) {
  const { t } = useTranslation();
  const { said, icon, copy } = useCopy();
  const { response, expanded } = props;
  const content = useRef<HTMLDivElement>(null);
  useStickToEnd(props.scroller, content, isLive(response));
  const text = textOf(response, "text");
  return (
    <article
      aria-label={props.label}
      aria-busy={isLive(response)}
      data-testid={`answer-${response.side}`}
      data-status={response.status}
      className={classes(
        // Heads, bodies and feet share the rows of the pair, so that both answers start at the same height.
        "row-span-3 grid min-w-0 grid-rows-subgrid rounded-card border bg-raised shadow-soft",
        props.chosen ? (response.side === "a" ? "border-clay" : "border-sea") : "border-line",
        props.className,
      )}
    >
      <div className="border-b border-line px-4 py-2.5">{props.head}</div>
      <div
        ref={props.scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above.
        tabIndex={0}
        className={classes(
          "min-h-28 overflow-y-auto px-4 py-4",
          !expanded &&
            (props.revealed
              ? "md:max-h-[max(14rem,calc(100dvh-32rem))]"
              : "md:max-h-[max(14rem,calc(100dvh-29rem))]"),
        )}
      >
        <div ref={content}>
          <AnswerBody response={response} onRetry={props.onRetry} />
        </div>
      </div>
      <div className="flex min-h-10 flex-wrap items-center gap-x-1 border-t border-line py-0.5 pr-4 pl-2">
        <IconButton
          worded
          icon={icon}
          label={said ?? t("answer.copy")}
          data-testid="copy-answer"
          disabled={!text}
          onClick={() => copy(text)}
        />
        {"speechSynthesis" in window && (
          <Fetched instead={null}>
            <ReadAloud answer={content} text={text} live={isLive(response)} />
          </Fetched>
        )}
        {props.onExpand && (
          <IconButton
            worded
            className="max-md:hidden"
            icon={expanded ? "shrink" : "expand"}
            label={expanded ? t("answer.shrink") : t("answer.expand")}
            onClick={props.onExpand}
          />
        )}
        <span className="ml-auto">
          <AnswerState response={response} />
        </span>
      </div>
    </article>
  );
}
