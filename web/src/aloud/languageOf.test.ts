import { expect, it } from "vitest";
import { languageOf } from "./languageOf";

it.each([
  ["The sky is blue, and that is because of the air.", "zh", "en"],
  ["Der Himmel ist blau, und das ist nicht zu ändern.", "en", "de"],
  ["Le ciel est bleu et les nuages sont dans le ciel.", "en", "fr"],
  ["天空是蓝色的，因为空气散射阳光。", "en", "zh"],
  ["用 Python 的 asyncio 写一个 HTTP server 很简单。", "en", "zh"],
  ["空は青いです。それは空気のためです。", "en", "ja"],
  ["하늘은 파랗습니다.", "en", "ko"],
  ["Небо голубое.", "en", "ru"],
])("hears what %j is in (read on a page in %s): %s", (text, page, language) => {
  expect(languageOf(text, page)).toBe(language);
});

it("looks at the words, not at the code among them", () => {
  const code = "```python\nfor the_of in and_to: is_that(the, of, and_)\n```";
  expect(languageOf(`下面是代码：\n${code}\n完。`, "en")).toBe("zh");
});

it.each(["en", "zh"])("takes Latin letters that tell nothing for English (page in %s)", (page) => {
  expect(languageOf("OK 42", page)).toBe("en");
});
