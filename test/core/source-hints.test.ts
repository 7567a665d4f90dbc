import { describe, expect, test } from "vitest";
import { askAbout, describeHint, type HintCandidate, indexHints } from "../../src/core/source-hints.ts";
import type { SourceKey } from "../../src/core/source-key.ts";
import { mapping } from "../support/facts.ts";

const TWENTY = "bartholomew.feathers";

describe("askAbout", () => {
  for (const [key, value, padded, beginning, otherKeys] of [
    ["sAMAccountName", "12345678", ["012345678", "0012345678"], null, []],
    ["sAMAccountName", "123456789", ["0123456789"], null, []],
    ["sAMAccountName", "1234567890", [], null, []],
    ["sAMAccountName", "12a", [], null, []],
    ["sAMAccountName", "a12", [], null, []],
    ["mail", "12345678", [], null, []],
    ["sAMAccountName", TWENTY, [], TWENTY, []],
    ["sAMAccountName", TWENTY.slice(0, 19), [], null, []],
    ["sAMAccountName", `${TWENTY}t`, [], null, []],
    ["mail", TWENTY, [], null, []],
    ["sAMAccountName", "ada@contoso.example", [], null, ["userPrincipalName", "mail"]],
    ["mail", "ada@contoso.example", [], null, ["userPrincipalName"]],
    ["userPrincipalName", "ada@contoso.example", [], null, ["mail"]],
  ] as const) {
    test(`looks up about the ${key} ${value}: ${[...padded, beginning ?? "", ...otherKeys].join(" ") || "nothing"}`, () =>
      expect(askAbout(key, value)).toEqual({ padded, beginning, otherKeys }));
  }
});

describe("indexHints", () => {
  const holds = (accountName: string, key: SourceKey = "sAMAccountName", value = accountName, domain = "CORP") =>
    ({ domain, key, value, accountName }) satisfies HintCandidate;
  const hints = (asked: string, candidates: readonly HintCandidate[], domain: string | null = null) =>
    indexHints("sAMAccountName", candidates)(mapping(2, asked, { domain }));

  test("finds names that lost their leading zeros, each account once and in order", () => {
    const candidates = [holds("0012"), holds("012"), holds("012"), holds("12"), holds("013")];
    expect(hints("12", candidates)).toEqual([
      { kind: "leading-zeros", key: "sAMAccountName", accounts: ["CORP\\0012", "CORP\\012"] },
    ]);
  });

  test("finds longer names that begin as the cut one does, and not those that are as long or begin otherwise", () => {
    const candidates = [
      holds(`${TWENTY.toUpperCase()}TON`),
      holds(TWENTY),
      holds("bartholomew.featherxton"),
      holds("x", "mail", `${TWENTY}ton`),
    ];
    expect(hints(TWENTY, candidates)).toEqual([
      { kind: "cut-off", key: "sAMAccountName", accounts: [`CORP\\${TWENTY.toUpperCase()}TON`] },
    ]);
    expect(hints("bartholomew", candidates)).toEqual([]);
    expect(hints(TWENTY, [holds(TWENTY)])).toEqual([]);
  });

  test("finds an address that stands under another attribute", () => {
    const address = "ada@contoso.example";
    expect(
      hints(address, [holds("ada", "mail", "ADA@contoso.example"), holds("ben", "userPrincipalName", address)]),
    ).toEqual([
      { kind: "other-key", key: "userPrincipalName", accounts: ["CORP\\ben"] },
      { kind: "other-key", key: "mail", accounts: ["CORP\\ada"] },
    ]);
  });

  test("looks in the row's own domain only, where it names one", () => {
    const candidates = [holds("012"), holds("012", "sAMAccountName", "012", "OLD")];
    expect(hints("12", candidates, "old")[0]?.accounts).toEqual(["OLD\\012"]);
    expect(hints("12", candidates, "elsewhere")).toEqual([]);
    expect(hints("12", candidates)[0]?.accounts).toEqual(["CORP\\012", "OLD\\012"]);
  });
});

for (const [kind, accounts, text] of [
  ["leading-zeros", ["CORP\\01"], "CORP\\01 exists: leading zeros were lost"],
  ["leading-zeros", ["CORP\\01", "CORP\\001"], "CORP\\01, CORP\\001 exist: leading zeros were lost"],
  ["cut-off", ["a", "b", "c"], "a longer name exists: a, b, c"],
  ["cut-off", ["a", "b", "c", "d", "e"], "a longer name exists: a, b, c and 2 more"],
  ["other-key", ["a"], "it is the mail of a: plan with --source-key mail if the column holds that"],
] as const) {
  test(`describeHint says: ${text}`, () => expect(describeHint({ kind, key: "mail", accounts })).toBe(text));
}
