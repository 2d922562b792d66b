import { useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Conversation } from "../api/types";
import { Composer } from "./composer/Composer";
import { useDraft } from "./composer/useDraft";
import { battleOf, isAnswering, newestTurn, voteStage } from "./model/turnState";
import type { useTurns } from "./useTurns";
import { useVote } from "./vote/useVote";
import { VoteBar } from "./vote/VoteBar";

interface ConversationFootProps {
  conversation: Conversation;
  turns: ReturnType<typeof useTurns>;
  limit: number;
  connected: boolean;
  paused: boolean;
}

/** Below the answers, always in reach: the vote and the input. */
export function ConversationFoot({ conversation, turns, limit, connected, paused }: ConversationFootProps) {
  const { t } = useTranslation();
  const input = useRef<HTMLTextAreaElement>(null);
  const [draft, setDraft] = useDraft(conversation.id);
  const turn = newestTurn(conversation);
  const battle = turn && battleOf(conversation, turn);
  const vote = useVote(conversation.id, battle);
  const answering = turn !== undefined && isAnswering(turn);
  const error = turns.ask.error ?? turns.stop.error ?? turns.retry.error;

  const send = () =>
    turns.ask.mutate(
      { parts: [{ type: "text", text: draft }] },
      {
        onSuccess: () => {
          setDraft("");
          // So that the keys 1 to 4 vote.
          input.current?.blur();
        },
      },
    );
  const newPair = () =>
    turn && turns.ask.mutate({ parts: turn.parts, parent_id: turn.parent_id, new_pair: true });

  const stage = turn && battle ? voteStage(turn, battle) : "none";
  return (
    <footer className="sticky bottom-0 z-10 border-t border-line bg-ground/95 backdrop-blur-sm">
      <div className="mx-auto w-full max-w-4xl px-4 pt-3 pb-[max(0.5rem,env(safe-area-inset-bottom))]">
        {!connected && (
          <p role="status" className="mb-2 text-center text-13 text-ochre">
            {t("chat.connectionLost")}
          </p>
        )}
        {turn && battle && stage !== "none" && (
          <div className="mb-3">
            <VoteBar
              turn={turn}
              battle={battle}
              vote={vote}
              onAskOn={() => input.current?.focus()}
              onNewPair={newPair}
            />
          </div>
        )}
        <Composer
          inputRef={input}
          text={draft}
          onText={(text) => {
            setDraft(text);
            if (turns.ask.isError) turns.ask.reset();
          }}
          onSend={send}
          onStop={answering && turn ? () => turns.stop.mutate(turn.id) : undefined}
          sending={turns.ask.isPending}
          blocked={
            paused ? t("composer.paused") : vote.held || vote.casting ? t("composer.voteFirst") : undefined
          }
          error={error}
          limit={limit}
          placeholder={t(stage === "voted" ? "composer.askOn" : "composer.followUp")}
        />
      </div>
    </footer>
  );
}
