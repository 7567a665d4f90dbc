import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Change } from "../../src/core/change.ts";
import { BatchError } from "../../src/core/errors.ts";
import type { Guid } from "../../src/core/guid.ts";
import { orderChanges } from "../../src/core/order.ts";
import type { Outcome, OutcomeStatus } from "../../src/core/outcome.ts";
import { countHolderActions, type Plan, type PlannedRow, sealPlan } from "../../src/core/plan.ts";
import type { ResultLine } from "../../src/core/result-line.ts";
import { makeRollbackPlan } from "../../src/core/rollback.ts";
import type { CloudUser } from "../../src/core/snapshot.ts";
import { lastUnclearWriteMs } from "../../src/core/unclear-lines.ts";
import { listWrittenObjects, type RecordedRun, resultLineFromOutcome } from "../../src/core/written-objects.ts";
import { CLOUD_ID, cloudUser, digest, guidFor, HEADER } from "../support/facts.ts";
import { resultLine } from "../support/result-line.ts";

const NO_AD = { accounts: new Map(), directories: [] };
const AT = "2026-11-22T02:00:00.000Z";
const LATER = "2026-11-22T02:01:00.000Z";

/** What the run wrote for the user of this row: `before` to `after`, in one step if not said otherwise. */
function line(row: number, previous: string | null, immutableId: string | null, changes: Partial<ResultLine> = {}) {
  return resultLine(row, {
    action: immutableId === null ? "clear" : "set",
    previous,
    immutableId,
    writtenAt: AT,
    verifiedAt: AT,
    extra: [`wave ${row}`],
    ...changes,
  });
}

const NOT_WRITTEN = { writtenAt: null, verifiedAt: null } as const;
const SENT = (status: OutcomeStatus, attempts = 1) => ({ status, attempts, ...NOT_WRITTEN });

const run = (lines: readonly ResultLine[]): RecordedRun => ({
  name: "people",
  runId: "run-1",
  planId: "0123456789ab",
  tenantId: guidFor("tenant"),
  delimiter: ";",
  extraColumns: ["wave"],
  lines,
  unread: [],
});

/** The users of these rows, each holding this value now; `undefined` is a user that is gone. */
function tenantNow(held: Readonly<Record<number, string | null | undefined>>, changes: Partial<CloudUser> = {}) {
  const users = Object.entries(held).flatMap(([row, immutableId]) =>
    immutableId === undefined ? [] : [cloudUser(`user${row}`, { immutableId, ...changes })],
  );
  return new Map(users.map((user) => [user.id, user]));
}

const reverse = (
  lines: readonly ResultLine[],
  now: ReadonlyMap<Guid, CloudUser>,
  rows: readonly number[] | null = null,
) =>
  makeRollbackPlan(run(lines), now, { cloud: "global", rows: rows === null ? null : new Set(rows), digest, ...NO_AD });

const inWords = ({ row, step, before, after }: Pick<Change, "row" | "step" | "before" | "after">) =>
  `${row}.${step} ${JSON.stringify(before)}>${JSON.stringify(after)}`;

const PIVOT = [line(2, "B", null, { step: 1 }), line(2, null, "A", { step: 2 }), line(3, "A", "B")] as const;

