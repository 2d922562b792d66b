import type { TFunction } from "i18next";

export function licenseText(license: string | null, t: TFunction<"boards">): string | null {
  return license?.toLowerCase() === "proprietary" ? t("proprietary") : license;
}
