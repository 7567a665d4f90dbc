import fc from "fast-check";
import { expect, test } from "vitest";
import { isUnderDn, parseDn, sameDn } from "../../src/core/distinguished-name.ts";

const same: readonly [title: string, one: string, other: string][] = [
  ["case does not count", "CN=Ada,OU=People,DC=corp", "cn=ADA,ou=people,dc=CORP"],
  ["spaces around separators do not count", "CN=Ada,OU=People", " CN = Ada , OU =People "],
  ["an escaped sign is the same as its bytes in hex", "CN=Smith\\, Ada,OU=P", "CN=Smith\\2C Ada,OU=P"],
  ["a sign that needs no escape is the same with one", "CN=a=b", "CN=a\\=b"],
  ["UTF-8 bytes in hex are the letter", "CN=Jos\\C3\\A9", "CN=José"],
  ["an escaped space at the end belongs to the value", "CN=ada\\ ,OU=P", "CN=ada\\20,OU=P"],
  ["pairs of one part may stand in any order", "CN=ada+UID=7,OU=P", "uid=7+cn=ada,OU=P"],
  ["an escaped backslash is no escape", "CN=a\\\\,OU=P", "CN=a\\5C,OU=P"],
];
for (const [title, one, other] of same) test(`sameDn: ${title}`, () => expect(sameDn(one, other)).toBe(true));

const different: readonly [title: string, one: string, other: string][] = [
  ["an accent", "CN=jose", "CN=josé"],
  ["an escaped comma is no border between parts", "CN=a\\,OU=P", "CN=a,OU=P"],
  ["an escaped plus is no border between pairs", "CN=a\\+uid=7", "CN=a+uid=7"],
  ["a value with an escaped space at its end", "CN=ada\\ ", "CN=ada"],
  ["a no-break space, which is no space around a value", "CN=ada\u00a0", "CN=ada"],
  ["a parent", "CN=ada,OU=P", "OU=P"],
  ["another type", "CN=ada", "OU=ada"],
  ["no DN is the same as nothing, not even as itself", "ada", "ada"],
  ["a DN is not the same as what is none", "CN=ada", "ada"],
  ["the Kelvin sign is no k", "CN=\u212Aelvin", "CN=kelvin"],
];
for (const [title, one, other] of different) {
  test(`sameDn keeps apart: ${title}`, () => expect(sameDn(one, other)).toBe(false));
}

test.each([
  "ada",
  "CN",
  "=ada",
  "CN=",
  "CN=a,",
  ",CN=a",
  "CN=a;OU=b",
  'CN="a"',
  "CN=a\\",
  "CN=\\zz",
  "CN=#0",
  "C N=a",
  "CN=<a>",
  "CN=\\ff",
  "CN=a\0",
])("parseDn refuses %j", (text) => expect(parseDn(text)).toBeNull());

test("parseDn takes the empty text for the root, which has no parts", () => {
  expect([parseDn(""), parseDn(" ")]).toEqual([[], []]);
});

test("parseDn gives the same parts for any value, whether every character of it is escaped or only those that must be", () => {
  const value = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }).filter((text) => !text.includes("\0"));
  const hex = (text: string) =>
    Array.from(Buffer.from(text), (byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");
  const least = (text: string) => text.replace(/[\\",;<>+=#]/g, "\\$&").replace(/^\s|\s$/g, (space) => hex(space));
  fc.assert(
    fc.property(value, value, (one, other) => {
      expect(parseDn(`CN=${least(one)},OU=${least(other)}`)).toEqual(parseDn(`cn=${hex(one)},ou=${hex(other)}`));
      expect(parseDn(`CN=${least(one)},OU=${least(other)}`)).toHaveLength(2);
    }),
  );
});

test("isUnderDn holds for the ancestor itself and for everything below it, and for nothing beside it", () => {
  const ancestor = "OU=People, DC=corp";
  expect(["OU=People,DC=corp", "cn=ada,ou=people,dc=CORP"].map((dn) => isUnderDn(dn, ancestor))).toEqual([true, true]);
  const beside = ["DC=corp", "CN=ada,OU=Pets,DC=corp", "CN=a\\,OU=People,DC=corp", "OU=Our People,DC=corp", "ada"];
  expect(beside.map((dn) => isUnderDn(dn, ancestor))).toEqual(beside.map(() => false));
  expect(isUnderDn("CN=ada", "")).toBe(true);
});

test("isUnderDn counts parts from the right, and knows no place below what is no DN", () => {
  expect(isUnderDn("OU=P,DC=corp", "DC=corp")).toBe(true);
  expect(isUnderDn("DC=corp", "OU=P,DC=corp")).toBe(false);
  expect(isUnderDn("DC=corp", "DC=corp,DC=corp")).toBe(false);
  expect(isUnderDn("OU=P,DC=corp", "corp")).toBe(false);
  expect(isUnderDn("corp", "DC=corp")).toBe(false);
  expect(isUnderDn("DC=corp", "")).toBe(true);
});

test("parseDn gives types and values folded, with every special sign escaped in one way", () => {
  expect(parseDn("CN=Smith\\2C Ada,OU=A\\3DB")).toEqual(["cn=smith\\, ada", "ou=a\\=b"]);
  expect(parseDn("CN=  Ada  ")).toEqual(["cn=ada"]);
  expect(parseDn("CN=ada\\ \\  ")).toEqual(["cn=ada  "]);
  expect(parseDn("CN=a\\+2C")).toEqual(["cn=a\\+2c"]);
  expect(parseDn("CN=a+b")).toBeNull();
  expect(parseDn("a+CN=b")).toBeNull();
});
