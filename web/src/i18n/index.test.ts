// @vitest-environment happy-dom
import i18next from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import { startTranslations } from ".";

/** What is asked for where types do not know of it: a server may be newer than the page. */
const said = (key: string, options = {}): string => i18next.t(key as never, options);

describe("texts", () => {
  beforeAll(startTranslations);

  it("are the page's own", () => expect(said("shell.newChat")).toBe("New chat"));

  it("are the word itself where the page knows none for it", () =>
    expect(said("notice.brandNew.title")).toBe("notice.brandNew.title"));

  it("are what stands in for them, where something does", () =>
    expect(said("account.browsers.brandNew", { ns: "account", defaultValue: "Brand New" })).toBe(
      "Brand New",
    ));

  it("whose file did not come are no keys that stand in their place", () =>
    expect(() => said("signIn.title", { ns: "account" })).toThrow("did not come"));
});
