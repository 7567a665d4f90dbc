/** Values that move inside a batch: chains from their free end, cycles through null, and what a tenant may refuse. */
import { expect, test } from "vitest";
import { anchorOf, CLOUD_ID } from "../../support/facts.ts";
import { type FaultyRun, startFaultyRun } from "../faulty-run.ts";

const named = (count: number) => Array.from({ length: count }, (_, index) => `user${index}`);
/** Each holds what the next one wants; the last one what the first wants, if it is a cycle. */
const holding = (people: readonly string[], cycle: boolean) =>
  Object.fromEntries(
    people.flatMap((name, index) => {
      const next = people[index + 1] ?? (cycle ? people[0] : undefined);
      return next === undefined ? [] : [[name, next]];
    }),
  );
const verified = async (run: FaultyRun, people: readonly string[]) => {
  expect(new Set(run.outcomes().map(({ status }) => status))).toEqual(new Set(["verified"]));
  expect(people.map(run.valueOf)).toEqual(people.map((name) => anchorOf(name)));
  expect(run.judge()).toEqual([]);
};
const back = async (run: FaultyRun) => {
  await run.rollBack();
  expect([run.judge(), run.changedSinceStart()]).toEqual([[], []]);
};
/** A tenant in which another object is said to hold the value. */
const conflict = (holderId: string, times: number) => ({
  match: { method: "PATCH", userId: CLOUD_ID("ada"), times },
  action: {
    kind: "status",
    status: 400,
    applied: false,
    body: {
      error: {
        code: "Request_BadRequest",
        message: "Another object with the same value for property onPremisesImmutableId already exists.",
        details: [
          { code: "ObjectConflict", target: "onPremisesImmutableId" },
          { code: "ConflictingObjects", target: `User_${holderId}` },
        ],
      },
    },
  } as const,
});

for (const [name, holderId] of [
  ["another user", CLOUD_ID("zoe")],
  ["a user whom only the recycle bin has", CLOUD_ID("gil")],
] as const) {
  test(`C21: a value that ${name} took since the plan is a conflict of that row, tried once`, async () => {
    await using run = await startFaultyRun({ people: ["cyd", "ada", "ben"] });
    await run.plan();
    run.strike(conflict(holderId, 9));
    await run.apply();
    expect(run.statuses()).toEqual(["2.1 verified", "3.1 drift", "4.1 verified"]);
    expect(run.outcomes()[1]?.message).toContain(holderId);
    expect([run.valuesSent("ada").length, run.judge()]).toEqual([1, []]);
  });
}

test("C21: a value that a row of the batch has just freed is tried again until the tenant knows it", async () => {
  await using run = await startFaultyRun({ people: ["ada", "ben", "cyd"], holds: { ben: "ada" } });
  await run.plan();
  run.strike(conflict(CLOUD_ID("ben"), 3));
  await run.apply();
  await verified(run, ["ada", "ben", "cyd"]);
  expect(run.valuesSent("ada")).toHaveLength(4);
  run.simulated.clearFaults();
  await back(run);
});

test("C21: a conflict with a row of the batch that never ends is given up after five tries", async () => {
  await using run = await startFaultyRun({ people: ["ada", "ben", "cyd"], holds: { ben: "ada" } });
  await run.plan();
  run.strike(conflict(CLOUD_ID("ben"), 99));
  await run.apply();
  expect(run.statuses()).toEqual(["2.1 drift", "3.1 verified", "4.1 verified"]);
  expect(run.valuesSent("ada")).toHaveLength(5);
});

