import { expect, test } from "vitest";
import { domainSidOf, isBuiltInAccount, parseSid, sidFromBytes } from "../../src/core/security-identifier.ts";

/** Both forms of this one stand in IAMDbMsAdScriptTest.java; see test/support/ad-exports/write-csvde.ts. */
const ADA = "S-1-5-21-2127521184-1604012920-1887927527-72713";
const ADA_BYTES = "010500000000000515000000A065CF7E784B9B5FE77C8770091C0100";

test("sidFromBytes and parseSid give one spelling", () => {
  expect(sidFromBytes(Buffer.from(ADA_BYTES, "hex"))).toBe(ADA);
  expect(parseSid(` ${ADA.toLowerCase()} `)).toBe(ADA);
  expect(parseSid("s-1-0X0123456789AB-1")).toBe("S-1-0x0123456789ab-1");
});

test.each(["", "S-1-5", "S-2-5-21-1", "ada", "S-1-5-21-1-2-3-", "S-1-5-21-1-x", `${ADA};${ADA}`])(
  "parseSid finds no SID in %j",
  (text) => {
    expect(parseSid(text)).toBeNull();
  },
);

test("domainSidOf leaves out the last part of a domain's accounts, and knows no domain of the others", () => {
  expect(domainSidOf(ADA)).toBe("S-1-5-21-2127521184-1604012920-1887927527");
  for (const sid of ["S-1-5-32-544", "S-1-5-18", "S-1-5-21-2127521184-1604012920-1887927527"])
    expect(domainSidOf(sid)).toBeNull();
});

test("isBuiltInAccount knows administrator, guest and krbtgt of any domain", () => {
  const domain = "S-1-5-21-1-2-3";
  expect(["500", "501", "502", "1104", "5001"].filter((rid) => isBuiltInAccount(`${domain}-${rid}`))).toEqual([
    "500",
    "501",
    "502",
  ]);
  expect(isBuiltInAccount("S-1-5-32-500")).toBe(false);
  expect(isBuiltInAccount(null)).toBe(false);
});

/** A header of this revision and count, an authority and so many parts of 1. */
function sidBytes({ revision = 1, count = 1, authority = [0, 0, 0, 0, 0, 5], extra = 0 } = {}): Uint8Array {
  const parts = Array.from({ length: count + extra }, () => [1, 0, 0, 0]).flat();
  return Uint8Array.from([revision, count, ...authority, ...parts]);
}

for (const [title, bytes, expected] of [
  ["fifteen parts are the most", sidBytes({ count: 15 }), `S-1-5${"-1".repeat(15)}`],
  ["sixteen are too many", sidBytes({ count: 16 }), null],
  ["another revision is unknown", sidBytes({ revision: 2 }), null],
  ["a part is missing", sidBytes({ count: 2, extra: -1 }), null],
  ["a part is left over", sidBytes({ extra: 1 }), null],
  ["there is nothing", new Uint8Array(0), null],
  ["there is one byte", Uint8Array.of(1), null],
  ["there is half a header", Uint8Array.of(1, 1, 0, 0), null],
  ["the largest decimal authority", sidBytes({ authority: [0, 0, 255, 255, 255, 255] }), "S-1-4294967295-1"],
  ["the first hexadecimal authority", sidBytes({ authority: [0, 1, 0, 0, 0, 0] }), "S-1-0x000100000000-1"],
] as const) {
  test(`sidFromBytes: ${title}`, () => expect(sidFromBytes(bytes)).toBe(expected));
}

test("domainSidOf takes nothing but a whole SID", () => {
  expect([domainSidOf(`x${ADA}`), domainSidOf(`${ADA}x`)]).toEqual([null, null]);
});
