import { type ChangeEvent, type CompositionEvent, useEffect, useRef, useState } from "react";

const PAUSE_MS = 200;

/**
 * What is typed into a search, and what is looked for: that follows after a pause in typing, and never while
 * an input method is still putting a word together, whose letters nobody wants to look for.
 */
export function useSearchText(initially: string, search: (text: string) => void) {
  const [typed, setTyped] = useState(initially);
  const [composing, setComposing] = useState(false);
  const told = useRef(initially);
  const latest = useRef(search);
  latest.current = search;

  useEffect(() => {
    if (composing) return;
    const tell = () => {
      const text = typed.trim();
      if (text === told.current) return;
      told.current = text;
      latest.current(text);
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
