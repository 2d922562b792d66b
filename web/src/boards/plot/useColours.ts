import { useEffect, useState } from "react";

export interface Colours {
  ground: string;
  ink: string;
  soft: string;
  line: string;
  clay: string;
}

/** The theme's colours as values: a picture that leaves the page cannot refer to them by name. */
export function useColours(): Colours {
  const [colours, setColours] = useState(read);
  useEffect(() => {
    const watch = new MutationObserver(() => setColours(read()));
    watch.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    return () => watch.disconnect();
  }, []);
  return colours;
}

function read(): Colours {
  const style = getComputedStyle(document.documentElement);
  const value = (name: string) => style.getPropertyValue(name).trim();
  return {
    ground: value("--ground"),
    ink: value("--ink"),
    soft: value("--soft"),
    line: value("--line"),
    clay: value("--clay"),
  };
}
