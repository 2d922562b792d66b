import { Popover } from "radix-ui";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Battle, RevealedSide, SideName } from "../../api/types";
import { classes } from "../../ui/classes";
import { Icon } from "../../ui/Icon";
import { commitmentOf, keepsCommitment } from "../model/commitment";
import { promised } from "../model/promises";

interface CommitmentTickProps {
  battle: Battle;
  side: SideName;
  revealed: RevealedSide;
}

/** Whether the page's own computation agrees with the commitment that came with the turn; how, on request. */
export default function CommitmentTick({ battle, side, revealed }: CommitmentTickProps) {
  const { t } = useTranslation();
  const promise = promised(battle)[side] ?? "";
  const kept = useMemo(
    () => keepsCommitment(battle.id, side, revealed, promise),
    [battle.id, side, revealed, promise],
  );
  const rows = [
    ["battle", battle.id],
    ["contestant", revealed.slug],
    ["configuration", revealed.configuration],
    ["salt", revealed.salt],
    ["computed", commitmentOf(battle.id, side, revealed)],
    ["promised", promise],
  ] as const;
  return (
    <Popover.Root>
      <Popover.Trigger
        data-testid={`commitment-${side}`}
        data-kept={kept}
        className={classes(
          "mt-1 -ml-1.5 inline-flex min-h-7 items-center gap-1.5 rounded-control px-1.5 text-13 font-medium hover:bg-ink/5",
          kept ? "text-laurel" : "text-wine",
        )}
      >
        <Icon name={kept ? "check" : "cross"} size={15} />
        {t(kept ? "commitment.kept" : "commitment.broken")}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label={t("commitment.label", { side: side.toUpperCase() })}
          align="start"
          sideOffset={4}
          collisionPadding={12}
          className="z-50 max-h-[70dvh] w-[min(30rem,92vw)] overflow-y-auto rounded-card border border-line bg-raised p-4 text-13 shadow-soft"
        >
          <p>{t(kept ? "commitment.keptText" : "commitment.brokenText")}</p>
          <dl className="mt-3 space-y-2">
            {rows.map(([name, value]) => (
              <div key={name}>
                <dt className="text-soft">{t(`commitment.${name}`)}</dt>
                <dd className="font-mono break-all">{value}</dd>
              </div>
            ))}
          </dl>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
