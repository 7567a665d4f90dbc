import fc from "fast-check";
import { expect, test } from "vitest";
import { guidFromBytes, guidToBytes, guidToFilterBytes, parseGuid } from "../../src/core/guid.ts";

const published = parseGuid("28d6e2d5-6368-4d5a-b671-d52b30172680");

test("B07: the published vector has its first three groups little-endian in the bytes", () => {
  expect(published && Buffer.from(guidToBytes(published)).toString("hex")).toBe("d5e2d62868635a4db671d52b30172680");
});

test("the filter form is the bytes as stored, each escaped", () => {
  expect(published && guidToFilterBytes(published)).toBe(
    "\\d5\\e2\\d6\\28\\68\\63\\5a\\4d\\b6\\71\\d5\\2b\\30\\17\\26\\80",
  );
});

test("B07: 10,000 random GUIDs come back from their bytes unchanged", () => {
  fc.assert(
    fc.property(fc.uuid(), (text) => {
      const guid = parseGuid(text);
      expect(guid && guidFromBytes(guidToBytes(guid))).toBe(text.toLowerCase());
    }),
    { numRuns: 10_000 },
  );
});

for (const [what, text, expected] of [
  ["capitals", "28D6E2D5-6368-4D5A-B671-D52B30172680", published],
  ["braces", "{28d6e2d5-6368-4d5a-b671-d52b30172680}", published],
  ["outer blanks", " 28d6e2d5-6368-4d5a-b671-d52b30172680 ", published],
  ["one brace only", "{28d6e2d5-6368-4d5a-b671-d52b30172680", null],
  ["no dashes", "28d6e2d563684d5ab671d52b30172680", null],
  ["a letter that is no hex digit", "28d6e2d5-6368-4d5a-b671-d52b3017268g", null],
  ["nothing", "", null],
] as const) {
  test(`parseGuid reads ${what} as ${expected === null ? "no GUID" : "the GUID"}`, () =>
    expect(parseGuid(text)).toBe(expected));
}

for (const length of [0, 15, 17, 20]) {
  test(`${length} bytes are no GUID`, () => expect(guidFromBytes(new Uint8Array(length))).toBeNull());
}
