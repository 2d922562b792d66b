import { expect, it } from "vitest";
import { decode, encode } from "./base64url";

it.each([[[]], [[0]], [[251, 255]], [[251, 255, 254]]])("writes %j and reads it again", (bytes) => {
  const written = encode(new Uint8Array(bytes).buffer);
  expect(written).toMatch(/^[\w-]*$/);
  expect([...decode(written)]).toEqual(bytes);
});
