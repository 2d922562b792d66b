import { useEffect, useState } from "react";
import type { PluginConfig } from "streamdown";

type MathPlugin = NonNullable<PluginConfig["math"]>;

let loaded: MathPlugin | undefined;

/** The typesetter of formulas, fetched with the first answer that has one. */
export function useMathPlugin(wanted: boolean): MathPlugin | undefined {
  const [plugin, setPlugin] = useState(loaded);
  useEffect(() => {
    if (!wanted || loaded) return;
    let current = true;
    import("./mathPlugin").then((module) => {
      loaded = module.mathPlugin;
      if (current) setPlugin(loaded);
    });
    return () => {
      current = false;
    };
  }, [wanted]);
  return wanted ? (plugin ?? loaded) : undefined;
}
