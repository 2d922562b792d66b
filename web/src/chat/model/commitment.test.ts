// @vitest-environment happy-dom
import { createHash } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import type { RevealedSide } from "../../api/types";
import { commitmentOf, keepsCommitment } from "./commitment";
import { notePromises, promised } from "./promises";
import { battle } from "./samples";

const revealed = (fields: Partial<RevealedSide> = {}): RevealedSide => {
  const side = {
    slug: "swift-1",
    name: "Swift 1",
    organization: "Acme",
    license: null,
    demo: false,
    price: null,
    context: null,
    configuration: "c0ffee",
    salt: "5a17",
    commitment: "",
    statistics: {
      input_tokens: null,
      output_tokens: null,
      reasoning_tokens: null,
      first_token_ms: null,
      duration_ms: null,
      tokens_per_second: null,
      cost_usd: null,
    },
    ...fields,
  };
  // By another implementation than the page's own.
  const lines = `evenhand-commitment-1\nbattle-1\na\n${side.slug}\n${side.configuration}\n${side.salt}`;
  return { ...side, commitment: fields.commitment ?? createHash("sha256").update(lines).digest("hex") };
};

describe("the commitment", () => {
  it("is the SHA-256 of its six lines", () => {
    const side = revealed();
    expect(commitmentOf("battle-1", "a", side)).toBe(side.commitment);
  });

  it("is kept by the contestant that was drawn", () => {
    const side = revealed();
    expect(keepsCommitment("battle-1", "a", side, side.commitment)).toBe(true);
  });

  it("is broken by another name with a commitment made to fit it afterwards", () => {
    const drawn = revealed();
    const swapped = revealed({ slug: "meadow-7b" });
    expect(keepsCommitment("battle-1", "a", swapped, drawn.commitment)).toBe(false);
  });

  it.each([["battle-2", "a"] as const, ["battle-1", "b"] as const])(
    "does not hold for battle %s, side %s",
    (id, name) => {
      const side = revealed();
      expect(keepsCommitment(id, name, side, side.commitment)).toBe(false);
    },
  );

  it("is broken by a reveal that names another digest", () => {
    const side = revealed();
    expect(keepsCommitment("battle-1", "a", { ...side, commitment: "00" }, side.commitment)).toBe(false);
  });
});

describe("what was promised", () => {
  beforeEach(() => localStorage.clear());

  it("stays as it was first seen, whatever comes later", () => {
    notePromises([battle({ commitments: { a: "first", b: null } })]);
    notePromises([battle({ commitments: { a: "second", b: null } })]);
    expect(promised(battle({ commitments: { a: "third", b: null } }))).toEqual({ a: "first", b: null });
  });

  it("is what the battle carries when this browser saw nothing earlier", () => {
    expect(promised(battle())).toEqual({ a: "aa", b: "bb" });
  });
});
