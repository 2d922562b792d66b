import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { Problem } from "../../api/problem";
import { startOver } from "../../app/whoIsHere";
import { beginSignIn, signInWithPasskey } from "./api";
import { forget, offersWhileTyping, show } from "./ceremonies";

// What is offered in a field stays there for as long as the page does; what the passkey is to sign does not.
const RENEWED_AT_MS = 240_000;

/**
 * Signs in with a passkey: by a button or, while `offered`, from the list that the browser shows in the address field.
 *
 * A browser has one request at a time, so the button takes the place of what waits in the field.
 */
export function usePasskeySignIn(next: string, offered: boolean) {
  const pending = useRef<AbortController>(null);
  const pressed = useRef(false);

  /** A button was pressed: nothing is offered in the field any more, also if the browser only now says that it can. */
  function stop() {
    pressed.current = true;
    pending.current?.abort();
  }

  async function ask(whileTyping: boolean) {
    pending.current?.abort();
    const controller = new AbortController();
    pending.current = controller;
    const { public_key } = await beginSignIn();
    controller.signal.throwIfAborted();
    return show(public_key, controller.signal, whileTyping);
  }

  const sign = useMutation({
    mutationFn: async (chosen?: Record<string, unknown>) => {
      const credential = chosen ?? (await ask(false));
      try {
        return await signInWithPasskey(credential, next);
      } catch (error) {
        if (error instanceof Problem && error.document.code === "unknown_passkey") {
          await forget(credential.id as string);
        }
        throw error;
      }
    },
    onSuccess: ({ next: path }) => startOver(path),
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, for as long as the page is there
  useEffect(() => {
    if (!offered) return;
    let renewal: number | undefined;
    let gone = false;
    function offer() {
      if (gone || pressed.current) return;
      // What a browser does not want to offer in a field is no news to anybody.
      ask(true).then(sign.mutate, () => {});
      renewal = window.setTimeout(offer, RENEWED_AT_MS);
    }
    void offersWhileTyping().then((offers) => offers && offer());
    return () => {
      gone = true;
      window.clearTimeout(renewal);
      pending.current?.abort();
    };
  }, [offered]);

  return {
    stop,
    start: () => {
      stop();
      sign.mutate(undefined);
    },
    busy: sign.isPending || sign.isSuccess,
    error: sign.error,
  };
}
