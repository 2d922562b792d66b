import { type RefObject, useEffect, useId, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../ui/IconButton";
import { languageOf } from "./languageOf";
import { read, stopReading, useReading } from "./reader";
import { inPieces, spokenText } from "./spokenText";
import { useVoices, voiceFor } from "./voices";

interface ReadAloudProps {
  /** Where the page shows the answer. */
  answer: RefObject<HTMLElement | null>;
  text: string;
  /** Whether it is still being written: what is not finished is not read. */
  live: boolean;
}

/** Reads an answer out by the browser's own voice; pressed again, it stops. Not there without a voice for it. */
export default function ReadAloud({ answer, text, live }: ReadAloudProps) {
  const { t, i18n } = useTranslation("aloud");
  const id = useId();
  const voices = useVoices();
  const reading = useReading(id);
  const page = i18n.language;
  const language = useMemo(() => (live ? page : languageOf(text, page)), [live, text, page]);
  const voice = useMemo(() => voiceFor(language, voices), [language, voices]);
  // What the page says in between is said in the voice's language, as far as it has words for it.
  const { t: say } = useTranslation("aloud", { lng: language === "zh" ? "zh" : "en" });

  // biome-ignore lint/correctness/useExhaustiveDependencies: another text is another answer.
  useEffect(() => () => stopReading(id), [id, text]);

  if (!voice) return null;
  const begin = () => {
    const shown = answer.current?.querySelector("[data-answer-text]");
    if (!shown) return;
    const blocks = spokenText(shown, {
      formula: say("formula"),
      code: (name) => (name ? say("codeIn", { language: name }) : say("code")),
    });
    read(id, inPieces(blocks, language), voice);
  };
  const stops = reading === "reading";
  return (
    <IconButton
      worded
      icon={stops ? "stop" : "speaker"}
      label={t(stops ? "stop" : reading === "failed" ? "failed" : voice.localService ? "read" : "readOnline")}
      title={stops || voice.localService ? undefined : t("online")}
      data-testid="read-aloud"
      data-reading={reading}
      aria-keyshortcuts={stops ? "Escape" : undefined}
      disabled={live || !text}
      onClick={stops ? () => stopReading(id) : begin}
    />
  );
}
