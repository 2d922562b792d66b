// @vitest-environment happy-dom
import { cleanup, render, waitFor } from "@testing-library/react";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import page from "../../i18n/locales/en/page.json";
import Markdown from "./Markdown";

beforeAll(async () => {
  // The typesetter wants to know that the page has a doctype.
  Object.defineProperty(document, "compatMode", { value: "CSS1Compat" });
  await i18next.use(initReactI18next).init({ lng: "en", resources: { en: { translation: page } } });
});
afterEach(cleanup);

const draw = (text: string, streaming = false) =>
  render(<Markdown text={text} streaming={streaming} />).container;

describe("an answer's Markdown is safe", () => {
  it("shows raw HTML as text and makes no element of it", () => {
    const drawn = draw('before <img src=x onerror="alert(1)"> <b>bold</b>\n\n<script>alert(2)</script>');
    expect(drawn.querySelector("img, b, script")).toBeNull();
    expect(drawn.textContent).toContain("<script>alert(2)</script>");
  });

  it("loads no picture: its words and address become a link", () => {
    const drawn = draw("![a cat](https://example.org/cat.png?secret=1)");
    expect(drawn.querySelector("img")).toBeNull();
    expect(drawn.querySelector("a")?.getAttribute("href")).toBe("https://example.org/cat.png?secret=1");
  });

  it.each(["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc"])(
    "makes no link of %s",
    (address) => {
      const drawn = draw(`[click](${address})`);
      expect(drawn.querySelector("a")).toBeNull();
      expect(drawn.textContent).toContain("click");
    },
  );

  it("opens links in a page of their own that learns nothing of this one", () => {
    const link = draw("[there](https://example.org)").querySelector("a");
    expect(link?.target).toBe("_blank");
    expect(link?.rel).toBe("noopener noreferrer");
  });
});

describe("an answer's Markdown is drawn", () => {
  it("stresses Chinese next to its punctuation", () => {
    expect(draw("这叫**“天蓝色”**的道理。").querySelector("strong")?.textContent).toBe("“天蓝色”");
  });

  it("sets formulas, and leaves money alone", async () => {
    const drawn = draw("\\(x^2\\) for $5 and $10");
    await waitFor(() => expect(drawn.querySelectorAll(".katex")).toHaveLength(1));
    expect(drawn.textContent).toContain("for $5 and $10");
  });

  it("sets displayed formulas", async () => {
    const drawn = draw("so\n\\[x = 1\\]\nholds");
    await waitFor(() => expect(drawn.querySelector(".katex-display")).not.toBeNull());
  });

  it("colours code, and keeps it as it is", async () => {
    const drawn = draw("```python\ndef f():\n    return 1\n```");
    await waitFor(() => expect(drawn.querySelector("code span[style]")).not.toBeNull());
    expect(drawn.querySelector("code")?.textContent).toBe("def f():\n    return 1");
  });

  it("closes what is still open while it streams", () => {
    expect(draw("this is **bo", true).querySelector("strong")?.textContent).toBe("bo");
  });

  it("draws tables", () => {
    expect(draw("|a|b|\n|-|-|\n|1|2|").querySelectorAll("td")).toHaveLength(2);
  });
});
