import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Passkey } from "../../api/types";
import { useInstance } from "../../app/queries";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import { PASSKEYS, WAYS_IN } from "../waysIn";
import { beginPasskey, getPasskeys, keepPasskey, removePasskey } from "./api";
import { create, forget, passkeysWork } from "./ceremonies";
import { PasskeyItem } from "./PasskeyItem";
import { usePasskeyProblem } from "./usePasskeyProblem";
import { usePasskeyWords } from "./usePasskeyWords";

/** One's passkeys; where they work, another can be added. */
export function PasskeyList() {
  const { t } = useTranslation("account");
  const problemOf = usePasskeyProblem();
  const { nameOf } = usePasskeyWords();
  const client = useQueryClient();
  const { data: instance } = useInstance();
  const heading = useRef<HTMLHeadingElement>(null);
  const passkeys = useQuery({ queryKey: PASSKEYS, queryFn: getPasskeys, staleTime: 0 });
  const seeAgain = () => client.invalidateQueries({ queryKey: WAYS_IN });
  const add = useMutation({
    mutationFn: async () => keepPasskey(await create((await beginPasskey()).public_key)),
    onSettled: seeAgain,
  });
  const remove = useMutation({
    mutationFn: ({ id }: Passkey) => removePasskey(id),
    onSuccess: (_, { credential_id }) => {
      // The button that was pressed goes away with its passkey; the reader stays at the list.
      heading.current?.focus();
      void forget(credential_id);
    },
    onSettled: seeAgain,
  });
  const works = passkeysWork(instance?.sign_in.passkeys);
  const own = passkeys.data?.passkeys ?? [];
  if (!works && own.length === 0) return null;
  const problem = problemOf(add.error ?? remove.error ?? passkeys.error);
  const onlyWay = own.length > 0 && passkeys.data?.only_way;
  return (
    <section aria-labelledby="passkeys" className="space-y-2">
      <h2 id="passkeys" ref={heading} tabIndex={-1} className="font-serif text-22 outline-none">
        {t("passkeys.title")}
      </h2>
      <p className="text-pretty text-soft">{t("passkeys.note")}</p>
      {onlyWay && (
        <Notice tone="care" title={t("passkeys.onlyWay.title")} testId="only-passkeys">
          <p className="text-pretty">{t("passkeys.onlyWay.text")}</p>
          {instance && instance.sign_in.email !== "off" && (
            <Link
              to="/sign-in"
              search={{ next: "/account" }}
              className="font-medium text-sea underline underline-offset-4"
              data-testid="add-address"
            >
              {t("passkeys.onlyWay.address")}
            </Link>
          )}
        </Notice>
      )}
      {own.length > 0 && (
        <ul className="divide-y divide-line border-y border-line">
          {own.map((passkey) => (
            <PasskeyItem
              key={passkey.id}
              passkey={passkey}
              removing={remove.isPending}
              onRemove={() => {
                add.reset();
                remove.mutate(passkey);
              }}
            />
          ))}
        </ul>
      )}
      <p role="status" className="text-soft" data-testid="passkeys-changed">
        {add.isSuccess && t("passkeys.added", { name: nameOf(add.data) })}
        {remove.isSuccess && t("passkeys.removed", { name: nameOf(remove.variables) })}
      </p>
      {problem !== null && (
        <Notice tone="wrong" live testId="problem">
          <p>{problem}</p>
        </Notice>
      )}
      {works && (
        <Button
          onClick={() => {
            remove.reset();
            add.mutate();
          }}
          disabled={add.isPending}
          data-testid="add-passkey"
        >
          {t("passkeys.add")}
        </Button>
      )}
    </section>
  );
}
