import { type ChangeEvent, type CompositionEvent, useEffect, useRef, useState } from "react";

const PAUSE_MS = 200;

/**
 * What is typed into a search for `query`, and what is looked for: that follows after a pause in typing, and
 * never while an input method is still putting a word together, whose letters nobody wants to look for. A
 * query that came from elsewhere takes the place of what was typed.
 */
export function useSearchText(query: string, search: (text: string) => void) {
  const [typed, setTyped] = useState(query);
  const [composing, setComposing] = useState(false);
  // What was typed comes back as the query, maybe when one has typed on: that is no query from elsewhere.
  const told = useRef<string[]>([]);
  const latest = useRef({ query, search });
  latest.current = { query, search };

  useEffect(() => {
    const place = told.current.indexOf(query);
    told.current = told.current.slice(place + 1);
    if (place >= 0) return;
    told.current = [];
    setTyped(query);
  }, [query]);

  useEffect(() => {
    if (composing) return;
    const tell = () => {
      const text = typed.trim();
      if (text === (told.current.at(-1) ?? latest.current.query)) return;
      told.current.push(text);
      latest.current.search(text);
    };
    // What is emptied is there at once.
    const timer = setTimeout(tell, typed ? PAUSE_MS : 0);
    return () => clearTimeout(timer);
  }, [typed, composing]);

  return {
    typed,
    setTyped,
    field: {
      value: typed,
      onChange: (event: ChangeEvent<HTMLInputElement>) => setTyped(event.target.value),
      onCompositionStart: () => setComposing(true),
      onCompositionEnd: (event: CompositionEvent<HTMLInputElement>) => {
        setTyped(event.currentTarget.value);
        setComposing(false);
      },
    },
  };
}
