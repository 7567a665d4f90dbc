import { expect, test } from "vitest";
import type { Finding } from "../../src/core/findings.ts";
import {
  approve,
  canonicalJson,
  countHolderActions,
  countRowsToWrite,
  type Decisions,
  describeHolderSteps,
  isHolderStep,
  listBatchBlocks,
  listBlockReasons,
  planIdOf,
  planLines,
} from "../../src/core/plan.ts";
import { account, anchorOf, CLOUD_ID, cloudUser, digest, mapping, planOf } from "../support/facts.ts";

const decisions = (changes: Partial<Decisions> = {}): Decisions => ({
  confirmed: 2,
  skipBlocked: false,
  confirmedHolders: null,
  syncPaused: false,
  canary: 5,
  operator: "cyd",
  ...changes,
});
const names = ["ada", "ben"];
const clean = {
  accounts: names.map((name) => account(name)),
  users: names.map((name) => cloudUser(name)),
  mappings: [mapping(2, "ada"), mapping(3, "ben")],
};
const blocked = { ...clean, mappings: [...clean.mappings, mapping(4, "cyd")] };
const swap = {
  ...clean,
  users: [cloudUser("ada", { immutableId: anchorOf("ben") }), cloudUser("ben", { immutableId: anchorOf("ada") })],
  options: { replace: true },
};

const swapAndMore = {
  ...swap,
  accounts: [...swap.accounts, account("cyd")],
  users: [...swap.users, cloudUser("cyd")],
  mappings: [...swap.mappings, mapping(4, "cyd")],
};

test("the same facts give the same plan, byte for byte", () => {
  expect(planOf(swap)).toEqual(planOf(swap));
  expect(planIdOf(planOf(swap))).toMatch(/^[0-9a-f]{12}$/);
});

test("another value anywhere gives another hash", () => {
  const other = { ...clean, users: [cloudUser("ada"), cloudUser("ben", { displayName: "Ben B." })] };
  expect(planOf(other).hash).not.toBe(planOf(clean).hash);
});

for (const [title, world, said, expected] of [
  ["a clean plan and the right number pass", clean, {}, null],
  ["another number refuses", clean, { confirmed: 3 }, "refused"],
  ["a blocked row refuses", blocked, {}, "blocked"],
  ["a blocked row is left out with --skip-blocked", blocked, { skipBlocked: true }, null],
  ["the number is that of the rows, not of the writes", swap, { confirmed: 2 }, null],
  ["cycles without a canary refuse", swap, { canary: 0 }, "refused"],
  ["cycles without a canary refuse, whatever else is written", swapAndMore, { canary: 0, confirmed: 3 }, "refused"],
  ["rows without cycles need no canary", clean, { canary: 0 }, null],
] as const) {
  test(title, () => {
    const plan = planOf(world);
    const attempt = () => approve(plan, decisions(said));
    if (expected === null) expect(attempt().hash).toBe(plan.hash);
    else expect(attempt).toThrow(expect.objectContaining({ code: expected }));
  });
}

const found = (changes: Partial<Finding>): Finding => ({
  code: "anchor-differs",
  severity: "block",
  rows: [],
  detail: "everywhere",
  ...changes,
});

test("an approved plan carries what was decided", () => {
  expect(approve(planOf(clean), decisions()).decisions).toEqual(decisions());
});

test("a finding that blocks the whole batch is named and nothing skips it", () => {
  const plan = { ...planOf(clean), findings: [found({ severity: "warn" }), found({ rows: [2] }), found({})] };
  expect(listBatchBlocks(plan)).toEqual([found({})]);
  expect(() => approve(plan, decisions({ skipBlocked: true }))).toThrow(
    expect.objectContaining({
      code: "blocked",
      message: "The whole batch is blocked: anchor-differs.",
      details: ["anchor-differs: everywhere"],
    }),
  );
});

test("a refusal names each blocked row with all of its reasons, and no other", () => {
  const attempt = (world: typeof clean) => () => approve(planOf(world), decisions());
  expect(attempt(blocked)).toThrow(
    expect.objectContaining({
      message: "1 row is blocked. Nothing was written.",
      details: [expect.stringMatching(/^row 4 cyd: source-not-found: .+; target-not-found: /)],
    }),
  );
  expect(attempt({ ...blocked, mappings: [...blocked.mappings, mapping(5, "dee")] })).toThrow(
    /^2 rows are blocked\. Nothing was written\.$/,
  );
});

test("the reasons of a row are those that block, one after the other", () => {
  const reasons = listBlockReasons({
    findings: [
      found({ rows: [2, 3], detail: "first" }),
      found({ rows: [2], severity: "warn", detail: "only a warning" }),
      found({ rows: [2], detail: "second" }),
    ],
  });
  expect([...reasons]).toEqual([
    [2, "anchor-differs: first; anchor-differs: second"],
    [3, "anchor-differs: first"],
  ]);
});

