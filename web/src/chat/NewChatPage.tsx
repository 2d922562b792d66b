import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Instance, Mode } from "../api/types";
import { mine } from "../app/mine";
import { useContestants, useInstance, useMe } from "../app/queries";
import { useTitle } from "../app/useTitle";
import { readPreset } from "../asking/preset";
import { TermsNote } from "../consent/TermsNote";
import { useOpenTerms } from "../consent/useOpenTerms";
import { TopBar } from "../shell/TopBar";
import { useWantedFocus, wantFocus } from "../shortcuts/useWantedFocus";
import { Button } from "../ui/Button";
import { Fetched } from "../ui/Fetched";
import { Notice } from "../ui/Notice";
import { useProblemText } from "../ui/useProblemText";
import { ChatMenus } from "./ChatMenus";
import { Composer } from "./composer/Composer";
import { readDraft, takeSent, useDraft, writeDraft } from "./composer/useDraft";
import { promptText } from "./model/turnState";
import { NAMED, useChosen } from "./start/useChosen";
import { useSendOnceReady } from "./start/useSendOnceReady";
import { useStart } from "./start/useStart";

// Not every first page needs them.
const ContestantPicker = lazy(() => import("./start/ContestantPicker"));
const InstanceNotices = lazy(() => import("./start/InstanceNotices"));
const Suggestions = lazy(() => import("../asking/Suggestions"));
// Only for whoever comes back.
const SinceYouLeft = lazy(async () => ({ default: (await mine()).SinceYouLeft }));

/** The draft of what is not a chat yet. */
const NEW = "new";

/** The empty page: one sentence, the input, prompts worth asking. */
export function NewChatPage() {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const navigate = useNavigate();
  useTitle(t("shell.newChat"));
  const search = useSearch({ from: "/" });
  const input = useRef<HTMLTextAreaElement>(null);
  useWantedFocus("/", input);
  const [draft, setDraft] = useDraft(NEW);
  const start = useStart(({ id, turns: [first] }) => {
    if (first) takeSent(NEW, promptText(first));
    const writtenOn = readDraft(NEW);
    if (!writtenOn) return;
    writeDraft(id, writtenOn);
    setDraft("");
    if (document.activeElement === input.current) wantFocus("/");
  });
  const aboutArena = useInstance();
  const aboutMe = useMe();
  const { data: instance } = aboutArena;
  const { data: me } = aboutMe;
  const terms = useOpenTerms();

  const arena = instance?.arenas.find(({ slug }) => slug === search.arena) ?? instance?.arenas[0];
  const mode =
    search.mode && arena?.modes.includes(search.mode) ? search.mode : (arena?.modes[0] ?? "battle");
  const aboutContestants = useContestants(NAMED[mode] > 0);
  const contestants = (aboutContestants.data ?? []).filter(
    ({ arenas }) => arena && arenas.includes(arena.slug),
  );
  const [chosen, choose] = useChosen(mode, contestants);

  const notices = instance?.notices ?? [];
  const blocked = whyBlocked(notices, mode, contestants.length);
  const ready = instance !== undefined && me !== undefined && chosen.length === NAMED[mode];
  const missing = [aboutArena, aboutMe, aboutContestants].find(({ isLoadingError }) => isLoadingError);

  // Enter agrees to terms that are shown, and to no others.
  const { press, takeBack } = useSendOnceReady(ready, !blocked && terms === undefined, () => {
    if (!arena || !instance) return;
    start.mutate({
      arena: arena.slug,
      mode,
      contestants: chosen.length > 0 ? chosen : undefined,
      terms_version: instance.terms.version,
      agrees: terms?.version,
      text: draft,
      preset: readPreset(),
    });
  });

  return (
    <div className="flex min-h-full flex-col">
      <TopBar>
        <ChatMenus
          arena={arena?.slug ?? "text"}
          mode={mode}
          onChange={(next) => navigate({ to: "/", search: next })}
        />
      </TopBar>
      <div className="mx-auto flex w-full max-w-3xl flex-1 flex-col gap-5 px-4 pt-[min(11vh,6rem)] pb-10">
        <div>
          <h1 className="font-serif text-30 font-semibold tracking-tight text-balance md:text-40">
            {t(`start.title.${mode}`)}
          </h1>
          <p className="mt-2 text-17 text-balance text-soft">{t(`start.sentence.${mode}`)}</p>
        </div>
        {missing && (
          <Notice tone="wrong" live testId="problem">
            <p>{problemText(missing.error)}</p>
            <Button className="mt-2" onClick={() => missing.refetch()}>
              {t("chat.tryAgain")}
            </Button>
          </Notice>
        )}
        {notices.length > 0 && (
          <Fetched instead={null}>
            <InstanceNotices codes={notices} />
          </Fetched>
        )}
        {NAMED[mode] > 0 && contestants.length > 0 && (
          <div className="grid gap-2 md:grid-cols-2">
            {chosen.map((slug, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a place is what this is about.
              <Fetched key={place} instead={<div className="min-h-11" />}>
                <ContestantPicker
                  testId={`contestant-${place === 0 ? "a" : "b"}`}
                  label={mode === "direct" ? t("start.model") : place === 0 ? "A" : "B"}
                  contestants={contestants}
                  value={slug}
                  onChange={(next) => choose(place, next)}
                />
              </Fetched>
            ))}
          </div>
        )}
        <div>
          <TermsNote terms={terms} />
          <Composer
            large
            inputRef={input}
            text={draft}
            onText={(text) => {
              takeBack();
              setDraft(text);
              if (start.isError) start.reset();
            }}
            onSend={press}
            sending={start.isPending}
            preparing={!ready}
            blocked={blocked && t(`composer.${blocked}`)}
            error={start.error}
            limit={arena?.max_prompt_characters ?? Number.POSITIVE_INFINITY}
            placeholder={t("composer.first")}
          />
        </div>
        {me?.left_at && (
          <Fetched instead={null}>
            <SinceYouLeft leftAt={me.left_at} />
          </Fetched>
        )}
        <Fetched instead={null}>
          {arena && (
            <Suggestions
              arena={arena.slug}
              onPick={(prompt) => {
                setDraft(prompt);
                input.current?.focus();
              }}
            />
          )}
        </Fetched>
      </div>
    </div>
  );
}

/** The key of what keeps one from asking in a mode, whatever is written. */
function whyBlocked(
  notices: Instance["notices"],
  mode: Mode,
  toChooseFrom: number,
): "paused" | "modelsComing" | "noContestants" | "oneContestant" | undefined {
  if (notices.includes("paused")) return "paused";
  if (notices.includes("no_contestants")) return "noContestants";
  if (mode === "direct" && toChooseFrom > 0) return undefined;
  if (notices.includes("demo_models_coming")) return "modelsComing";
  return mode !== "direct" && notices.includes("one_contestant") ? "oneContestant" : undefined;
}