describe("makeRollbackPlan", () => {
  for (const [title, lines, now, changes, settled] of [
    ["writes an old value back where the tenant holds ours", [line(2, "X", "A")], { 2: "A" }, ['2.1 "A">"X"'], [null]],
    ["restores no value as null", [line(2, null, "A")], { 2: "A" }, ['2.1 "A">null'], [null]],
    ["restores an empty text as an empty text", [line(2, "", "A")], { 2: "A" }, ['2.1 "A">""'], [null]],
    ["takes an empty text for something else than no value", [line(2, "", "A")], { 2: null }, [], ["drift"]],
    ["takes no value for something else than an empty text", [line(2, null, "A")], { 2: "" }, [], ["drift"]],
    ["does nothing where the old value is there again", [line(2, "X", "A")], { 2: "X" }, [], ["already"]],
    ["does nothing where the user is empty again", [line(2, null, "A")], { 2: null }, [], ["already"]],
    ["leaves a foreign value alone", [line(2, "X", "A")], { 2: "foreign" }, [], ["drift"]],
    ["leaves a value alone that differs in case", [line(2, "X", "Aa")], { 2: "AA" }, [], ["drift"]],
    ["names a user that is gone", [line(2, "X", "A")], {}, [], ["drift"]],
    ["leaves out a row that was never written", [line(2, null, "A", SENT("pending", 0))], { 2: null }, [], []],
    [
      "leaves out a row that was refused, whatever the user holds",
      [line(2, null, "A", SENT("failed"))],
      { 2: "A" },
      [],
      [],
    ],
    ["leaves out a row that held its ID before", [line(2, "A", "A", SENT("already", 0))], { 2: "A" }, [], []],
    [
      "leaves out a row that was never sent, though the user holds its value",
      [line(2, null, "A", SENT("pending", 0))],
      { 2: "A" },
      [],
      [],
    ],
    [
      "leaves out a row that somebody else gave its value when our write had not arrived",
      [line(2, null, "A", SENT("already", 1))],
      { 2: "A" },
      [],
      [],
    ],
    [
      "leaves out a row that a lost write would have left as it was",
      [line(2, "A", "A", SENT("pending", 1))],
      { 2: "A" },
      [],
      [],
    ],
    [
      "names a row that was written, then drifted, and is foreign still",
      [line(2, null, "A", { status: "drift" })],
      { 2: "foreign" },
      [],
      ["drift"],
    ],
    [
      "names a pivot that was written once, whatever became of its last write",
      [line(2, "B", null), line(2, null, "A", { step: 2, ...SENT("pending", 1) })],
      { 2: "foreign" },
      [],
      ["drift"],
    ],
    [
      "keeps rows in their order, whatever that of the lines",
      [line(4, null, "C"), line(2, null, "A"), line(3, "Y", "B")],
      { 2: "foreign", 3: "B", 4: "C" },
      ['4.1 "C">null', '3.1 "B">"Y"'],
      ["drift", null, null],
    ],
    ["leaves out a row that was blocked", [line(2, null, "A", SENT("blocked", 0))], { 2: null }, [], []],
    ["reverts an accepted row", [line(2, null, "A", { status: "accepted" })], { 2: "A" }, ['2.1 "A">null'], [null]],
    [
      "reverts an undecided row that now holds ours",
      [line(2, null, "A", SENT("undecided"))],
      { 2: "A" },
      ['2.1 "A">null'],
      [null],
    ],
    [
      "does nothing for an undecided row that never arrived",
      [line(2, null, "A", SENT("undecided"))],
      { 2: null },
      [],
      ["already"],
    ],
    [
      "reverts a row whose drift has gone back to ours",
      [line(2, null, "A", { status: "drift" })],
      { 2: "A" },
      ['2.1 "A">null'],
      [null],
    ],
    [
      "reverts a row whose lost write arrived after it was settled as not applied and refused",
      [line(2, null, "A", SENT("failed", 2))],
      { 2: "A" },
      ['2.1 "A">null'],
      [null],
    ],
    [
      "reverts a pending row whose lost write arrived late",
      [line(2, null, "A", SENT("pending", 1))],
      { 2: "A" },
      ['2.1 "A">null'],
      [null],
    ],
    [
      "leaves out a pending row whose write never arrived",
      [line(2, null, "A", SENT("pending", 1))],
      { 2: null },
      [],
      [],
    ],
    ["leaves out a drifted row that we never wrote", [line(2, null, "A", SENT("drift", 1))], { 2: "foreign" }, [], []],
    [
      "restores the pivot of a swap from its first old value, through null",
      PIVOT,
      { 2: "A", 3: "B" },
      ['2.1 "A">null', '3.1 "B">"A"', '2.2 null>"B"'],
      [null, null],
    ],
    [
      "restores a parked pivot",
      [line(2, "B", null, { status: "parked" }), line(2, null, "A", { step: 2, ...SENT("pending", 0) })],
      { 2: null },
      ['2.1 null>"B"'],
      [null],
    ],
    [
      "restores a parked pivot whose last write was lost and never arrived",
      [line(2, "B", null, { status: "parked" }), line(2, null, "A", { step: 2, ...SENT("undecided") })],
      { 2: null },
      ['2.1 null>"B"'],
      [null],
    ],
    [
      "restores a parked pivot whose last write was lost and arrived",
      [line(2, "B", null, { status: "parked" }), line(2, null, "A", { step: 2, ...SENT("undecided") })],
      { 2: "A" },
      ['2.1 "A">"B"'],
      [null],
    ],
    [
      "restores a parked pivot whose last write settled as drift and arrived late",
      [line(2, "B", null, { status: "parked" }), line(2, null, "A", { step: 2, ...SENT("drift") })],
      { 2: "A" },
      ['2.1 "A">"B"'],
      [null],
    ],
    [
      "restores a swap that stopped half way, each from what it holds",
      [line(2, "B", null, { status: "parked" }), line(2, null, "A", { step: 2, ...SENT("failed") }), line(3, "A", "B")],
      { 2: null, 3: "B" },
      ['3.1 "B">"A"', '2.1 null>"B"'],
      [null, null],
    ],
    [
      "undoes a chain from its other end",
      [line(2, null, "A"), line(3, "A", "B"), line(4, "B", "C")],
      { 2: "A", 3: "B", 4: "C" },
      ['2.1 "A">null', '3.1 "B">"A"', '4.1 "C">"B"'],
      [null, null, null],
    ],
    [
      "does not let one drifted row hold up the others",
      [line(2, null, "A"), line(3, null, "B")],
      { 2: "foreign", 3: "B" },
      ['3.1 "B">null'],
      ["drift", null],
    ],
    [
      "never restores the null of a swap when the line with the true old value is missing",
      [line(2, null, "A", { step: 2 })],
      { 2: "A" },
      [],
      ["drift"],
    ],
  ] as const) {
    test(title, () => {
      const { plan } = reverse(lines, tenantNow(now));
      expect(plan.changes.map(inWords)).toEqual(changes);
      expect(plan.rows.map((row) => row.settled)).toEqual(settled);
    });
  }

  for (const [title, held, settled] of [
    ["a user that sync took over cannot be reverted", "A", "taken-over"],
    ["a user that sync took over and changed cannot be reverted", "S", "taken-over"],
    ["a synced user that holds its old value needs nothing", "X", "already"],
  ] as const) {
    test(title, () => {
      const { plan } = reverse([line(2, "X", "A")], tenantNow({ 2: held }, { syncEnabled: true }));
      expect([plan.changes, plan.rows.map((row) => row.settled)]).toEqual([[], [settled]]);
    });
  }

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

  /** Row 2 clears Gus, who held its ID, and gives it to its own user. */
  const CLEARED = [
    line(2, "A", null, { objectId: CLOUD_ID("gus"), userPrincipalName: "gus@contoso.example" }),
    line(2, null, "A", { step: 2 }),
  ] as const;
  const gus = (immutableId: string | null) =>
    cloudUser("gus", { immutableId, displayName: "Gus", createdAt: "2024-03-01T00:00:00Z", licenceCount: 2 });
  const withGus = (own: string | null, holder: string | null) =>
    new Map([...tenantNow({ 2: own }), [CLOUD_ID("gus"), gus(holder)]]);
  const GUS = { displayName: "Gus", createdAt: "2024-03-01T00:00:00Z", lastSyncAt: null, licenceCount: 2 };
  const subjects = ({ changes }: Plan) => changes.map((change) => [inWords(change), change.name, change.holder]);

  test("a holder that gets its ID back is said to be another object, and asks for no confirmation of its own", () => {
    const { plan } = reverse(CLEARED, withGus("A", null));
    expect(subjects(plan)).toEqual([
      ['2.1 "A">null', "user2@contoso.example", null],
      ['2.2 null>"A"', "gus@contoso.example", GUS],
    ]);
    expect(plan.rows.map(({ userId, userPrincipalName }) => [userId, userPrincipalName])).toEqual([
      [CLOUD_ID("user2"), "user2@contoso.example"],
    ]);
    expect(countHolderActions(plan)).toBe(0);
  });

  test("the way back from that, from its folder, names the same holder", () => {
    const back = reverse(CLEARED, withGus("A", null)).plan;
    const { plan } = reverse(recordOf(back, 2), withGus(null, "A"));
    expect(subjects(plan)).toEqual([
      ['2.1 "A">null', "gus@contoso.example", GUS],
      ['2.2 null>"A"', "user2@contoso.example", null],
    ]);
    expect(plan.rows.map(({ userId }) => userId)).toEqual([CLOUD_ID("user2")]);
  });

  test("the folder of a run tells its own user from the holder, whichever comes last", () => {
    const [holder, own] = CLEARED;
    for (const lines of [
      [{ ...holder, otherObject: true }, own],
      [
        { ...own, step: 1 },
        { ...holder, step: 2, otherObject: true },
      ],
    ]) {
      const { plan } = reverse(lines, withGus("A", null));
      expect(plan.changes.map(({ name, holder }) => [name, holder])).toEqual([
        ["user2@contoso.example", null],
        ["gus@contoso.example", GUS],
      ]);
    }
  });

  test("a row of which only the holder was written names its own user, for whom there is nothing to do", () => {
    const [holder, own] = CLEARED;
    const { plan } = reverse([holder, { ...own, ...SENT("failed") }], withGus(null, null));
    expect(subjects(plan)).toEqual([['2.1 null>"A"', "gus@contoso.example", GUS]]);
    expect(plan.rows.map(({ userId, action, settled }) => [userId, action, settled])).toEqual([
      [CLOUD_ID("user2"), "none", null],
    ]);
  });

  test("both writes of a pivot are its own user's", () => {
    expect(reverse(PIVOT, tenantNow({ 2: "A", 3: "B" })).plan.changes.map(({ holder }) => holder)).toEqual([
      null,
      null,
      null,
    ]);
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
    const { plan } = makeRollbackPlan(record, tenantNow({ 2: "A" }), { cloud: "global", rows: null, digest, ...NO_AD });
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

  test("two users that would get the same value back refuse the whole record", () => {
    const attempt = () => reverse([line(2, "X", "A"), line(3, "X", "B")], tenantNow({ 2: "A", 3: "B" }));
    expect(attempt).toThrow(BatchError);
    expect(attempt).toThrow(expect.objectContaining({ code: "input", cause: expect.any(RangeError) }));
  });

  test("two users that were empty, or held an empty text, are no conflict", () => {
    const lines = [line(2, null, "A"), line(3, null, "B"), line(4, "", "C"), line(5, "", "D")];
    expect(reverse(lines, tenantNow({ 2: "A", 3: "B", 4: "C", 5: "D" })).plan.changes).toHaveLength(4);
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
});

test("listWrittenObjects folds the steps of a row into the first old and the last new value", () => {
  expect(listWrittenObjects(PIVOT).map(({ row, before, ours }) => [row, before, ours])).toEqual([
    [2, "B", "A"],
    [3, "A", "B"],
  ]);
});

test("listWrittenObjects does not mind the order of the lines, and tells the own user from a holder by its last step", () => {
  expect(
    listWrittenObjects([PIVOT[1], PIVOT[0], PIVOT[2]]).map(({ row, before, ours }) => [row, before, ours]),
  ).toEqual([
    [2, "B", "A"],
    [3, "A", "B"],
  ]);
  const own = line(2, null, "A", { step: 2 });
  const holder = line(2, "A", null, { objectId: CLOUD_ID("gus") });
  for (const lines of [
    [holder, own],
    [own, holder],
  ])
    expect(
      listWrittenObjects(lines)
        .filter(({ own: isOwn }) => isOwn)
        .map(({ objectId }) => objectId),
    ).toEqual([own.objectId]);
});

const wantedBack = {
  row: 2,
  objectId: CLOUD_ID("gus"),
  name: "gus@contoso.example",
  before: "A",
  after: null,
  certainty: 0,
};

test("a line from a run folder names the object of its step, and another object only where its ID is moved", () => {
  const gus = { displayName: "Gus", createdAt: null, lastSyncAt: null, licenceCount: 0 };
  const [known] = recordOf(
    { rows: [plannedRow(2, CLOUD_ID("user2"), "user2")], changes: orderChanges([wantedBack]) },
    1,
  );
  expect([known?.userPrincipalName, known?.otherObject, known?.side]).toEqual(["gus@contoso.example", false, "cloud"]);
  const other = (kind: Change["kind"]) => {
    const changes = orderChanges([wantedBack]).map((change) => ({ ...change, kind, holder: gus }));
    return recordOf({ rows: [plannedRow(2, CLOUD_ID("user2"), "user2")], changes }, 1)[0]?.otherObject;
  };
  expect([other("clear"), other("delete"), other("clear-object-identifier")]).toEqual([true, false, false]);
});

describe("lastUnclearWriteMs", () => {
  const now = Date.parse("2026-11-22T03:00:00.000Z");
  for (const [title, lines, expected] of [
    ["a run of clear answers has none", [line(2, null, "A"), line(3, null, "B", SENT("failed"))], null],
    ["a row that was never sent has none", [line(2, null, "A", SENT("pending", 0))], null],
    ["an undecided write counts from now", [line(2, null, "A", SENT("undecided"))], now],
    ["a lost write that was settled as not applied counts from now", [line(2, null, "A", SENT("pending"))], now],
    ["a lost write that settled as drift counts from now", [line(2, null, "A", SENT("drift"))], now],
    ["a lost write before a refused one counts from now", [line(2, null, "A", SENT("failed", 2))], now],
    [
      "a lost write before one that was read back counts from that read",
      [line(2, null, "A", { attempts: 2, verifiedAt: LATER })],
      Date.parse(LATER),
    ],
    [
      "a lost write after one that was accepted counts from now",
      [line(2, null, "A", { attempts: 3, status: "accepted" })],
      now,
    ],
    [
      "the latest of several counts",
      [line(2, null, "A", { attempts: 2, verifiedAt: LATER }), line(3, null, "B", { attempts: 2, verifiedAt: AT })],
      Date.parse(LATER),
    ],
  ] as const) {
    test(title, () => expect(lastUnclearWriteMs(lines, now)).toBe(expected));
  }
});

/** Start and end values of a batch: any text, "" or nothing; distinct where they are IDs; chains and cycles among them. */
const batches = fc
  .uniqueArray(fc.integer({ min: 0, max: 999 }), { minLength: 1, maxLength: 16 })
  .chain((numbers) =>
    fc.record({
      numbers: fc.constant(numbers),
      shuffled: fc.shuffledSubarray(numbers, { minLength: numbers.length }),
      start: fc.array(fc.constantFrom("id", "id", "id", "null", "empty"), {
        minLength: numbers.length,
        maxLength: numbers.length,
      }),
      fresh: fc.array(fc.boolean(), { minLength: numbers.length, maxLength: numbers.length }),
      stopAt: fc.nat(),
    }),
  )
  .map(({ numbers, shuffled, start, fresh, stopAt }) => ({
    stopAt,
    wanted: numbers
      .map((number, index) => {
        const id = `+${number} '=`;
        return {
          row: index + 2,
          objectId: CLOUD_ID(`user${index + 2}`),
          name: `user${index + 2}@contoso.example`,
          before: start[index] === "id" ? id : start[index] === "null" ? null : "",
          after: fresh[index] === true ? `new ${number}` : `+${shuffled[index]} '=`,
          certainty: number % 3,
        };
      })
      .filter(({ before, after }) => before !== after),
  }));

function plannedRow(row: number, objectId: Guid, name: string): PlannedRow {
  return {
    row,
    account: name,
    domain: null,
    userPrincipalName: name,
    action: "set",
    settled: null,
    findings: [],
    objectGuid: null,
    anchorSource: null,
    immutableId: null,
    side: "cloud",
    previousImmutableId: null,
    otherSideValue: null,
    userId: objectId,
    displayName: null,
    adDisplayName: null,
    takeover: null,
    waitsForRow: null,
    asked: { account: name, domain: null, upn: name, onConflict: "", writeTo: null },
    extra: [],
  };
}

/** Applies the first `count` changes to what users hold, as the tenant would: an ID has one holder. */
function applyInMemory(changes: readonly Change[], held: Map<Guid, string | null>): void {
  for (const { objectId, before, after } of changes) {
    expect(held.get(objectId)).toBe(before);
    if (after !== null && after !== "") expect([...held.values()]).not.toContain(after);
    held.set(objectId, after);
  }
}

/** The record of a run whose first `done` changes were made. */
function recordOf(plan: Pick<Plan, "changes" | "rows">, done: number): ResultLine[] {
  return plan.changes.flatMap((change, index) => {
    const planned = plan.rows.find(({ row }) => row === change.row);
    if (planned === undefined) return [];
    const wasDone = index < done;
    const outcome: Outcome = {
      row: change.row,
      step: change.step,
      planned,
      change,
      status: wasDone ? "verified" : "pending",
      sync: null,
      httpStatus: null,
      errorCode: null,
      message: null,
      attempts: wasDone ? 1 : 0,
      requestId: null,
      writtenAt: wasDone ? AT : null,
      verifiedAt: wasDone ? AT : null,
      achieved: wasDone ? "verified" : null,
      setBackAt: null,
      syncNote: null,
    };
    return [resultLineFromOutcome(outcome, index + 2)];
  });
}

const usersHolding = (held: ReadonlyMap<Guid, string | null>): Map<Guid, CloudUser> =>
  new Map([...held].map(([id, immutableId]) => [id, cloudUser("somebody", { id, immutableId })]));

test("a rollback without the domain of an account is refused, and does not take the account for gone", () => {
  const inAd = line(2, null, "A", { side: "ad", action: "set-consistency-guid" });
  const back = (domains: readonly string[]) =>
    makeRollbackPlan(run([inAd]), new Map(), {
      ...{ cloud: "global", rows: null, digest, accounts: new Map() },
      directories: domains.map((domain) => ({ domain, domainId: guidFor(domain) })),
    });
  expect(() => back(["OLD"])).toThrow(
    "The run has written 1 account in AD domains that are not configured: CORP; configured now: OLD. Nothing was written now.",
  );
  expect(back(["OLD", "Corp"]).plan.findings.map(({ code }) => code)).toEqual(["rollback-drift"]);
});

test("any run, stopped anywhere, rolls back to the start, and rolling that back gives the run's values again", () => {
  fc.assert(
    fc.property(batches, ({ wanted, stopAt }) => {
      const rows = wanted.map(({ row, objectId, name }) => plannedRow(row, objectId, name));
      const plan = sealPlan({ header: HEADER, rows, changes: orderChanges(wanted), findings: [] }, digest);
      const start = new Map(wanted.map(({ objectId, before }) => [objectId, before]));
      const done = stopAt % (plan.changes.length + 1);
      const held = new Map(start);
      applyInMemory(plan.changes.slice(0, done), held);
      const reached = new Map(held);

      const back = reverse(recordOf(plan, done), usersHolding(held)).plan;
      applyInMemory(back.changes, held);
      expect(held).toEqual(start);

      const again = reverse(recordOf(back, back.changes.length), usersHolding(held)).plan;
      applyInMemory(again.changes, held);
      expect(held).toEqual(reached);
    }),
    { numRuns: 1_000 },
  );
});
