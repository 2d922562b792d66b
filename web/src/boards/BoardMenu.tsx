import { Link, useParams } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { BoardSummary } from "./model/board";
import { useBoardName } from "./useBoardName";

/** The boards there are; imported ones say so. */
export function BoardMenu({ boards }: { boards: BoardSummary[] }) {
  const { t } = useTranslation("boards");
  const nameOf = useBoardName();
  const { board: chosen } = useParams({ strict: false });
  const nav = useRef<HTMLElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another board is another one to bring into sight
  useEffect(() => {
    nav.current?.querySelector("[aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
  }, [chosen]);

  return (
    <nav
      ref={nav}
      aria-label={t("menu")}
      data-testid="board-menu"
      className="-mb-px min-w-0 flex-1 self-stretch overflow-x-auto overflow-y-hidden px-3 [mask-image:linear-gradient(to_right,transparent,#000_0.75rem,#000_calc(100%-0.75rem),transparent)] [scrollbar-width:none]"
    >
      <ul className="flex h-full w-max gap-6">
        {boards.map((board) => (
          <li key={board.slug}>
            <Link
              to="/boards/$board"
              params={{ board: board.slug }}
              activeOptions={{ includeSearch: false }}
              className="flex h-full items-center gap-2 border-b-2 border-transparent whitespace-nowrap text-soft -outline-offset-2 transition-colors hover:text-ink aria-[current=page]:border-clay aria-[current=page]:font-medium aria-[current=page]:text-ink"
            >
              {nameOf(board)}
              {board.kind === "imported" && (
                <span className="text-13 font-normal text-soft">{t("imported")}</span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
