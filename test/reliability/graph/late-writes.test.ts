/** Writes that land long after their answer was lost: nothing different is sent for that user before. */
import { expect, test } from "vitest";
import { anchorOf, CLOUD_ID } from "../../support/facts.ts";
import { startFaultyRun } from "../faulty-run.ts";

const SWAP = { people: ["ada", "ben", "cyd"], holds: { ada: "ben", ben: "ada" } };

for (const seconds of [5, 60, 170]) {
  for (const answer of ["reset", "hang", 504] as const) {
    test(`C10: a write that lands ${seconds} s after its answer was lost (${answer}) is overtaken by no other value`, async () => {
      await using run = await startFaultyRun(SWAP);
      await run.plan();
      // The clearing write of the swap's pivot: a different value follows for the same user.
      run.strike({
        match: { method: "PATCH", userId: CLOUD_ID("ada"), nth: 1 },
        action: { kind: "apply-late", afterMs: seconds * 1000, answer },
      });
      await run.apply();
      await run.finish();
      await run.clock.wait(400_000);
      expect(SWAP.people.map(run.valueOf)).toEqual(SWAP.people.map((person) => anchorOf(person)));
      expect(run.judge()).toEqual([]);
      await run.rollBack();
      expect([run.judge(), run.changedSinceStart()]).toEqual([[], []]);
    });
  }
}

test("C10: a canary's set-back that lands late does not undo a row that counts as done", async () => {
  await using run = await startFaultyRun({ people: ["ada", "ben"] });
  await run.plan();
  run.strike({
    match: { method: "PATCH", userId: CLOUD_ID("ada"), nth: 2 },
    action: { kind: "apply-late", afterMs: 170_000, answer: 504 },
  });
  await run.apply();
  await run.finish();
  await run.clock.wait(400_000);
  expect([run.valueOf("ada"), run.valueOf("ben")]).toEqual([anchorOf("ada"), anchorOf("ben")]);
  expect(run.judge()).toEqual([]);
});

for (const seconds of [5, 60, 170]) {
  test(`C11: a rollback started at once after a crash waits for a write that lands ${seconds} s late`, async () => {
    await using run = await startFaultyRun({ people: ["ada", "ben", "cyd"] });
    await run.plan();
    run.strike({
      match: { method: "PATCH", userId: CLOUD_ID("cyd"), nth: 1 },
      action: { kind: "apply-late", afterMs: seconds * 1000, answer: "hang" },
    });
    const abort = new AbortController();
    const applying = run.apply({}, { drain: abort.signal, abort: abort.signal });
    await run.clock.wait(15_000);
    abort.abort();
    await applying.catch((error: unknown) => expect(String(error)).toMatch(/interrupted|stopped|abort/i));
    expect(run.statuses()).toContain("4.1 undecided");
    const startedMs = run.clock.monotonicMs();
    await run.rollBack();
    expect(run.clock.monotonicMs() - startedMs).toBeGreaterThanOrEqual(165_000);
    expect([run.judge(), run.changedSinceStart()]).toEqual([[], []]);
  });
}

test("C12: a write that a proxy delivers twice is harmless: the same value, two lines in the ledger", async () => {
  await using run = await startFaultyRun(SWAP);
  await run.plan();
  run.strike({ match: { method: "PATCH" }, action: { kind: "duplicate" } });
  await run.apply();
  expect(new Set(run.outcomes().map(({ status }) => status))).toEqual(new Set(["verified"]));
  for (const same of Map.groupBy(run.simulated.ledger.entries, ({ clientRequestId }) => clientRequestId).values()) {
    expect([same.length, new Set(same.map(({ value }) => value)).size]).toEqual([2, 1]);
  }
  expect(run.judge()).toEqual([]);
  run.simulated.clearFaults();
  await run.rollBack();
  expect([run.judge(), run.changedSinceStart()]).toEqual([[], []]);
});
