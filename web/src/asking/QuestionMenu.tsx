import { DropdownMenu, Popover } from "radix-ui";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Turn } from "../api/types";
import { promptText } from "../chat/model/turnState";
import { Icon } from "../ui/Icon";
import { MENU, MENU_ITEM, MORE } from "../ui/menu";
import { useCopy } from "../ui/useCopy";
import { PromptForm } from "./PromptForm";

const NAME_CHARACTERS = 60;

interface QuestionMenuProps {
  turn: Turn;
  onAgain: (turn: Turn) => void;
  className: string;
}

/** What else can be done with a question: ask it again, copy it, keep it. */
export default function QuestionMenu({ turn, onAgain, className }: QuestionMenuProps) {
  const { t } = useTranslation("asking");
  const { said, icon, copy } = useCopy();
  const [open, setOpen] = useState(false);
  const [saving, setSaving] = useState(false);
  // What comes up next has the focus then, and keeps it.
  const goesOn = useRef(false);
  const text = promptText(turn);
  return (
    <Popover.Root open={saving} onOpenChange={setSaving}>
      <DropdownMenu.Root modal={false} open={open} onOpenChange={setOpen}>
        <Popover.Anchor asChild>
          <DropdownMenu.Trigger
            aria-label={t("question.more")}
            title={t("question.more")}
            data-testid="question-menu"
            className={`${MORE} ${className}`}
          >
            <Icon name={said ? icon : "more"} />
          </DropdownMenu.Trigger>
        </Popover.Anchor>
        <DropdownMenu.Portal>
          <DropdownMenu.Content
            align="end"
            sideOffset={2}
            className={MENU}
            onCloseAutoFocus={(event) => {
              if (goesOn.current) event.preventDefault();
              goesOn.current = false;
            }}
          >
            <DropdownMenu.Item
              className={MENU_ITEM}
              data-testid="ask-again"
              onSelect={() => {
                goesOn.current = true;
                onAgain(turn);
              }}
            >
              <Icon name="retry" size={16} className="text-soft" />
              {t("question.again")}
            </DropdownMenu.Item>
            <DropdownMenu.Item
              className={MENU_ITEM}
              data-testid="copy-question"
              onSelect={async (event) => {
                // Where it could not be copied the menu stays, to say so.
                event.preventDefault();
                if (await copy(text)) setOpen(false);
              }}
            >
              <Icon name={icon} size={16} className="text-soft" />
              {said ?? t("question.copy")}
            </DropdownMenu.Item>
            <DropdownMenu.Item
              className={MENU_ITEM}
              data-testid="save-question"
              onSelect={() => {
                goesOn.current = true;
                setSaving(true);
              }}
            >
              <Icon name="plus" size={16} className="text-soft" />
              {t("question.save")}
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      <Popover.Portal>
        <Popover.Content
          aria-label={t("question.save")}
          align="end"
          sideOffset={4}
          collisionPadding={12}
          className="z-50 w-[min(24rem,calc(100vw-1.5rem))] rounded-card border border-line bg-raised p-1 shadow-soft"
        >
          <PromptForm prompt={{ name: nameOf(text), text }} onEnd={() => setSaving(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** What a prompt may be called: how it begins. */
function nameOf(text: string): string {
  const line = text.trim().split("\n", 1)[0] ?? "";
  return [...line].slice(0, NAME_CHARACTERS).join("");
}
