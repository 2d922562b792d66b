import { type KeyboardEvent, lazy, type Ref, Suspense, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useKeyOf } from "../../app/keys";
import { scarceOf, useMe } from "../../app/queries";
import { AskingTools, prepareTools } from "../../asking/AskingTools";
import { classes } from "../../ui/classes";
import { Icon } from "../../ui/Icon";
import { isComposing } from "../../ui/isComposing";
import { Notice } from "../../ui/Notice";
import { useProblemText } from "../../ui/useProblemText";
import { prepareAnswers } from "../markdown/AnswerText";
import { codePointLength } from "../model/codePoints";
import { TurnsLeft } from "./TurnsLeft";

const QuotaLeft = lazy(() => import("../../consent/QuotaLeft"));

const SHOW_COUNT_FROM = 0.8;

interface ComposerProps {
  text: string;
  onText: (text: string) => void;
  onSend: () => void;
  /** Gives up what is written; on Escape, which otherwise stops the answers. */
  onCancel?: () => void;
  /** Stops the answers; given while they are being written. */
  onStop?: () => void;
  sending: boolean;
  /** The page does not know yet what it needs for sending: the button is off, but Enter is told to `onSend`. */
  preparing?: boolean;
  /** Why one cannot send now, besides what is written. */
  blocked?: string;
  error: unknown;
  limit: number;
  placeholder: string;
  large?: boolean;
  inputRef?: Ref<HTMLTextAreaElement>;
}

/** The input: Enter sends, Shift+Enter begins a line, / in an empty one shows one's prompts. */
export function Composer(props: ComposerProps) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const hint = useId();
  const keyOf = useKeyOf();
  const [slash, setSlash] = useState(false);
  const scarce = scarceOf(useMe().data);
  const length = codePointLength(props.text);
  const tooLong = length > props.limit;
  const canEnter = !props.onStop && !props.sending && !props.blocked && !tooLong && props.text.trim() !== "";
  const canSend = canEnter && !props.preparing;
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (isComposing(event)) return;
    const giveUp = props.onCancel ?? props.onStop;
    if (event.key === "Escape" && giveUp) {
      event.preventDefault();
      giveUp();
    }
    if (event.key === "/" && !props.text && !slash) {
      event.preventDefault();
      setSlash(true);
    }
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    if (canEnter) props.onSend();
  };

  return (
    <div>
      {props.error != null && (
        <Notice tone="wrong" live testId="problem" className="mb-2">
          {problemText(props.error)}
        </Notice>
      )}
      <div className="flex items-end gap-2 rounded-card border border-line bg-raised p-2 shadow-soft transition-colors focus-within:border-sea">
        <textarea
          ref={props.inputRef}
          data-testid="composer"
          value={props.text}
          rows={1}
          aria-label={t("composer.label")}
          aria-describedby={hint}
          aria-invalid={tooLong}
          aria-keyshortcuts={keyOf("/")}
          placeholder={props.placeholder}
          onFocus={() => {
            prepareAnswers();
            prepareTools();
          }}
          onChange={(event) => props.onText(event.target.value)}
          onKeyDown={onKeyDown}
          className={classes(
            "field-sizing-content max-h-[40dvh] w-full min-w-0 resize-none bg-transparent px-2.5 py-2 text-17 outline-none placeholder:text-soft",
            props.large ? "min-h-24" : "min-h-11",
          )}
        />
        <AskingTools
          text={props.text}
          onText={props.onText}
          bySlash={slash}
          onClose={() => setSlash(false)}
        />
        {props.onStop ? (
          <button
            type="button"
            data-testid="stop"
            aria-label={t("composer.stop")}
            title={t("composer.stop")}
            aria-keyshortcuts="Escape"
            onClick={props.onStop}
            className="flex size-11 shrink-0 items-center justify-center rounded-control border border-line transition-colors hover:border-ink"
          >
            <Icon name="stop" className="fill-current" />
          </button>
        ) : (
          <button
            type="button"
            data-testid="send"
            aria-label={t("composer.send")}
            title={t("composer.send")}
            aria-disabled={!canSend}
            onClick={() => canSend && props.onSend()}
            className={classes(
              "flex size-11 shrink-0 items-center justify-center rounded-control transition-colors",
              canSend
                ? "bg-clay text-on-accent hover:brightness-110"
                : "cursor-not-allowed! bg-ink/8 text-soft",
            )}
          >
            <Icon name="send" size={20} />
          </button>
        )}
      </div>
      <p id={hint} className="flex justify-between gap-4 px-1 text-13 text-soft *:mt-1.5">
        <span className={props.blocked ? "" : "max-md:sr-only"}>{props.blocked ?? t("composer.keys")}</span>
        <TurnsLeft />
        {length >= props.limit * SHOW_COUNT_FROM && (
          <span className={classes("tabular-nums", tooLong && "font-medium text-wine")}>
            {t(tooLong ? "composer.tooLong" : "composer.count", { length, limit: props.limit })}
          </span>
        )}
      </p>
      {scarce.length > 0 && (
        <Suspense>
          <QuotaLeft quotas={scarce} />
        </Suspense>
      )}
    </div>
  );
}
