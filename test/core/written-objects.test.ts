import { expect, test } from "vitest";
import type { Change } from "../../src/core/change.ts";
import { orderChanges } from "../../src/core/order.ts";
import { listWrittenObjects, resultLineFromOutcome } from "../../src/core/written-objects.ts";
import { CLOUD_ID, guidFor } from "../support/facts.ts";
import { line, outcomeOf, PIVOT, plannedRow, recordOf } from "../support/rollback-record.ts";

const wantedBack = {
  row: 2,
  objectId: CLOUD_ID("gus"),
  name: "gus@contoso.example",
  before: "A",
  after: null,
  certainty: 0,
};

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

test("listWrittenObjects leaves out a line that names no object, as somebody may have emptied its cell", () => {
  expect(listWrittenObjects([line(2, null, "A", { objectId: null })])).toEqual([]);
});

test("listWrittenObjects leaves out a line that moves no ID, whatever its status says", () => {
  const lines = (["none", "blocked", "delete"] as const).map((action, index) => line(index + 2, "A", "B", { action }));
  expect(listWrittenObjects([...lines, line(5, "A", "B")]).map(({ row }) => row)).toEqual([5]);
});

test("a line from a run folder says which side was written, also of a row without a change", () => {
  const planned = { ...plannedRow(2, CLOUD_ID("user2"), "user2"), side: "ad", objectGuid: guidFor("ada") } as const;
  const [written] = orderChanges([wantedBack], "ad");
  if (written === undefined) throw new Error("nothing is to be written");
  const shown = [written, null].map((change) => resultLineFromOutcome(outcomeOf(planned, change, true), 2));
  expect(shown.map(({ side, objectId, action }) => [side, objectId, action])).toEqual([
    ["ad", wantedBack.objectId, "clear-consistency-guid"],
    ["ad", guidFor("ada"), "set"],
  ]);
  expect(shown.map(({ userPrincipalName }) => userPrincipalName)).toEqual(["user2", "user2"]);
});

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
