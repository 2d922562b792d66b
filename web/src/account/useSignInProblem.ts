import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";
import { useProblemText } from "../ui/useProblemText";

/** What went wrong at signing in: one sentence. What only signing in can come to is told in its own texts. */
export function useSignInProblem(): (error: unknown) => string {
  const { t } = useTranslation("account");
  const problemText = useProblemText();
  return (error) => {
    const said = problemText(error);
    if (!(error instanceof Problem)) return said;
    return t(`problem.${error.document.code}`, { defaultValue: said });
  };
}
