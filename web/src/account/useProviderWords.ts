import { useTranslation } from "react-i18next";
import type { Identity, SignInProvider } from "../api/types";
import { useInstance } from "../app/queries";
import type { Language } from "../i18n/language";

/** Providers, and what one is known by, in the reader's words. */
export function useProviderWords() {
  const { t, i18n } = useTranslation("account");
  const { data: instance } = useInstance();
  const providers = instance?.sign_in.providers ?? [];

  const providerName = ({ name }: SignInProvider): string => name[i18n.language as Language] ?? name.en ?? "";

  /** How one signs in by it; a provider that the arena has no more is called by its host. */
  function wayName({ kind, provider, issuer }: Identity): string {
    if (kind === "email") return t("ways.email");
    const known = providers.find(({ slug }) => slug === provider);
    if (known) return providerName(known);
    return issuer && URL.canParse(issuer) ? new URL(issuer).host : (issuer ?? "");
  }

  return { providers, providerName, wayName };
}
