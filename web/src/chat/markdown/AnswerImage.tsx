import type { ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import type { ExtraProps } from "streamdown";
import { AnswerLink } from "./AnswerLink";

/** Pictures from elsewhere are not loaded: their address could carry the conversation away. A link stands in. */
export function AnswerImage({ src, alt }: ComponentProps<"img"> & ExtraProps) {
  const { t } = useTranslation();
  const words = t("answer.image", { alt: alt || t("answer.imageWithoutText") });
  return <AnswerLink href={typeof src === "string" ? src : undefined}>{words}</AnswerLink>;
}
