import { Problem } from "../api/problem";
import { Notice } from "../ui/Notice";
import { useSignInProblem } from "./useSignInProblem";

interface SentBackProps {
  code: string | undefined;
}

/** Why somebody who went to a provider is here again without being signed in, as the address says. */
export function SentBack({ code }: SentBackProps) {
  const problemText = useSignInProblem();
  if (code === undefined) return null;
  return (
    <Notice tone="wrong" live testId="sent-back">
      <p>{problemText(new Problem({ code }))}</p>
    </Notice>
  );
}
