import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Sheet } from "../account/Sheet";
import { getTerms } from "../api/endpoints";
import { useTitle } from "../app/useTitle";
import type { Language } from "../i18n/language";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";
import { useProblemText } from "../ui/useProblemText";
import { Contact } from "./Contact";
import { OwnConsent } from "./OwnConsent";

/** What is kept and what is published, whole, and what one can choose. */
export default function PrivacyPage() {
  const { t, i18n } = useTranslation(["consent", "page"]);
  const problemText = useProblemText();
  const { data, error, refetch } = useQuery({ queryKey: ["terms"], queryFn: getTerms, staleTime: 0 });
  useTitle(t("privacy.title"));
  return (
    <Sheet title={t("privacy.title")}>
      {error && !data && (
        <>
          <Notice tone="wrong" live testId="problem">
            <p>{problemText(error)}</p>
          </Notice>
          <Button onClick={() => refetch()}>{t("page:chat.tryAgain")}</Button>
        </>
      )}
      {data && (
        <>
          {data.terms[i18n.language as Language].sections.map(({ title, text }) => (
            <section key={title} className="space-y-1.5">
              <h2 className="font-serif text-22">{title}</h2>
              <p className="text-pretty whitespace-pre-line">{text}</p>
            </section>
          ))}
          <OwnConsent current={data.terms.version} />
          <Contact operator={data.operator} />
          <p className="text-13 text-soft" data-testid="terms-version">
            {t("privacy.version", { version: data.terms.version })}
          </p>
        </>
      )}
    </Sheet>
  );
}
