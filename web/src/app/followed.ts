import { useSyncExternalStore } from "react";

/** A value of the whole page that components follow. */
export class Followed<Value> {
  private readonly followers = new Set<() => void>();
  private present: Value;

  constructor(initial: Value) {
    this.present = initial;
  }

  get value(): Value {
    return this.present;
  }

  set value(next: Value) {
    this.present = next;
    for (const changed of this.followers) changed();
  }

  readonly follow = (changed: () => void) => {
    this.followers.add(changed);
    return () => this.followers.delete(changed);
  };
}

/** What `read` makes of it, anew whenever it changes. */
export const useFollowed = <Value, Read>(followed: Followed<Value>, read: (value: Value) => Read): Read =>
  useSyncExternalStore(followed.follow, () => read(followed.value));
