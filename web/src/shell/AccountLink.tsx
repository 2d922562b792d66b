import { Link, useRouterState } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMe } from "../app/queries";
import { Icon } from "../ui/Icon";

const LOOK =
  "ml-auto inline-flex h-9 min-w-9 shrink-0 items-center justify-center gap-1.5 rounded-control px-2 text-15 font-medium text-soft transition-colors hover:bg-ink/5 hover:text-ink";

/** Signing in or, for whoever has, their account. Narrow screens show the drawing alone. */
export function AccountLink() {
  const { t } = useTranslation();
  const { data: me, isError } = useMe();
  const here = useRouterState({ select: ({ location }) => location });
  if (!me && !isError) return null;
  // Where the arena does not say who is here, the account's page says why.
  const toAccount = !me || me.kind === "voter";
  const words = toAccount ? t("shell.account") : t("shell.signIn");
  const shown = (
    <>
      <Icon name="person" size={17} />
      <span className="sr-only md:not-sr-only">{words}</span>
    </>
  );
  if (toAccount) {
    return (
      <Link to="/account" className={LOOK} data-testid="account-link">
        {shown}
      </Link>
    );
  }
  // Whoever is about to sign in goes on to where they were before.
  const next = here.pathname.startsWith("/sign-in") ? undefined : here.href;
  return (
    <Link to="/sign-in" search={{ next }} className={LOOK} data-testid="sign-in-link">
      {shown}
    </Link>
  );
}
