import fc from "fast-check";
import { BerReader, BerWriter, type Filter } from "ldapts";
import { expect, test } from "vitest";
import { filterByBeginnings, filterBySourceValues, MAX_VALUE_LENGTHS } from "../../../src/adapters/ldap/filter.ts";
import { guidFromBytes } from "../../../src/core/guid.ts";

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
  [
    "names at the length limit",
    ["x".repeat(MAX_VALUE_LENGTHS.sAMAccountName)],
    ["78".repeat(MAX_VALUE_LENGTHS.sAMAccountName)],
  ],
];
for (const [title, names, bytes] of cases) {
  test(`filterBySourceValues asserts ${title}`, () => {
    expect(assertionsOf(filterBySourceValues("sAMAccountName", names))).toEqual(
      bytes.map((hex) => ["sAMAccountName", hex]),
    );
  });
}

test("filterBySourceValues asks nothing about names that no account can have", () => {
  const impossible = ["", "x".repeat(MAX_VALUE_LENGTHS.sAMAccountName + 1), "\ud800", "ada\0", "\0"];
  expect(filterBySourceValues("sAMAccountName", impossible)).toBeNull();
  expect(assertionsOf(filterBySourceValues("sAMAccountName", [...impossible, "ada"]))).toEqual([
    ["sAMAccountName", "616461"],
  ]);
  expect(filterBySourceValues("sAMAccountName", [])).toBeNull();
});

test("B01: filterBySourceValues asserts exactly the UTF-8 bytes of any name", () => {
  const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }).filter((text) => !text.includes("\0"));
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 20 }), (names) => {
      const hex = names.map((text) => Buffer.from(text).toString("hex"));
      expect(assertionsOf(filterBySourceValues("sAMAccountName", names))).toEqual(
        hex.map((bytes) => ["sAMAccountName", bytes]),
      );
    }),
    { numRuns: 200 },
  );
});

test("filterBySourceValues asserts a GUID's bytes as stored, also those above 7f, once in whatever spelling", () => {
  const guid = "28d6e2d5-6368-4d5a-b671-d52b30172680";
  expect(assertionsOf(filterBySourceValues("objectGUID", [guid, `{${guid.toUpperCase()}}`, "no GUID"]))).toEqual([
    ["objectGUID", "d5e2d62868635a4db671d52b30172680"],
  ]);
  expect(filterBySourceValues("objectGUID", ["ada", ""])).toBeNull();
});

test("filterBySourceValues asserts any 16 bytes unchanged", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      expect(assertionsOf(filterBySourceValues("objectGUID", [guidFromBytes(bytes) ?? ""]))).toEqual([
        ["objectGUID", Buffer.from(bytes).toString("hex")],
      ]);
    }),
    { numRuns: 200 },
  );
});

test("filterBySourceValues asks for the attribute that the key names", () => {
  for (const key of ["userPrincipalName", "mail"] as const) {
    expect(assertionsOf(filterBySourceValues(key, ["a@b"]))).toEqual([[key, "614062"]]);
  }
});

test("filterBySourceValues asks only about texts that are a DN of an entry", () => {
  const noNames = ["", " ", "ada", "CN=", "CN=a,", "CN=a;OU=b", 'CN="a"', "CN=a\\00b", "CN=a\0"];
  expect(filterBySourceValues("distinguishedName", noNames)).toBeNull();
  expect(assertionsOf(filterBySourceValues("distinguishedName", [...noNames, "CN=a\\2Cb"]))).toEqual([
    ["distinguishedName", Buffer.from("CN=a\\2Cb").toString("hex")],
  ]);
});

test("filterByBeginnings asserts the beginning alone, and nothing for a text that no name begins with", () => {
  const writer = new BerWriter();
  filterByBeginnings(["a*b", "a*b", "", "\0", "x".repeat(300)])?.write(writer);
  const inner = Buffer.concat([
    Buffer.from("040e", "hex"),
    Buffer.from("sAMAccountName"),
    Buffer.from("30058003612a62", "hex"),
  ]);
  expect(writer.buffer.toString("hex")).toBe(`a119a417${inner.toString("hex")}`);
  expect(filterByBeginnings([""])).toBeNull();
});
