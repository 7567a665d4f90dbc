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
