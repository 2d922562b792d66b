// @vitest-environment happy-dom
import { cleanup, render } from "@testing-library/react";
import i18next from "i18next";
import { Tooltip } from "radix-ui";
import { initReactI18next } from "react-i18next";
import { afterEach, beforeAll, expect, it } from "vitest";
import type { Response } from "../../api/types";
import en from "../../i18n/locales/en/page.json";
import zh from "../../i18n/locales/zh/page.json";
import { battle, response, turn } from "../model/samples";
import { Reconnecting } from "../reconnecting";
import { AnswerPair } from "./AnswerPair";

beforeAll(async () => {
  const resources = { en: { translation: en }, zh: { translation: zh } };
  await i18next.use(initReactI18next).init({ lng: "en", resources });
});
afterEach(cleanup);

const draw = (inLine: boolean, responses: Response[], connected = true) => {
  const { getByTestId } = render(
    <Reconnecting value={!connected}>
      <Tooltip.Provider>
        <AnswerPair
          turn={turn({ responses })}
          battle={battle({ in_line: inLine })}
          lastOfBattle={true}
          linked={false}
        />
      </Tooltip.Provider>
    </Reconnecting>,
  );
  // The letter of the side is the only difference there may be.
  const words = (id: string) => getByTestId(id).textContent?.replace(/[AB]$|^[AB]/, "");
  return {
    cards: ["answer-a", "answer-b"].map(words),
    switches: ["side-switch-a", "side-switch-b"].map(words),
  };
};
const both = (fields: Partial<Response> = {}) => [response("a", fields), response("b", fields)];
const text = { status: "streaming", parts: [{ index: 0, kind: "text", text: "One" }] } as const;

it.each(["en", "zh"] as const)(
  "says alike of both sides that the turn stands in line (%s)",
  async (language) => {
    await i18next.changeLanguage(language);
    const { answer } = language === "en" ? en : zh;
    const { cards, switches } = draw(true, both({ status: "streaming" }));
    for (const shown of cards) {
      expect(shown).toContain(answer.inLine);
      expect(shown).toContain(answer.state.inLine);
      expect(shown).not.toContain(answer.state.waiting);
    }
    expect(cards[0]).toBe(cards[1]);
    expect(switches).toEqual([answer.state.inLine, answer.state.inLine]);
    await i18next.changeLanguage("en");
  },
);

it("goes back to waiting for both when the turn does not stand in line any more", () => {
  const { cards, switches } = draw(false, both({ status: "streaming" }));
  expect(cards.join()).not.toContain(en.answer.inLine);
  expect(switches).toEqual([en.answer.state.waiting, en.answer.state.waiting]);
});

it.each([
  ["has words", text],
  ["has failed", { status: "failed", error: "failed" }],
] as [string, Partial<Response>][])("says so of neither side once one %s", (_, fields) => {
  const { cards, switches } = draw(true, [response("a", fields), response("b")]);
  expect(cards.join()).not.toContain(en.answer.inLine);
  expect(switches[1]).toBe(en.answer.state.waiting);
});

it("says that it reconnects while it cannot know whether the turn stands in line", () => {
  const { cards, switches } = draw(true, both(), false);
  expect(cards.join()).not.toContain(en.answer.inLine);
  expect(switches).toEqual([en.answer.state.reconnecting, en.answer.state.reconnecting]);
});
