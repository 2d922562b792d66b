import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Conversation, Turn } from "../api/types";
import { useMe } from "../app/queries";
import { readPreset } from "../asking/preset";
import { TermsNote } from "../consent/TermsNote";
import { useOpenTerms } from "../consent/useOpenTerms";
import { listed, regional } from "../i18n/language";
import { useWantedFocus } from "../shortcuts/useWantedFocus";
import { KeptFocus } from "../ui/KeptFocus";
import { Composer } from "./composer/Composer";
import { type Edit, EditNote } from "./composer/EditNote";
import { readDraft, useDraft } from "./composer/useDraft";
import { draftOfEdit } from "./composer/useEdit";
import { battleOf, isAnswering, newestTurn, promptText, voteStage } from "./model/turnState";
import { type Asking, useAsk } from "./useAsk";
import type { useTurns } from "./useTurns";
import { useVote } from "./vote/useVote";
import { VoteBar } from "./vote/VoteBar";

interface ConversationFootProps {
  conversation: Conversation;
  /** The last one of the branch that is shown; a question follows it. */
  turn: Turn | undefined;
  turns: ReturnType<typeof useTurns>;
  edit: Edit | null;
  onEdit: (edit: Edit | null) => void;
  onAsked: () => void;
  onRetry?: () => void;
  limit: number;
  connected: boolean;
  paused: boolean;
}

/** Below the answers, always in reach: the vote and the input. */
export function ConversationFoot({ conversation, turn, turns, edit, ...props }: ConversationFootProps) {
  const { t, i18n } = useTranslation();
  const input = useRef<HTMLTextAreaElement>(null);
  useWantedFocus("/", input);
  const [draft, setDraft] = useDraft(conversation.id);
  const battle = turn && battleOf(conversation, turn);
  const vote = useVote(conversation.id, battle);
  const newest = newestTurn(conversation);
  const { data: me } = useMe();
  const answering = newest && isAnswering(newest) ? newest : undefined;
  const stage = turn && battle ? voteStage(turn, battle) : "none";

  // What a quota has left is known once the answers have ended.
  const client = useQueryClient();
  const counts = answering === undefined && (me?.quotas.length ?? 0) > 0;
  useEffect(() => {
    if (counts) void client.invalidateQueries({ queryKey: ["me"] });
  }, [counts, client]);

  const edited = edit?.turn.id;
  useEffect(() => {
    if (!edited || !input.current) return;
    input.current.focus();
    input.current.setSelectionRange(input.current.value.length, input.current.value.length);
  }, [edited]);

  const terms = useOpenTerms();
  const asking = useAsk(conversation, ({ from }) => {
    props.onAsked();
    // So that the keys 1 to 4 vote; not while one writes on.
    if (!from || !readDraft(from.draft)) input.current?.blur();
  });
  const ask = (question: Asking["question"], draft?: string) =>
    asking.mutate({
      question: { preset: readPreset(), ...question },
      agrees: terms?.version,
      from: draft === undefined ? undefined : { draft, text: readDraft(draft) },
      after: conversation.turns.length,
    });
  const answers = answering !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was refused until the answers have ended is not any more.
  useEffect(() => {
    if (!answers && asking.isError) asking.reset();
  }, [answers]);
  const parts = (text: string) => [{ type: "text" as const, text }];
  const send = () =>
    edit
      ? ask({ parts: parts(edit.text), parent_id: edit.turn.parent_id }, draftOfEdit(conversation.id))
      : ask({ parts: parts(draft), parent_id: turn?.id }, conversation.id);
  const cancelEdit = () => {
    props.onEdit(null);
    // The button that was pressed goes.
    input.current?.focus();
  };
  const write = (text: string) => {
    if (edit) props.onEdit({ ...edit, text });
    else setDraft(text);
    if (asking.isError) asking.reset();
  };

  return (
    <footer className="sticky bottom-0 z-10 border-t border-line bg-ground/95 backdrop-blur-sm">
      <div className="mx-auto w-full max-w-4xl px-4 pt-3 pb-[max(0.5rem,env(safe-area-inset-bottom))]">
        {!props.connected && (
          <p
            role="status"
            data-testid="reconnecting"
            className="mb-2 text-center text-13 text-balance text-ochre"
          >
            {t("chat.connectionLost")}
          </p>
        )}
        {turn && battle && stage !== "none" && (!edit || vote.held) && (
          <KeptFocus of={`${stage} ${vote.held}`} className="mb-3">
            <VoteBar
              turn={turn}
              battle={battle}
              arena={conversation.arena}
              vote={vote}
              onAskOn={() => input.current?.focus()}
              onNewPair={() => ask({ parts: turn.parts, parent_id: turn.parent_id, new_pair: true })}
              onEdit={() => props.onEdit({ turn, text: promptText(turn) })}
              onRetry={props.onRetry}
            />
          </KeptFocus>
        )}
        {conversation.retired.length > 0 && (
          <p role="status" data-testid="retired" className="mb-2 text-center text-13 text-balance text-ochre">
            {t("instead.coming", {
              count: conversation.retired.length,
              names: listed(
                conversation.retired.map(({ name }) => name),
                regional(i18n.language),
              ),
            })}
          </p>
        )}
        {terms && <TermsNote terms={terms} />}
        {edit && <EditNote edit={edit} leavesOpen={stage === "open"} onCancel={cancelEdit} />}
        <Composer
          inputRef={input}
          text={edit ? edit.text : draft}
          onText={write}
          onSend={send}
          onCancel={edit ? cancelEdit : undefined}
          onStop={answering && (() => turns.stop.mutate(answering.id))}
          sending={asking.isPending}
          blocked={
            props.paused
              ? t("composer.paused")
              : vote.held || vote.casting
                ? t("composer.voteFirst")
                : undefined
          }
          error={asking.error ?? turns.stop.error ?? turns.retry.error}
          limit={props.limit}
          placeholder={t(stage === "voted" ? "composer.askOn" : "composer.followUp")}
        />
      </div>
    </footer>
  );
}
