import { useEffect, useState } from "react";
import { eventsUrl } from "../api/endpoints";
import type { Conversation } from "../api/types";
import { applyEvent, OutOfStep } from "./model/applyEvent";
import { STREAM_EVENT_TYPES, type StreamEvent } from "./model/events";

const LONGEST_WAIT_MS = 15_000;

interface Follower {
  update: (change: (known: Conversation) => Conversation) => void;
  /** Reads the conversation anew, when the events do not follow from what is known. */
  resync: () => void;
}

/**
 * Follows a conversation's stream while `active`; says whether the connection stands.
 *
 * A connection that breaks is opened again by the browser; one that the server refuses, here, with longer
 * and longer waits.
 */
export function useEvents(id: string, active: boolean, { update, resync }: Follower): { connected: boolean } {
  const [connected, setConnected] = useState(true);

  useEffect(() => {
    if (!active) return;
    let source: EventSource | null = null;
    let wait = 1000;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const frame = new FrameQueue((events) => {
      try {
        update((known) => events.reduce(applyEvent, known));
      } catch (error) {
        if (!(error instanceof OutOfStep)) throw error;
        resync();
      }
    });

    const open = () => {
      source = new EventSource(eventsUrl(id));
      for (const type of STREAM_EVENT_TYPES) {
        source.addEventListener(type, (message) => {
          frame.push({ ...JSON.parse((message as MessageEvent<string>).data), type });
        });
      }
      source.onopen = () => {
        wait = 1000;
        setConnected(true);
      };
      source.onerror = () => {
        setConnected(false);
        if (source?.readyState !== EventSource.CLOSED) return;
        timer = setTimeout(() => {
          resync();
          open();
        }, wait);
        wait = Math.min(wait * 2, LONGEST_WAIT_MS);
      };
    };
    open();
    return () => {
      source?.close();
      clearTimeout(timer);
      frame.flush();
      setConnected(true);
    };
  }, [id, active, update, resync]);

  return { connected };
}

/** Gathers events and hands them over once a frame, or four times a second while the page is hidden. */
class FrameQueue {
  private events: StreamEvent[] = [];
  private scheduled = false;

  private readonly take: (events: StreamEvent[]) => void;

  constructor(take: (events: StreamEvent[]) => void) {
    this.take = take;
  }

  push(event: StreamEvent): void {
    this.events.push(event);
    if (this.scheduled) return;
    this.scheduled = true;
    if (document.hidden) setTimeout(() => this.flush(), 250);
    else requestAnimationFrame(() => this.flush());
  }

  flush(): void {
    this.scheduled = false;
    const events = this.events;
    this.events = [];
    if (events.length > 0) this.take(events);
  }
}