/** Ben's ID is held by one or two other users, which are cleared, or deleted and purged. */
function withHolders(names: readonly string[], action: "clear-holder" | "delete-holder") {
  return planOf({
    ...clean,
    users: [...clean.users, ...names.map((name) => cloudUser(name, { immutableId: anchorOf("ben") }))],
    options: { onConflict: [action], allow: [action] },
    takeover: { roles: new Map(), rolesAreComplete: true },
  });
}

for (const [names, action, objects, steps] of [
  [[], "clear-holder", 0, 0],
  [["old"], "clear-holder", 1, 1],
  [["old"], "delete-holder", 1, 2],
] as const) {
  test(`${steps} steps on ${objects} other objects ask for ${objects} to be confirmed: ${action}`, () => {
    const plan = withHolders(names, action);
    expect(countHolderActions(plan)).toBe(objects);
    expect(plan.changes.filter(isHolderStep)).toHaveLength(steps);
    const attempt = (confirmedHolders: number | null) => () => approve(plan, decisions({ confirmedHolders }));
    expect(attempt(objects === 0 ? null : objects)).not.toThrow();
    if (objects === 0) return;
    for (const said of [null, 0, objects + 1])
      expect(attempt(said)).toThrow(
        expect.objectContaining({ code: "refused", message: expect.stringContaining("acts on 1 other object (") }),
      );
  });
}

test("a row's own write in the wave of holder actions is none, nor is a holder outside of that wave", () => {
  const [own, step] = [false, true].map((other) =>
    withHolders(["old"], "clear-holder").changes.find(({ row, holder }) => row === 3 && (holder !== null) === other),
  );
  if (own === undefined || step === undefined) throw new Error("the plan has no holder action");
  expect([own.wave, isHolderStep(own)]).toEqual(["holder", false]);
  expect([isHolderStep(step), isHolderStep({ ...step, wave: "simple" })]).toEqual([true, false]);
});

test("two other objects are two to confirm", () => {
  const { changes } = withHolders(["old"], "clear-holder");
  const other = changes.filter(isHolderStep).map((change) => ({ ...change, objectId: CLOUD_ID("another") }));
  const plan = { ...planOf(clean), changes: [...changes, ...other] };
  expect(() => approve(plan, decisions({ confirmedHolders: 1 }))).toThrow(/acts on 2 other objects \(/);
});

for (const [steps, words] of [
  [["a", "b"], "2 steps on 2 objects"],
  [["a"], "1 step on 1 object"],
  [["a!", "a!"], "2 steps on 1 object, irreversible"],
  [["a", "b!", "b!"], "3 steps on 2 objects, 2 of them irreversible"],
] as const) {
  test(`holder steps in words: ${words}`, () => {
    const told = steps.map((step) => ({
      objectId: CLOUD_ID(step.replace("!", "")),
      irreversible: step.endsWith("!"),
    }));
    expect(describeHolderSteps(told)).toBe(words);
  });
}

test("equal values give equal text, whatever the order of their keys; lists keep theirs", () => {
  expect(canonicalJson({ b: 1, a: { d: [3, 1, 2], c: null } })).toBe('{"a":{"c":null,"d":[3,1,2]},"b":1}');
  for (const value of [
    { c: 1, b: 2, a: 3 },
    { a: 3, b: 2, c: 1 },
    { b: 2, c: 1, a: 3 },
  ])
    expect(canonicalJson(value)).toBe('{"a":3,"b":2,"c":1}');
  expect(canonicalJson([null, "x", { a: undefined }])).toBe('[null,"x",{}]');
});

test("rows, changes and findings are all part of the hash", () => {
  const plan = planOf(blocked);
  const texts = [...planLines(plan)];
  expect(digest(texts)).toBe(plan.hash);
  expect(texts.map((text) => text.split(" ", 1)[0])).toEqual([
    "plan",
    ...plan.rows.map(() => "row"),
    ...plan.changes.map(() => "change"),
    ...plan.findings.map(() => "finding"),
  ]);
});

test("a swap is two rows to write, in three writes", () => {
  const plan = planOf(swap);
  expect([countRowsToWrite(plan), plan.changes.length]).toEqual([2, 3]);
});

test("each row says what would happen to it and why", () => {
  const rows = planOf({
    ...blocked,
    users: [cloudUser("ada", { immutableId: anchorOf("ada") }), cloudUser("ben")],
  }).rows;
  expect(
    rows.map(({ row, action, settled, findings, immutableId }) => [
      row,
      action,
      settled,
      findings.join(" "),
      immutableId,
    ]),
  ).toEqual([
    [2, "none", "already", "target-already-matched", anchorOf("ada")],
    [3, "set", null, "", anchorOf("ben")],
    [4, "blocked", "blocked", "source-not-found target-not-found", null],
  ]);
});
