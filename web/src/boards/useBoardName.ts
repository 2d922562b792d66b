import { useTranslation } from "react-i18next";
import { useInstance } from "../app/queries";

/** The name of a board in the reader's language: a live one bears that of its arena, which the server gives in English. */
export function useBoardName(): (board: { slug: string; name: string; kind: string }) => string {
  const { i18n } = useTranslation("boards");
  const { data: instance } = useInstance();
  return ({ slug, name, kind }) => {
    const arena = kind === "live" && instance?.arenas.find((each) => each.slug === slug);
    return (arena && (arena.name[i18n.language] ?? arena.name.en)) || name;
  };
}
