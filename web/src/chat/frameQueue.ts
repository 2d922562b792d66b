import type { StreamEvent } from "./model/events";

const HIDDEN_MS = 250;

/** Gathers events and hands them over once a frame, or four times a second while the page is hidden. */
export class FrameQueue {
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
    if (document.hidden) setTimeout(() => this.flush(), HIDDEN_MS);
    else requestAnimationFrame(() => this.flush());
  }

  /** Forgets what has not been handed over. */
  clear(): void {
    this.events = [];
  }

  private flush(): void {
    this.scheduled = false;
    const events = this.events;
    this.events = [];
    if (events.length > 0) this.take(events);
  }
}
