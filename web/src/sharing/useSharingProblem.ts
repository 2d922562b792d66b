import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";
import { useProblemText } from "../ui/useProblemText";

/** An error as a sentence, also those that sharing alone has: their texts come with its page. */
export function useSharingProblem(): (error: unknown) => string {
  const { t } = useTranslation("sharing");
  const problemText = useProblemText();
  return (error) => {
    const document = error instanceof Problem ? error.document : undefined;
    const own = t(`problem.${document?.code}`, { limit: document?.limit, defaultValue: "" });
    return own || problemText(error);
  };
}
