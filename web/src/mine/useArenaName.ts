import { useTranslation } from "react-i18next";
import { useInstance } from "../app/queries";

/** An arena's name in the reader's language. */
export function useArenaName(): (slug: string) => string {
  const { i18n } = useTranslation();
  const { data: instance } = useInstance();
  return (slug) => {
    const name = instance?.arenas.find((arena) => arena.slug === slug)?.name;
    return name?.[i18n.language] ?? name?.en ?? slug;
  };
}
