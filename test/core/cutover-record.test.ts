import { expect, test } from "vitest";
import { foldJournal } from "../../src/core/change-progress.ts";
import { readCutover } from "../../src/core/cutover-record.ts";
import { listOutcomes } from "../../src/core/outcome.ts";
import type { SyncTrouble } from "../../src/core/sync-trouble.ts";
import { account, cloudUser, mapping, planOf } from "../support/facts.ts";
import { tellJournal } from "../support/journal-story.ts";

const NAMES = ["ada", "ben", "cyd", "dee", "eve"];
/** Rows 2 to 6 are written, row 7 is blocked. */
const PLAN = planOf({
  accounts: NAMES.map((name) => account(name)),
  users: NAMES.map((name) => cloudUser(name)),
  mappings: [...NAMES, "nobody"].map((name, index) => mapping(index + 2, name)),
});
const DONE = "change accepted verified";

function cutoverOf(
  stories: readonly (readonly [number, string])[],
  troubles: Readonly<Record<number, SyncTrouble>> = {},
) {
  const journal = tellJournal(
    stories.map(([row, story]) => [`${row}.1`, story] as const),
    PLAN.changes,
  ).map((event) => {
    const trouble = event.kind.startsWith("sync-") || event.kind === "mismatch" ? troubles[event.row] : undefined;
    return trouble === undefined || event.kind === "intent"
      ? event
      : { ...event, errorCode: trouble, message: "in words" };
  });
  return readCutover([...listOutcomes(PLAN, foldJournal(journal))]);
}

test("before verify has looked at sync there is no cutover to tell", () => {
  expect(cutoverOf([[2, DONE]])).toBeNull();
});

test("rows are counted by what sync has made of them, blocked ones not at all", () => {
  const cutover = cutoverOf(
    [
      [2, `${DONE} sync-matched`],
      [3, `${DONE} sync-matched sync-error`],
      [4, `${DONE} sync-duplicate`],
      [5, `${DONE} sync-none`],
      [6, `${DONE} sync-none mismatch`],
    ],
    { 3: "property-conflict", 4: "duplicate-made", 6: "user-gone" },
  );
  expect([cutover?.rows, cutover?.matched]).toEqual([5, 1]);
  expect(cutover?.wrong.map(({ outcome, trouble }) => `${outcome.row} ${outcome.status} ${trouble}`)).toEqual([
    "3 taken-over property-conflict",
    "4 verified duplicate-made",
    "6 drift user-gone",
  ]);
  expect(cutover?.waiting.map(({ outcome }) => outcome.row)).toEqual([5]);
});

test("a row that a wait has ended for is waited for as before", () => {
  for (const trouble of ["not-seen", "no-cycle"] as const) {
    const cutover = cutoverOf([[2, `${DONE} sync-none`]], { 2: trouble });
    expect(cutover?.waiting.map((open) => `${open.outcome.row} ${open.trouble}`)).toContain(`2 ${trouble}`);
    expect(cutover?.wrong.map(({ outcome }) => outcome.row)).not.toContain(2);
  }
});

test("an error that is mended is matched at the next look", () => {
  const cutover = cutoverOf([[2, `${DONE} sync-error sync-matched`]]);
  expect(cutover?.matched).toBe(1);
  expect(cutover?.wrong.map(({ outcome }) => outcome.row)).not.toContain(2);
});

test("a row that the run has not written is told as such beside the others", () => {
  const cutover = cutoverOf([
    [2, `${DONE} sync-matched`],
    [3, "change refused"],
  ]);
  expect(cutover?.wrong.map(({ outcome, trouble }) => `${outcome.row} ${trouble}`)).toContain("3 not-written");
});
