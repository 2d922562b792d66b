import { useNavigate } from "@tanstack/react-router";
import { type RefObject, useCallback, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Conversation, Turn } from "../api/types";
import { useInstance } from "../app/queries";
import { useIsWide } from "../app/useMediaQuery";
import { useSwitch } from "../app/useSwitch";
import { useTitle } from "../app/useTitle";
import { TopBar } from "../shell/TopBar";
import { useStickToEnd } from "./answer/useStickToEnd";
import { ChatMenus } from "./ChatMenus";
import { ConversationFoot } from "./ConversationFoot";
import { LinkedScrollSwitch } from "./LinkedScrollSwitch";
import { battleOf, isAnswering, isFollowed, newestTurn } from "./model/turnState";
import { TurnView } from "./TurnView";
import { useAnnouncements } from "./useAnnouncements";
import { useUpdateConversation } from "./useConversation";
import { useEvents } from "./useEvents";
import { useTurns } from "./useTurns";

interface ConversationViewProps {
  conversation: Conversation;
  refetch: () => Promise<unknown>;
}

export function ConversationView({ conversation, refetch }: ConversationViewProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  useTitle(conversation.title || t("history.untitled"));
  const wide = useIsWide();
  const [linked, setLinked] = useSwitch("linkedScroll", false);
  const update = useUpdateConversation(conversation.id);
  const turns = useTurns(conversation.id);
  const { data: instance } = useInstance();
  const limit =
    instance?.arenas.find(({ slug }) => slug === conversation.arena)?.max_prompt_characters ??
    Number.POSITIVE_INFINITY;

  const followed = isFollowed(conversation);
  const { connected } = useEvents(conversation.id, followed, { update, resync: refetch });
  useFiguresOfNamed(conversation, followed, refetch);

  const newest = newestTurn(conversation);
  const announcement = useAnnouncements(newest);
  const content = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLElement | null>(null);
  // The page itself scrolls; the newest turn is what one comes for.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new turn, and nothing else, moves the page.
  useEffect(() => {
    scroller.current = content.current?.closest("main") ?? null;
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  }, [newest?.id]);
  useShowReveal(content, newest, conversation);
  const single = conversation.mode === "direct";
  useStickToEnd(scroller, content, newest !== undefined && isAnswering(newest) && (!wide || single));

  const { mutate: retryTurn } = turns.retry;
  const newestId = newest?.id;
  const retry = useCallback(() => newestId && retryTurn(newestId), [newestId, retryTurn]);

  return (
    <div className="flex min-h-full flex-col">
      <TopBar>
        <h1 className="sr-only">{conversation.title || t("history.untitled")}</h1>
        <ChatMenus
          arena={conversation.arena}
          mode={conversation.mode}
          onChange={(search) => navigate({ to: "/", search })}
        />
        <span className="flex-1" />
        {!single && <LinkedScrollSwitch on={linked} onChange={setLinked} />}
      </TopBar>
      <div ref={content} className="mx-auto w-full max-w-[88rem] flex-1 px-4 pt-6 md:px-6">
        {conversation.turns.map((turn, index) => {
          const battle = battleOf(conversation, turn);
          const isNewest = turn === newest;
          const open = battle && !battle.vote && battle.status !== "skipped" && battle.status !== "abandoned";
          return (
            battle && (
              <TurnView
                key={turn.id}
                turn={turn}
                battle={battle}
                branch={index > 0 && turn.parent_id === conversation.turns[index - 1]?.parent_id}
                lastOfBattle={conversation.turns[index + 1]?.battle_id !== battle.id}
                linked={linked && wide}
                onRetry={isNewest && open && !isAnswering(turn) ? retry : undefined}
              />
            )
          );
        })}
      </div>
      <ConversationFoot
        conversation={conversation}
        turns={turns}
        limit={limit}
        connected={connected}
        paused={instance?.notices.includes("paused") ?? false}
      />
      <p aria-live="polite" className="sr-only" data-testid="announcement">
        {announcement}
      </p>
    </div>
  );
}

/** Brings the heads into sight when the names appear in them. */
function useShowReveal(
  content: RefObject<HTMLElement | null>,
  turn: Turn | undefined,
  conversation: Conversation,
): void {
  const voted = turn ? (battleOf(conversation, turn)?.vote?.id ?? null) : null;
  const was = useRef({ turn: turn?.id, voted });
  useEffect(() => {
    if (voted && was.current.turn === turn?.id && !was.current.voted) {
      content.current
        ?.querySelector(`[data-answers="${turn?.id}"]`)
        ?.scrollIntoView({ block: "start", behavior: "smooth" });
    }
    was.current = { turn: turn?.id, voted };
  }, [content, turn?.id, voted]);
}

/** Where the names are known from the start, the figures are there once the answers have ended: they are fetched then. */
function useFiguresOfNamed({ mode }: Conversation, followed: boolean, refetch: () => Promise<unknown>): void {
  const was = useRef(followed);
  useEffect(() => {
    if (was.current && !followed && mode !== "battle") refetch();
    was.current = followed;
  }, [followed, mode, refetch]);
}
