import type { i18n as I18n, ParseKeys } from "i18next";
import type boards from "../boards/locales/en.json";
import type account from "./locales/en/account.json";
import type aloud from "./locales/en/aloud.json";
import type asking from "./locales/en/asking.json";
import type consent from "./locales/en/consent.json";
import type data from "./locales/en/data.json";
import type install from "./locales/en/install.json";
import type mine from "./locales/en/mine.json";
import type operations from "./locales/en/operations.json";
import type page from "./locales/en/page.json";
import type sharing from "./locales/en/sharing.json";
import type shortcuts from "./locales/en/shortcuts.json";

// A text that does not exist cannot be asked for: its key is shown to the reader otherwise.
declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "page";
    resources: {
      account: typeof account;
      aloud: typeof aloud;
      asking: typeof asking;
      boards: typeof boards;
      consent: typeof consent;
      data: typeof data;
      install: typeof install;
      mine: typeof mine;
      operations: typeof operations;
      page: typeof page;
      sharing: typeof sharing;
      shortcuts: typeof shortcuts;
    };
  }
}

/** Whether the page has this text, for keys made of what a server says, which may be newer than the page. */
export const isKey = (i18n: I18n, key: string): key is ParseKeys => i18n.exists(key);
