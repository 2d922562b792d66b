import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

type Texts = [key: string, text: string][];

function texts(node: unknown, key = ""): Texts {
  if (typeof node === "string") return [[key, node]];
  return Object.entries(node as object).flatMap(([name, value]) =>
    texts(value, key ? `${key}.${name}` : name),
  );
}

const values = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}|<(\w+)>/g)].map(([whole]) => whole).sort();

const LOCALES = join(import.meta.dirname, "locales");
const namespaces = readdirSync(join(LOCALES, "en"));
const read = (language: string, namespace: string): Texts =>
  texts(JSON.parse(readFileSync(join(LOCALES, language, namespace), "utf8")));

describe("the two languages", () => {
  it("have the same files", () => expect(readdirSync(join(LOCALES, "zh"))).toEqual(namespaces));

  describe.each(namespaces)("in %s", (namespace) => {
    const [english, chinese] = [read("en", namespace), read("zh", namespace)];

    it("have the same texts", () => {
      expect(chinese.map(([key]) => key)).toEqual(english.map(([key]) => key));
    });

    it("put the same values into them", () => {
      const said = new Map(english);
      for (const [key, text] of chinese) {
        expect([key, values(text)]).toEqual([key, values(said.get(key) ?? "")]);
      }
    });

    it("leave no text empty", () => {
      for (const [key, text] of [...english, ...chinese]) expect(text.trim(), key).not.toBe("");
    });
  });
});

const SOURCE = join(import.meta.dirname, "..");
const components = readdirSync(SOURCE, { recursive: true, encoding: "utf8" }).filter(
  (name) => name.endsWith(".tsx") && !name.endsWith(".test.tsx"),
);

/** The words that a component writes by itself: between tags, or in attributes that are read or shown. */
function ownWords(source: string): string[] {
  const file = ts.createSourceFile("x.tsx", source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const spoken = new Set(["aria-label", "title", "placeholder", "alt", "label"]);
  const visit = (node: ts.Node) => {
    if (ts.isJsxText(node)) found.push(node.text);
    if (ts.isJsxAttribute(node) && spoken.has(node.name.getText()) && node.initializer) {
      if (ts.isStringLiteral(node.initializer)) found.push(node.initializer.text);
    }
    if (
      ts.isStringLiteral(node) &&
      ts.isJsxExpression(node.parent) &&
      !ts.isJsxAttribute(node.parent.parent)
    ) {
      found.push(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  // Signs between words, and the letters of the sides, are the same in every language.
  return found.map((text) => text.replace(/&\w+;/g, " ").trim()).filter((text) => /\p{L}{2}/u.test(text));
}

describe("components", () => {
  it("are found", () => expect(components.length).toBeGreaterThan(30));

  it.each(components)("%s leaves its words to the translations", (name) => {
    expect(ownWords(readFileSync(join(SOURCE, name), "utf8"))).toEqual([]);
  });

  it("would be caught with words of their own", () => {
    expect(ownWords('<p title="Hello">Good {"morning"}</p>')).toEqual(["Hello", "Good", "morning"]);
  });
});
