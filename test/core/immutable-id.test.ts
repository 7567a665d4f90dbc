import fc from "fast-check";
import { expect, test } from "vitest";
import { guidToBytes, parseGuid } from "../../src/core/guid.ts";
import { guidFromImmutableId, immutableIdFromGuid } from "../../src/core/immutable-id.ts";

const guidArbitrary = fc.uuid().map((text) => {
  const guid = parseGuid(text);
  if (guid === null) throw new Error(text);
  return guid;
});

test("B07: the published vector gives the value that PowerShell's ToBase64String gives", () => {
  const guid = parseGuid("28d6e2d5-6368-4d5a-b671-d52b30172680");
  expect(guid && immutableIdFromGuid(guid)).toBe("1eLWKGhjWk22cdUrMBcmgA==");
});

test("B07: 10,000 random GUIDs give base64 of their 16 bytes and come back", () => {
  fc.assert(
    fc.property(guidArbitrary, (guid) => {
      const id = immutableIdFromGuid(guid);
      expect(id).toMatch(/^[A-Za-z0-9+/]{22}==$/);
      expect(Buffer.from(id, "base64")).toEqual(Buffer.from(guidToBytes(guid)));
      expect(guidFromImmutableId(id)).toBe(guid);
    }),
    { numRuns: 10_000 },
  );
});

for (const [what, text] of [
  ["base64 whose spare bits are set", "1eLWKGhjWk22cdUrMBcmgB=="],
  ["URL-safe base64", "1eLWKGhjWk22cdUrMBcm-A=="],
  ["a missing padding", "1eLWKGhjWk22cdUrMBcmgA"],
  ["15 bytes", "AAAAAAAAAAAAAAAAAAAA"],
  ["a custom anchor", "employee-4711"],
  ["a trailing line end", "1eLWKGhjWk22cdUrMBcmgA==\n"],
] as const) {
  test(`${what} stands for no GUID`, () => expect(guidFromImmutableId(text)).toBeNull());
}
