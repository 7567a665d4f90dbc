/** The way back of rows that have given an AD account its user's ID. */
import { expect, test } from "vitest";
import type { AdAccount } from "../../src/core/ad-account.ts";
import type { Guid } from "../../src/core/guid.ts";
import type { ResultLine } from "../../src/core/result-line.ts";
import { makeRollbackPlan } from "../../src/core/rollback.ts";
import type { PresentAccount } from "../../src/core/rollback-verdict.ts";
import { account, bytesOf, digest, guidFor, idOf } from "../support/facts.ts";
import { inWords, line, run, tenantNow } from "../support/rollback-record.ts";

const ADA = account("ada").objectGuid;

/** Row 2 has written Ada's account. */
const written = (previous: string | null, immutableId: string | null, changes: Partial<ResultLine> = {}) =>
  line(2, previous, immutableId, {
    side: "ad",
    action: previous === null ? "set-consistency-guid" : "replace-consistency-guid",
    objectId: ADA,
    account: "ada",
    userPrincipalName: "ada@contoso.example",
    ...changes,
  });

/** Ada's account, holding the ID of this name now; `undefined` is an account that is gone. */
function accountsNow(
  held: string | null | undefined,
  {
    takenOver = false,
    server = null,
    ...changes
  }: Partial<AdAccount> & Partial<Pick<PresentAccount, "takenOver" | "server">> = {},
): ReadonlyMap<Guid, PresentAccount> {
  if (held === undefined) return new Map();
  const consistencyGuid = held === null ? null : bytesOf(guidFor(`ad ${held}`));
  const present = { account: account("ada", { consistencyGuid, ...changes, objectGuid: ADA }), takenOver, server };
  return new Map([[ADA, present]]);
}

const reverse = (record: ResultLine, accounts: ReadonlyMap<Guid, PresentAccount>, domains: readonly string[]) =>
  makeRollbackPlan(
    run([record]),
    { users: tenantNow({ 2: "A" }), accounts },
    {
      ...{ cloud: "global", rows: null, digest },
      directories: domains.map((domain) => ({ domain, domainId: guidFor(domain) })),
    },
  ).plan;

const OURS = idOf("ours");
const OLD = idOf("old");
const HELD = (name: string) => `CORP\\ada holds ${idOf(name)}`;

for (const [title, before, held, takenOver, change, settled, detail] of [
  ["gets its old value back where it holds ours", OLD, "ours", false, `2.1 "${OURS}">"${OLD}"`, null, null],
  ["that had no value is emptied", null, "ours", false, `2.1 "${OURS}">null`, null, null],
  ["that holds its old value again needs nothing", OLD, "old", false, null, "already", null],
  ["that is empty again needs nothing", null, null, false, null, "already", null],
  ["with a foreign value is left alone", OLD, "foreign", false, null, "drift", HELD("foreign")],
  ["that somebody has emptied is left alone", OLD, null, false, null, "drift", "CORP\\ada holds no ID"],
  ["that sync has taken over is left alone", OLD, "ours", true, null, "taken-over", HELD("ours")],
  ["that nobody finds is named", OLD, undefined, false, null, "drift", "CORP\\ada no longer exists"],
] as const) {
  test(`an account ${title}`, () => {
    const { changes, rows, findings } = reverse(written(before, OURS), accountsNow(held, { takenOver }), ["CORP"]);
    expect(changes.map(inWords)).toEqual(change === null ? [] : [change]);
    expect(changes.map(({ side, name, objectId }) => [side, name, objectId])).toEqual(
      change === null ? [] : [["ad", "CORP\\ada", ADA]],
    );
    expect(rows.map((row) => row.settled)).toEqual([settled]);
    expect(findings.map((finding) => finding.detail)).toEqual(detail === null ? [] : [detail]);
  });
}

test("a row that writes an account back names its cloud user, and no user as what is written", () => {
  const [row] = reverse(written(OLD, OURS), accountsNow("ours"), ["CORP"]).rows;
  expect(row).toMatchObject({
    side: "ad",
    action: "replace-consistency-guid",
    account: "ada",
    userPrincipalName: "ada@contoso.example",
    userId: null,
    immutableId: OLD,
    previousImmutableId: OURS,
    asked: { account: "ada", domain: "CORP", upn: "ada@contoso.example" },
  });
});

for (const [title, held, through, server, code] of [
  [
    "holds its old value on the domain controller that was written to",
    "old",
    "dc1.corp.example",
    "DC1.corp.example",
    null,
  ],
  [
    "holds its old value on another domain controller",
    "old",
    "dc1.corp.example",
    "dc2.corp.example",
    "rollback-unconfirmed",
  ],
  ["holds its old value, and nobody knows through which it was written", "old", null, "dc2.corp.example", null],
  ["holds its old value, and nobody knows which has shown it", "old", "dc1.corp.example", null, null],
  [
    "holds ours on another domain controller, which knows of the write",
    "ours",
    "dc1.corp.example",
    "dc2.corp.example",
    null,
  ],
  ["holds a foreign value there", "foreign", "dc1.corp.example", "dc2.corp.example", "rollback-drift"],
] as const) {
  test(`an account that ${title} ${code === null ? "raises nothing" : `is ${code}`}`, () => {
    const { findings, rows } = reverse(written(OLD, OURS, { requestId: through }), accountsNow(held, { server }), [
      "CORP",
    ]);
    expect(findings.map((finding) => [finding.code, finding.rows])).toEqual(code === null ? [] : [[code, [2]]]);
    expect(rows.map((row) => row.findings)).toEqual([code === null ? [] : [code]]);
  });
}

test("an account that may not be back says through which domain controller it was written and which one was asked", () => {
  const record = written(OLD, OURS, { requestId: "dc1.corp.example" });
  expect(reverse(record, accountsNow("old", { server: "dc2.corp.example" }), ["CORP"]).findings).toEqual([
    {
      code: "rollback-unconfirmed",
      severity: "warn",
      rows: [2],
      detail: "CORP\\ada was written through dc1.corp.example, and dc2.corp.example shows its old value",
    },
  ]);
});

test("a user is not looked for among the accounts", () => {
  const inBoth = line(2, null, OURS, { objectId: ADA });
  const { rows } = reverse(inBoth, accountsNow("ours"), ["CORP"]);
  expect(rows.map(({ settled }) => settled)).toEqual(["drift"]);
});

test("a rollback without the domain of an account is refused, and does not take the account for gone", () => {
  const back = (domains: readonly string[]) => reverse(written(null, OURS), accountsNow(undefined), domains);
  expect(() => back(["OLD"])).toThrow(
    "The run has written 1 account in AD domains that are not configured: CORP; configured now: OLD. Nothing was written now.",
  );
  expect(back(["OLD", "Corp"]).findings.map(({ code }) => code)).toEqual(["rollback-drift"]);
});

test("an account that has moved is written in its new domain, though its old one is not configured any more", () => {
  const { changes } = reverse(written(OLD, OURS), accountsNow("ours", { domain: "NEW" }), ["NEW"]);
  expect(changes.map(({ name, after }) => [name, after])).toEqual([["NEW\\ada", OLD]]);
});

test("an account of which the record names no domain is not refused for the domain", () => {
  const { findings } = reverse(written(null, OURS, { domain: null }), accountsNow(undefined), ["CORP"]);
  expect(findings.map(({ code, detail }) => [code, detail])).toEqual([["rollback-drift", "ada no longer exists"]]);
});
