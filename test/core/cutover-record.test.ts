import { expect, test } from "vitest";
import { readCutover } from "../../src/core/cutover-record.ts";
import { foldJournal, listOutcomes } from "../../src/core/outcome.ts";
import type { Plan } from "../../src/core/plan.ts";
import type { SyncTrouble } from "../../src/core/sync-trouble.ts";
import { account, anchorOf, cloudUser, mapping, planOf } from "../support/facts.ts";
import { tellJournal, timeOf } from "../support/journal-story.ts";

const NAMES = ["ada", "ben", "cyd", "dee", "eve"];
/** Rows 2 to 6 are written, row 7 is blocked. */
const PLAN = planOf({
  accounts: NAMES.map((name) => account(name)),
  users: NAMES.map((name) => cloudUser(name)),
  mappings: [...NAMES, "nobody"].map((name, index) => mapping(index + 2, name)),
});
const DONE = "change accepted verified";

function cutoverOf(
  stories: readonly (readonly [row: number, story: string])[],
  troubles: Readonly<Record<number, SyncTrouble>> = {},
) {
  return readCutover(
    outcomesOf(
      PLAN,
      stories.map(([row, story]) => [`${row}.1`, story] as const),
      troubles,
    ),
  );
}

/** @param troubles What verify has found of a row, with the words for it. */
function outcomesOf(
  plan: Plan,
  stories: readonly (readonly [key: string, story: string])[],
  troubles: Readonly<Record<number, SyncTrouble>> = {},
) {
  const journal = tellJournal(stories, plan.changes).map((event) => {
    if (event.kind === "intent" || !SEEN_BY_VERIFY.test(event.kind)) return event;
    const errorCode = troubles[event.row] ?? null;
    return { ...event, errorCode, message: errorCode === null ? `${event.kind} in other words` : "in words" };
  });
  return [...listOutcomes(plan, foldJournal(journal))];
}

const SEEN_BY_VERIFY = /^sync-|^mismatch$|^set-back$/;

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

test("times are those of the first and the last look at sync, in whatever order the rows stand", () => {
  const cutover = cutoverOf([
    [4, `${DONE} sync-none`],
    [2, `${DONE} sync-none sync-matched`],
    [3, `${DONE} sync-none`],
  ]);
  expect([cutover?.firstSeenAt, cutover?.lastSeenAt]).toEqual([timeOf(4), timeOf(13)]);
});

test("a value that was taken back before anybody looked at sync is no cutover to tell", () => {
  expect(cutoverOf([[2, `${DONE} set-back`]], { 2: "set-back" })).toBeNull();
});

test("a user that sync took over before its turn, and that was looked at never, is no cutover to tell", () => {
  expect(cutoverOf([[2, "change overtaken"]])).toBeNull();
});

for (const [title, story, trouble, expected] of [
  ["that holds is waited for", `${DONE} sync-none`, undefined, "waiting null sync-none in other words"],
  ["that was accepted is waited for", "change accepted", undefined, "waiting null null"],
  ["that was read back is waited for", DONE, undefined, "waiting null null"],
  ["that held its ID when its turn came is waited for", "already", undefined, "waiting null null"],
  [
    "that was refused and holds the ID by another hand is waited for",
    "change refused sync-none",
    undefined,
    "waiting null sync-none in other words",
  ],
  ["whose answer was lost is not written", "change undecided", undefined, "wrong not-written null"],
  [
    "that an older version has recorded without a name is an error of provisioning",
    `${DONE} sync-error`,
    undefined,
    "wrong provisioning-error sync-error in other words",
  ],
  [
    "that holds something else since is changed",
    `${DONE} sync-none mismatch`,
    undefined,
    "wrong value-changed mismatch in other words",
  ],
  [
    "that sync had taken over, and that holds something else since, is changed",
    `${DONE} sync-matched mismatch`,
    undefined,
    "wrong value-changed mismatch in other words",
  ],
  [
    "that holds its old value again is set back",
    `${DONE} sync-none set-back`,
    undefined,
    "wrong set-back sync-none in other words",
  ],
  ["that verify has a name for goes by that name", `${DONE} sync-none set-back`, "set-back", "wrong set-back in words"],
] as const) {
  test(`beside one that is matched, a row ${title}`, () => {
    const cutover = cutoverOf(
      [
        [2, `${DONE} sync-matched`],
        [3, story],
      ],
      trouble === undefined ? {} : { 3: trouble },
    );
    const told = [
      ...(cutover?.wrong.map((open) => ["wrong", open] as const) ?? []),
      ...(cutover?.waiting.map((open) => ["waiting", open] as const) ?? []),
    ];
    expect(
      told.flatMap(([where, { outcome, trouble, text }]) => (outcome.row === 3 ? `${where} ${trouble} ${text}` : [])),
    ).toEqual([expected]);
  });
}

test("of a row with two steps counts the one that verify has looked at, and else the last", () => {
  const swap = planOf({
    accounts: [account("ada"), account("ben"), account("cyd")],
    users: [
      cloudUser("ada", { immutableId: anchorOf("ben") }),
      cloudUser("ben", { immutableId: anchorOf("ada") }),
      cloudUser("cyd", { immutableId: anchorOf("cyd") }),
    ],
    mappings: [mapping(2, "ada"), mapping(3, "ben"), mapping(4, "cyd")],
    options: { replace: true },
  });
  const stepsOf = (stories: readonly (readonly [string, string])[]) => {
    const cutover = readCutover(outcomesOf(swap, stories));
    const open = [...(cutover?.wrong ?? []), ...(cutover?.waiting ?? [])];
    return [
      cutover?.rows,
      cutover?.matched,
      ...open.map(({ outcome: { row, step, sync } }) => `${row}.${step} ${sync}`),
    ];
  };
  // Row 4 held its ID before the run and is a row of the cutover like any other.
  expect(
    stepsOf([
      ["2.1", `${DONE} sync-error`],
      ["2.2", DONE],
      ["3.1", DONE],
    ]),
  ).toEqual([3, 0, "2.1 error", "3.1 null", "4.1 null"]);
  expect(
    stepsOf([
      ["2.1", DONE],
      ["2.2", DONE],
      ["4.1", "sync-matched"],
    ]),
  ).toEqual([3, 1, "3.1 null", "2.2 null"]);
});
