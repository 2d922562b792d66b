import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Battle, Turn } from "../api/types";
import { pause } from "../i18n/language";
import { isLive, standsInLine } from "./model/turnState";

/**
 * What a screen reader is told about the newest turn: that it stands in line, who began and who ended, never the
 * words themselves.
 */
export function useAnnouncements(turn: Turn | undefined, battle: Battle | undefined): string {
  const { t, i18n } = useTranslation();
  const [said, setSaid] = useState("");
  const before = useRef<Record<string, string>>({});
  const inLine = turn !== undefined && battle !== undefined && standsInLine(turn, battle);

  useEffect(() => {
    if (inLine) setSaid(t("answer.inLine"));
  }, [inLine, t]);

  useEffect(() => {
    if (!turn) return;
    const now: Record<string, string> = {};
    const news: string[] = [];
    for (const { side, status } of turn.responses) {
      const key = `${turn.id} ${side}`;
      now[key] = status;
      const was = before.current[key];
      // What was there when the page opened is no news.
      if (was === undefined || was === status || status === "queued") continue;
      news.push(t(`announce.${status}`, { side: side.toUpperCase() }));
    }
    if (news.length > 0 && !turn.responses.some(isLive)) news.push(t("announce.allEnded"));
    before.current = now;
    if (news.length > 0) setSaid(news.join(pause(i18n.language)));
  }, [turn, t, i18n.language]);

  return said;
}
