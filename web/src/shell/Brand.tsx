import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useInstance } from "../app/queries";

// An arena may have a name of its own; ours is translated.
const OWN_NAME = "Evenhand";

export function Brand() {
  const { t } = useTranslation();
  const { data: instance } = useInstance();
  const named = instance && instance.name !== OWN_NAME ? instance.name : t("name");
  return (
    <Link
      to="/"
      className="inline-flex items-center gap-2.5 rounded-control font-serif text-22 font-semibold"
    >
      <span aria-hidden="true" className="flex items-center gap-1">
        <span className="size-3 rounded-full bg-clay" />
        <span className="size-3 rounded-[2px] bg-sea" />
      </span>
      {named}
    </Link>
  );
}
