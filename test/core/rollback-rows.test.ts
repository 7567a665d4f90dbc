import { expect, test } from "vitest";
import { makeRollbackPlan } from "../../src/core/rollback.ts";
import { CLOUD_ID, cloudUser, digest, guidFor, HEADER } from "../support/facts.ts";
import { cloudOnly, line, reverse, run, SENT, tenantNow } from "../support/rollback-record.ts";

test("what is left alone is a finding of its row, and no finding blocks", () => {
  const now = new Map([...tenantNow({ 2: "foreign" }), ...tenantNow({ 3: "B" }, { syncEnabled: true })]);
  const { plan } = reverse([line(2, null, "A"), line(3, null, "B"), line(4, null, "C")], now);
  expect(plan.findings.map(({ code, severity, rows, detail }) => [code, severity, rows, detail])).toEqual([
    ["rollback-drift", "warn", [2], "user2@contoso.example holds foreign"],
    ["rollback-taken-over", "warn", [3], "user3@contoso.example holds B"],
    ["rollback-drift", "warn", [4], "user4@contoso.example no longer exists"],
  ]);
  expect(
    plan.rows.map(({ row, action, findings, previousImmutableId }) => [row, action, findings, previousImmutableId]),
  ).toEqual([
    [2, "none", ["rollback-drift"], "A"],
    [3, "none", ["rollback-taken-over"], "B"],
    [4, "none", ["rollback-drift"], "C"],
  ]);
});

test("a row of which the first line is missing is named with what is not known", () => {
  const { plan } = reverse([line(2, null, "A", { step: 2 })], tenantNow({ 2: "A" }));
  expect(plan.findings.map(({ detail }) => detail)).toEqual([
    "the first line of row 2 is missing, and with it the value that user2@contoso.example had",
  ]);
});

test("a row says which other has to give its value back first", () => {
  const { plan } = reverse(
    [line(2, null, "A"), line(3, "A", "B"), line(4, null, "C")],
    tenantNow({ 2: "A", 3: "B", 4: "C" }),
  );
  expect(plan.rows.map(({ row, waitsForRow }) => [row, waitsForRow])).toEqual([
    [2, null],
    [3, 2],
    [4, null],
  ]);
});

test("a row whose own user nobody has found is left out, also where a holder was purged for it", () => {
  const purged = line(2, null, null, { action: "purge", objectId: CLOUD_ID("gus") });
  const own = line(2, null, "A", { step: 2, objectId: null, ...SENT("blocked", 0) });
  expect(reverse([purged, own], tenantNow({})).plan.rows).toEqual([]);
});

test("what lasts of rows that were not chosen is not told", () => {
  const purged = (row: number) => line(row, null, null, { action: "purge", objectId: CLOUD_ID("gus") });
  const lines = [purged(2), line(2, null, "A", { step: 2 }), purged(3), line(3, null, "B", { step: 2 })];
  const { plan } = reverse(lines, tenantNow({ 2: "A", 3: "B" }), [3]);
  expect(plan.findings.map(({ rows }) => rows)).toEqual([[3]]);
  expect(reverse(lines, tenantNow({ 2: "A", 3: "B" })).plan.findings.map(({ rows }) => rows)).toEqual([[2], [3]]);
});

test("a user that was restored stays, and that is told but is no warning", () => {
  const restored = line(2, null, null, { action: "restore" });
  const { plan } = reverse(
    [restored, line(2, null, "A", { step: 2 }), line(3, null, "B")],
    tenantNow({ 2: "A", 3: "B" }),
  );
  expect(plan.findings).toEqual([
    {
      code: "rollback-restored-stays",
      severity: "info",
      rows: [2],
      detail: "user2@contoso.example was brought back from the recycle bin and stays",
    },
  ]);
  expect(plan.rows.map(({ findings }) => findings)).toEqual([["rollback-restored-stays"], []]);
});

