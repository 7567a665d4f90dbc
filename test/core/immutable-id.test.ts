import fc from "fast-check";
import { expect, test } from "vitest";
import { guidToBytes, parseGuid } from "../../src/core/guid.ts";
import { canBeWrittenBack, guidFromImmutableId, immutableIdFromGuid } from "../../src/core/immutable-id.ts";
import { account, cloudUser, mapping, planOf } from "../support/facts.ts";

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

test.each([
  ["1eLWKGhjWk22cdUrMBcmgA==", true],
  ["+1/AAAAAAAAAAAAAAAAAAA==", true],
  ["x".repeat(60), true],
  ["employee-1017", true],
  ["", false],
  ["employee_1017", false],
  ["a$b", false],
  ["a b", false],
])("C34: an old value %j can be written back: %s", (held, expected) => {
  expect(canBeWrittenBack(held)).toBe(expected);
});

test("C34: a plan that would overwrite a value that nothing restores says so", () => {
  const detailOf = (held: string) =>
    planOf({
      accounts: [account("ada")],
      users: [cloudUser("ada", { immutableId: held })],
      mappings: [mapping(2, "ada")],
      options: { replace: true },
    }).findings.find(({ code }) => code === "target-has-other-id")?.detail;
  expect(detailOf("employee-1017")).toBe("holds employee-1017");
  expect(detailOf("employee_1017")).toBe(
    "holds employee_1017, which Graph would not take back: no rollback can restore it",
  );
});

test("nothing stands before or after an immutable ID", () => {
  const text = immutableIdFromGuid(account("ada").objectGuid);
  expect(guidFromImmutableId(text)).toBe(account("ada").objectGuid);
  expect([guidFromImmutableId(` ${text}`), guidFromImmutableId(`${text} `)]).toEqual([null, null]);
});
