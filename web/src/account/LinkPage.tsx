import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useRouterState } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { getLink, signIn } from "../api/endpoints";
import { whileTemporary } from "../app/query";
import { useTitle } from "../app/useTitle";
import { startOver } from "../app/whoIsHere";
import { LINK } from "../ui/link";
import { Notice } from "../ui/Notice";
import { useProblemText } from "../ui/useProblemText";
import { ConfirmLink } from "./ConfirmLink";
import { Sheet } from "./Sheet";

// What is copied together with a full stop or a word after it is no token, and could not even be sent as one.
const TOKEN = /^[\w-]{1,200}$/;

/** Where the link in the mail leads. Only its button signs in: mail scanners open links, too. */
export default function LinkPage() {
  const { t } = useTranslation("account");
  const problemText = useProblemText();
  const token = useRouterState({ select: ({ location }) => location.hash });
  const whole = TOKEN.test(token);
  const link = useQuery({
    queryKey: ["sign-in-link", token],
    queryFn: () => getLink(token),
    enabled: whole,
    retry: whileTemporary,
    refetchOnWindowFocus: "always", // chats may have been begun in another tab
    gcTime: 0,
  });
  const use = useMutation({
    mutationFn: (bring: boolean) => signIn(token, bring),
    onSuccess: ({ next }) => startOver(next),
  });
  useTitle(t("signIn.title"));

  const refused = link.error && !use.isPending && !use.isSuccess ? problemText(link.error) : null;
  const problem = whole ? refused : t("link.incomplete");
  return (
    <Sheet title={t("signIn.title")}>
      {problem !== null && (
        <>
          <Notice tone="wrong" live testId="problem">
            <p>{problem}</p>
          </Notice>
          <Link to="/sign-in" className={`inline-block ${LINK}`} data-testid="another-link">
            {t("link.another")}
          </Link>
        </>
      )}
      {problem === null && !link.data && (
        <p role="status" className="text-soft">
          {t("link.looking")}
        </p>
      )}
      {problem === null && link.data && (
        <ConfirmLink
          link={link.data}
          onSignIn={use.mutate}
          signingIn={use.isPending || use.isSuccess}
          problem={use.error && problemText(use.error)}
        />
      )}
    </Sheet>
  );
}