for (const [name, count, cycle] of [
  ["a swap of two", 2, true],
  ["a cycle of 3", 3, true],
  ["a cycle of 20", 20, true],
  ["a cycle of 1,000", 1000, true],
  ["a chain of 20 into a free ID", 20, false],
  ["a chain of 1,000 into a free ID", 1000, false],
] as const) {
  test(`C22: ${name} is written in ${cycle ? count + 1 : count} writes, each when its value is free`, {
    timeout: 300_000,
  }, async () => {
    const people = named(count);
    await using run = await startFaultyRun({ people: [...people, "ada"], holds: holding(people, cycle) });
    await run.plan();
    await run.apply();
    await verified(run, people);
    // Ada is the canary: written, set back and set again.
    const writes = run.simulated.ledger.entries.filter(({ userId }) => userId !== CLOUD_ID("ada"));
    expect([writes.length, writes.every(({ status }) => status === 204)]).toEqual([cycle ? count + 1 : count, true]);
    if (count <= 20) await back(run);
  });
}

test("C22: a row whose user holds its value already is no write", async () => {
  await using run = await startFaultyRun({ people: ["ada"], holds: { ada: "ada" } });
  await run.plan();
  await run.apply();
  expect([run.statuses(), run.simulated.ledger.entries]).toEqual([["2.1 already"], []]);
});

for (const n of [4, 5, 6, 7]) {
  for (const applied of [true, false]) {
    const moment = applied ? "after" : "before";
    test(`C23: a crash just ${moment} write ${n - 3} of a cycle's 4 shows who is parked, and a resume completes it`, async () => {
      const people = ["ada", "ben", "cyd"];
      await using run = await startFaultyRun({ people: [...people, "dee"], holds: holding(people, true) });
      await run.plan();
      run.strike({
        match: { method: "PATCH", nth: n },
        action: { kind: "apply-late", afterMs: applied ? 0 : 1e12, answer: "hang" },
      });
      const abort = new AbortController();
      const applying = run.apply({}, { drain: abort.signal, abort: abort.signal });
      await run.clock.wait(30_000);
      abort.abort();
      await applying.catch((error: unknown) => expect(String(error)).toMatch(/interrupted|stopped|abort/i));
      expect(run.statuses().some((line) => line.endsWith("undecided"))).toBe(true);
      expect(run.statuses().includes("2.1 parked")).toBe(n > 4);
      run.simulated.clearFaults();
      await run.finish();
      await verified(run, people);
      await back(run);
    });
  }
}

test("C24: a tenant that refuses null stops at the canary, and opens no cycle", async () => {
  await using run = await startFaultyRun({
    people: ["ada", "ben", "cyd"],
    holds: { ada: "ben", ben: "ada" },
    tenant: { rules: { acceptsNullAnchor: false } },
  });
  await run.plan();
  expect(await run.apply()).toMatch(/rollback would not work/);
  expect(run.statuses()).toEqual(["2.1 pending", "2.2 pending", "3.1 pending", "4.1 accepted"]);
  expect([run.valueOf("ada"), run.valueOf("ben"), run.judge()]).toEqual([anchorOf("ben"), anchorOf("ada"), []]);
  expect(run.valuesSent("cyd")).toEqual([anchorOf("cyd"), null]);
});

test("C25: a cycle whose second write fails for good leaves its pivot parked by name, and rollback restores it", async () => {
  const people = ["ada", "ben", "cyd"];
  await using run = await startFaultyRun({ people: [...people, "dee"], holds: holding(people, true) });
  await run.plan();
  run.strike({ match: { method: "PATCH", nth: 5 }, action: { kind: "status", status: 403, applied: false } });
  await run.apply();
  expect(run.statuses()).toEqual(["2.1 parked", "2.2 blocked", "3.1 failed", "4.1 blocked", "5.1 verified"]);
  expect([run.valueOf("ada"), run.judge()]).toEqual([null, []]);
  run.simulated.clearFaults();
  await back(run);
});

test("C26: an ID that differs from another only in letter case is told apart, and blocks its row", async () => {
  const other = anchorOf("ada").replace(/[a-z]/, (letter) => letter.toUpperCase());
  await using run = await startFaultyRun({ people: ["ada", "ben"], users: { zoe: {} }, holds: { zoe: `=${other}` } });
  const plan = await run.plan();
  expect(plan.rows.map(({ action, findings }) => [action, findings])).toEqual([
    ["blocked", ["id-differs-in-case"]],
    ["set", []],
  ]);
});