for (const action of ["purge", "restore"] as const) {
  test(`a row whose ${action} was done and whose own write failed stands in the plan, since a finding names it`, () => {
    const done = line(2, null, null, { action, objectId: CLOUD_ID("gus") });
    const { plan } = reverse([done, line(2, "X", "A", { step: 2, ...SENT("failed") })], tenantNow({ 2: "X" }));
    expect(plan.rows.map(({ row, action, settled, userId }) => [row, action, settled, userId])).toEqual([
      [2, "none", "already", CLOUD_ID("user2")],
    ]);
    expect(plan.rows[0]).toMatchObject({ immutableId: "X", previousImmutableId: "X" });
    expect(plan.findings.flatMap(({ rows }) => rows)).toEqual([2]);
  });
}

test("what of the record could not be read is a warning about the whole, so that nothing claims to be all of it", () => {
  const record = { ...run([line(2, null, "A")]), unread: ["line 3 of 3 is missing"] };
  const { plan } = makeRollbackPlan(record, cloudOnly(tenantNow({ 2: "A" })), {
    cloud: "global",
    rows: null,
    digest,
    directories: [],
  });
  expect(plan.findings).toEqual([
    { code: "rollback-record-incomplete", severity: "warn", rows: [], detail: "line 3 of 3 is missing" },
  ]);
});

test("a renamed user is the same person, and is written under the new name", () => {
  const { plan } = reverse(
    [line(2, "X", "A")],
    tenantNow({ 2: "A" }, { userPrincipalName: "ada.new@contoso.example" }),
  );
  expect(plan.changes[0]).toMatchObject({ objectId: CLOUD_ID("user2"), name: "ada.new@contoso.example", after: "X" });
  expect(plan.rows[0]).toMatchObject({ userPrincipalName: "ada.new@contoso.example", account: "user2" });
});

test("another person who has the old name today is not touched", () => {
  const eve = cloudUser("eve", { userPrincipalName: "user2@contoso.example", immutableId: "A" });
  const { plan } = reverse([line(2, "X", "A")], new Map([[eve.id, eve]]));
  expect(plan.changes).toEqual([]);
});

test("the plan says which run it reverses, in which tenant, and keeps the operator's columns", () => {
  const { plan } = reverse([line(2, null, "A")], tenantNow({ 2: "A" }));
  expect(plan.header).toMatchObject({
    kind: "rollback",
    tenantId: guidFor("tenant"),
    cloud: "global",
    directories: [],
    mapping: { name: "people", extraColumns: ["wave"] },
    options: { ...HEADER.options, replace: true },
    reverses: { runId: "run-1", planId: "0123456789ab" },
  });
  expect(plan.rows[0]).toMatchObject({
    action: "clear",
    immutableId: null,
    side: "cloud",
    previousImmutableId: "A",
    otherSideValue: null,
    asked: { account: "user2", domain: "CORP", upn: "user2@contoso.example", onConflict: "", writeTo: null },
    extra: ["wave 2"],
  });
  expect(reverse([line(2, null, "A")], tenantNow({ 2: "A" })).cameAlong).toEqual([]);
  expect(reverse([line(2, null, "A")], tenantNow({ 2: "A" })).plan.hash).toBe(plan.hash);
});

const mixed = [
  line(2, null, "A"),
  line(3, "A", "B"),
  line(4, "B", "C"),
  line(5, null, "D"),
  line(6, "F", null),
  line(6, null, "E", { step: 2 }),
  line(7, "E", "F"),
  line(8, null, "H"),
];
const mixedNow = { 2: "A", 3: "B", 4: "C", 5: "D", 6: "E", 7: "F", 8: "H" };
for (const [title, rows, written, cameAlong] of [
  ["a simple row comes alone", [5], [5], []],
  ["a row of a chain brings the whole chain", [3], [2, 3, 4], [2, 4]],
  ["a row of a swap brings the other", [7], [6, 7], [6]],
  ["rows of two groups bring both", [4, 6], [2, 3, 4, 6, 7], [2, 3, 7]],
  ["a row that the run has not written brings nothing", [99], [], []],
  ["no row at all writes nothing", [], [], []],
] as const) {
  test(`of a choice of rows, ${title}`, () => {
    const { plan, cameAlong: others } = reverse(mixed, tenantNow(mixedNow), rows);
    expect([...new Set(plan.changes.map(({ row }) => row))].sort()).toEqual([...written]);
    expect(plan.rows.map(({ row }) => row)).toEqual([...written]);
    expect([...others].sort()).toEqual([...cameAlong]);
  });
}
