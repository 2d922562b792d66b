import type { ReactNode } from "react";
import { classes } from "./classes";
import { Icon, type IconName } from "./Icon";

const LOOKS = {
  info: { box: "border-sea/40 bg-sea-wash", mark: "text-sea", icon: "info" },
  care: { box: "border-ochre/40 bg-ochre-wash", mark: "text-ochre", icon: "warning" },
  wrong: { box: "border-wine/40 bg-wine-wash", mark: "text-wine", icon: "warning" },
} as const satisfies Record<string, { box: string; mark: string; icon: IconName }>;

interface NoticeProps {
  tone: keyof typeof LOOKS;
  title?: string;
  children: ReactNode;
  /** Set on what comes up while the page is used, so that it is read out. */
  live?: boolean;
  testId?: string;
  className?: string;
}

export function Notice({ tone, title, children, live, testId, className }: NoticeProps) {
  const { box, mark, icon } = LOOKS[tone];
  return (
    <div
      role={live ? "alert" : undefined}
      data-testid={testId}
      className={classes("flex gap-3 rounded-card border px-4 py-3 text-15", box, className)}
    >
      <Icon name={icon} size={20} className={classes("mt-0.5 shrink-0", mark)} />
      <div className="min-w-0">
        {title && <p className="font-semibold">{title}</p>}
        {children}
      </div>
    </div>
  );
}
