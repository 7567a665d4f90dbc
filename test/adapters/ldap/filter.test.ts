import fc from "fast-check";
import { BerReader, BerWriter, type Filter } from "ldapts";
import { expect, test } from "vitest";
import { filterByAccountNames, filterByGuids, MAX_ACCOUNT_NAME_LENGTH } from "../../../src/adapters/ldap/filter.ts";
import { guidFromBytes, parseGuid } from "../../../src/core/guid.ts";

/** The assertions as they stand on the wire: attribute and bytes. */
function assertionsOf(filter: Filter | null): [string, string][] {
  const writer = new BerWriter();
  filter?.write(writer);
  const reader = new BerReader(writer.buffer);
  expect(reader.readSequence()).toBe(0xa1);
  const found: [string, string][] = [];
  while (reader.remain > 0) {
    expect(reader.readSequence()).toBe(0xa3);
    found.push([reader.readString() ?? "", reader.readString(0x04, true)?.toString("hex") ?? ""]);
  }
  return found;
}

const cases: readonly [title: string, names: readonly string[], bytes: readonly string[]][] = [
  ["plain names", ["ada", "ben"], ["616461", "62656e"]],
  ["a name once that is given twice", ["ada", "ada"], ["616461"]],
  ["a star as a star", ["a*"], ["612a"]],
  ["parentheses and a backslash as they are", [")(x=\\2a"], ["2928783d5c3261"]],
  ["letters beyond ASCII as UTF-8", ["josé", "日本"], ["6a6f73c3a9", "e697a5e69cac"]],
  ["names at the length limit", ["x".repeat(MAX_ACCOUNT_NAME_LENGTH)], ["78".repeat(MAX_ACCOUNT_NAME_LENGTH)]],
];
for (const [title, names, bytes] of cases) {
  test(`filterByAccountNames asserts ${title}`, () => {
    expect(assertionsOf(filterByAccountNames(names))).toEqual(bytes.map((hex) => ["sAMAccountName", hex]));
  });
}

test("filterByAccountNames asks nothing about names that no account can have", () => {
  const impossible = ["", "x".repeat(MAX_ACCOUNT_NAME_LENGTH + 1), "\ud800", "ada\0", "\0"];
  expect(filterByAccountNames(impossible)).toBeNull();
  expect(assertionsOf(filterByAccountNames([...impossible, "ada"]))).toEqual([["sAMAccountName", "616461"]]);
  expect(filterByAccountNames([])).toBeNull();
});

test("filterByAccountNames asserts exactly the UTF-8 bytes of any name", () => {
  const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }).filter((text) => !text.includes("\0"));
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 20 }), (names) => {
      const hex = names.map((text) => Buffer.from(text).toString("hex"));
      expect(assertionsOf(filterByAccountNames(names))).toEqual(hex.map((bytes) => ["sAMAccountName", bytes]));
    }),
    { numRuns: 200 },
  );
});

test("filterByGuids asserts the bytes as stored, also those above 7f", () => {
  const guid = parseGuid("28d6e2d5-6368-4d5a-b671-d52b30172680");
  expect(assertionsOf(filterByGuids(guid === null ? [] : [guid, guid]))).toEqual([
    ["objectGUID", "d5e2d62868635a4db671d52b30172680"],
  ]);
  expect(filterByGuids([])).toBeNull();
});

test("filterByGuids asserts any 16 bytes unchanged", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      const guid = guidFromBytes(bytes);
      expect(assertionsOf(filterByGuids(guid === null ? [] : [guid]))).toEqual([
        ["objectGUID", Buffer.from(bytes).toString("hex")],
      ]);
    }),
    { numRuns: 200 },
  );
});
