import { useNavigate } from "@tanstack/react-router";
import { lazy, useCallback, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Conversation, Turn } from "../api/types";
import { useInstance } from "../app/queries";
import { useIsWide } from "../app/useMediaQuery";
import { useSwitch } from "../app/useSwitch";
import { useTitle } from "../app/useTitle";
import { TopBar } from "../shell/TopBar";
import { Fetched } from "../ui/Fetched";
import { ChatMenus } from "./ChatMenus";
import { ConversationFoot } from "./ConversationFoot";
import { useEdit } from "./composer/useEdit";
import { LinkedScrollSwitch } from "./LinkedScrollSwitch";
import { versionOf } from "./model/branches";
import { insteadOf } from "./model/instead";
import { titleOf } from "./model/title";
import { battleOf, canRetry, isFollowed, newestTurn, promptText } from "./model/turnState";
import { Reconnecting } from "./reconnecting";
import { TurnView } from "./TurnView";
import { useAnnouncements } from "./useAnnouncements";
import { useBranch } from "./useBranch";
import { useResync, useUpdateConversation } from "./useConversation";
import { useEvents } from "./useEvents";
import { useFiguresOfNamed } from "./useFiguresOfNamed";
import { usePlace } from "./usePlace";
import { useScrolling } from "./useScrolling";
import { useTurns } from "./useTurns";

const ShareButton = lazy(() => import("../sharing/ShareButton"));

interface ConversationViewProps {
  conversation: Conversation;
  /** A turn to open at, instead of the place that was left. */
  at?: string;
}

export function ConversationView({ conversation, at }: ConversationViewProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const title = titleOf(conversation) || t("history.untitled");
  useTitle(title);
  const wide = useIsWide();
  const [linked, setLinked] = useSwitch("linkedScroll", false);
  const update = useUpdateConversation(conversation.id);
  const resync = useResync(conversation.id);
  const turns = useTurns(conversation.id);
  const { data: instance } = useInstance();
  const limit =
    instance?.arenas.find(({ slug }) => slug === conversation.arena)?.max_prompt_characters ??
    Number.POSITIVE_INFINITY;

  const followed = isFollowed(conversation);
  const { connected } = useEvents(conversation.id, followed, { update, resync });
  useFiguresOfNamed(conversation, followed, resync);
  const newest = newestTurn(conversation);
  const announcement = useAnnouncements(newest, newest && battleOf(conversation, newest));

  const [branch, show] = useBranch(conversation, at);
  const [edit, setEdit] = useEdit(conversation);
  const beginEdit = useCallback(
    (turn: Turn, again?: boolean) => setEdit({ turn, text: promptText(turn), again }),
    [setEdit],
  );
  const end = branch.at(-1);
  const single = conversation.mode === "direct";
  const content = useRef<HTMLDivElement>(null);
  const [placed] = useState(at !== undefined || conversation.place !== null);
  usePlace(content, conversation, branch, at);
  useScrolling(content, conversation, end, placed);

  const { mutate: retryTurn } = turns.retry;
  const endId = end?.id;
  const retryEnd = useCallback(() => endId && retryTurn(endId), [endId, retryTurn]);
  const retry = end && canRetry(conversation, end) ? retryEnd : undefined;

  return (
    <Reconnecting value={!connected}>
      <div className="flex min-h-full flex-col">
        <TopBar>
          <h1 className="sr-only">{title}</h1>
          <ChatMenus
            arena={conversation.arena}
            mode={conversation.mode}
            onChange={(search) => navigate({ to: "/", search })}
          />
          <span className="flex-1" />
          {!single && <LinkedScrollSwitch on={linked} onChange={setLinked} />}
          {end && (
            <Fetched instead={null}>
              <ShareButton what={{ conversation_id: conversation.id, end_id: end.id }} />
            </Fetched>
          )}
        </TopBar>
        <div ref={content} className="mx-auto w-full max-w-[88rem] flex-1 px-4 pt-6 md:px-6">
          {branch.map((turn, index) => {
            const battle = battleOf(conversation, turn);
            return (
              battle && (
                <TurnView
                  // By place, so that another version takes it over and a button in it keeps the focus.
                  key={turn.parent_id ?? "first"}
                  turn={turn}
                  battle={battle}
                  {...versionOf(conversation.turns, turn)}
                  instead={insteadOf(conversation, branch, index)}
                  lastOfBattle={branch[index + 1]?.battle_id !== battle.id}
                  linked={linked && wide}
                  onRetry={turn === end ? retry : undefined}
                  onShow={show}
                  onEdit={beginEdit}
                />
              )
            );
          })}
        </div>
        <ConversationFoot
          conversation={conversation}
          turn={end}
          turns={turns}
          edit={edit}
          onEdit={setEdit}
          onAsked={() => show(null)}
          onRetry={retry}
          limit={limit}
          connected={connected}
          paused={instance?.notices.includes("paused") ?? false}
        />
        <p aria-live="polite" className="sr-only" data-testid="announcement">
          {announcement}
        </p>
      </div>
    </Reconnecting>
  );
}
