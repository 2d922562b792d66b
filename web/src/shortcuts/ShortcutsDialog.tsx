import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { switchKeys, useKeysOn } from "../app/keys";
import { Button } from "../ui/Button";
import { SwitchRow } from "../ui/SwitchRow";
import { hasControl } from "./controlOf";

interface ShortcutsDialogProps {
  onClose: () => void;
}

/** A row: its keys, and the name of what they do. `single`: a key by itself, which the switch turns off. */
interface Row {
  keys: string[];
  name: "list" | "newChat" | "search" | "ask" | "vote" | "takeBack" | "show" | "stop" | FieldRow;
  single?: boolean;
}
type FieldRow = "send" | "line" | "prompts" | "leave" | "found" | "empty";

/** The keys that do something where one is. */
function rowsHere(): { page: Row[]; input: Row[]; search: Row[] } {
  const is = (selector: string) => document.querySelector(selector) !== null;
  const asking = is("[data-testid=composer]");
  const voting = hasControl("1") || hasControl("u");
  const page: (Row | false)[] = [
    { keys: ["?"], name: "list", single: true },
    { keys: ["n"], name: "newChat", single: true },
    { keys: ["s"], name: "search", single: true },
    asking && { keys: ["/"], name: "ask", single: true },
    voting && { keys: ["1", "2", "3", "4"], name: "vote", single: true },
    voting && { keys: ["u"], name: "takeBack", single: true },
    voting && { keys: ["v"], name: "show", single: true },
    is("[data-answers]") && { keys: ["Esc"], name: "stop" },
  ];
  return {
    page: page.filter((row): row is Row => row !== false),
    input: asking
      ? [
          { keys: ["Enter"], name: "send" },
          { keys: ["Shift", "Enter"], name: "line" },
          { keys: ["/"], name: "prompts" },
          { keys: ["Esc"], name: "leave" },
        ]
      : [],
    search: is("[data-testid=history-search]")
      ? [
          { keys: ["↓"], name: "found" },
          { keys: ["Esc"], name: "empty" },
        ]
      : [],
  };
}

/** The list of keys, and the switch that turns single ones off. */
export default function ShortcutsDialog({ onClose }: ShortcutsDialogProps) {
  const { t } = useTranslation("shortcuts");
  const heading = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const keysOn = useKeysOn();
  // As the page was when they were asked for: what is behind the dialog does not count as gone.
  const [everything] = useState(rowsHere);
  const rows = keysOn ? everything : { ...everything, page: everything.page.filter(({ single }) => !single) };
  useEffect(() => {
    dialog.current?.showModal();
    // Else the switch below has it, and a long list opens at its end.
    title.current?.focus();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      data-testid="shortcuts"
      onClose={onClose}
      className="m-auto max-h-[90dvh] w-[min(30rem,92vw)] overflow-y-auto rounded-card border border-line bg-raised p-5 text-ink shadow-soft backdrop:bg-veil md:p-6"
    >
      <h2 ref={title} id={heading} tabIndex={-1} className="font-serif text-22 font-semibold outline-none">
        {t("title")}
      </h2>
      {(["page", "input", "search"] as const).map(
        (where) =>
          rows[where].length > 0 && (
            <section key={where} aria-label={t(`where.${where}`)} className="mt-4">
              <h3 className="text-13 font-medium text-soft">{t(`where.${where}`)}</h3>
              <dl className="mt-1 divide-y divide-line">
                {rows[where].map(({ keys, name }) => (
                  <div key={name} className="flex items-center justify-between gap-4 py-1.5 text-15">
                    <dt>{t(`does.${name}`)}</dt>
                    <dd className="flex shrink-0 gap-1">
                      {keys.map((key) => (
                        <kbd
                          key={key}
                          className="min-w-6 rounded-[4px] border border-line bg-ground px-1.5 py-0.5 text-center font-mono text-13"
                        >
                          {key}
                        </kbd>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ),
      )}
      <div className="mt-4 border-t border-line">
        <SwitchRow
          testId="switch-keys"
          label={t("single.label")}
          note={t("single.note")}
          on={keysOn}
          onChange={switchKeys}
        />
      </div>
      <div className="text-right">
        <Button data-testid="shortcuts-close" onClick={() => dialog.current?.close()}>
          {t("close")}
        </Button>
      </div>
    </dialog>
  );
}
