import { useEffect, useState } from "react";
import { eventsUrl } from "../api/endpoints";
import type { Conversation } from "../api/types";
import { FrameQueue } from "./frameQueue";
import { applyEvent, OutOfStep } from "./model/applyEvent";
import { STREAM_EVENT_TYPES } from "./model/events";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;
/** The server gives a sign of life every 10 s. */
const SILENCE_MS = 25_000;

interface Follower {
  update: (change: (known: Conversation) => Conversation) => void;
  /** Reads the conversation anew. */
  resync: () => Promise<unknown>;
}

/**
 * Follows a conversation's stream while `active`; says whether the connection stands.
 *
 * A connection that breaks is opened again by the browser, where it left off. One that the server refuses, or
 * whose events do not follow from what is known, is opened afresh, after reading the conversation anew and
 * with longer and longer waits: a fresh stream begins with the whole state, so that no gap can remain. So is
 * one when the network goes or comes, or nothing was heard for too long: a connection may hang for minutes
 * that the network took with it.
 */
export function useEvents(id: string, active: boolean, { update, resync }: Follower): { connected: boolean } {
  const [connected, setConnected] = useState(true);

  useEffect(() => {
    if (!active) return;
    let source: EventSource | undefined;
    let wait = FIRST_WAIT_MS;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let silence: ReturnType<typeof setTimeout> | undefined;
    let begun = 0;

    const queue = new FrameQueue((events) => {
      try {
        update((known) => events.reduce(applyEvent, known));
        wait = FIRST_WAIT_MS;
      } catch (error) {
        if (!(error instanceof OutOfStep)) throw error;
        beginAfresh();
      }
    });

    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(connectionLost, SILENCE_MS);
    };

    const open = () => {
      source = new EventSource(eventsUrl(id));
      heard();
      source.addEventListener("here", heard);
      for (const type of STREAM_EVENT_TYPES) {
        source.addEventListener(type, (message) => {
          heard();
          queue.push({ ...JSON.parse((message as MessageEvent<string>).data), type });
        });
      }
      source.onopen = () => setConnected(true);
      source.onerror = () => {
        setConnected(false);
        if (source?.readyState === EventSource.CLOSED) beginAfresh();
      };
    };

    const leave = () => {
      source?.close();
      clearTimeout(timer);
      clearTimeout(silence);
      queue.clear();
      begun += 1;
    };

    const beginAfresh = () => {
      leave();
      const mine = begun;
      const openLater = () => {
        if (mine !== begun) return;
        timer = setTimeout(open, wait);
        wait = Math.min(wait * 2, LONGEST_WAIT_MS);
      };
      resync().then(openLater, openLater);
    };

    const connectionLost = () => {
      setConnected(false);
      wait = FIRST_WAIT_MS;
      beginAfresh();
    };

    open();
    window.addEventListener("offline", connectionLost);
    window.addEventListener("online", connectionLost);
    return () => {
      window.removeEventListener("offline", connectionLost);
      window.removeEventListener("online", connectionLost);
      leave();
      setConnected(true);
    };
  }, [id, active, update, resync]);

  return { connected };
}
