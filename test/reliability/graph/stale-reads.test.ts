/** A copy of the directory that lags behind: neither drift nor a reason to write again. */
import { expect, test } from "vitest";
import { anchorOf, CLOUD_ID } from "../../support/facts.ts";
import { startFaultyRun } from "../faulty-run.ts";

const PEOPLE = ["ada", "ben", "cyd", "dee"];
const HOLDS = { ada: "ben", ben: "ada", cyd: "=anOldValue" };

for (const seconds of [2, 60]) {
  test(`C14: reads that lag ${seconds} s behind a write are neither drift nor a reason to send it again`, async () => {
    await using run = await startFaultyRun({ people: PEOPLE, holds: HOLDS });
    await run.plan();
    run.strike({ match: { method: "GET" }, action: { kind: "lagging-read", byMs: seconds * 1000 } });
    await run.apply();
    await run.finish();
    expect(new Set(run.outcomes().map(({ status }) => status))).toEqual(new Set(["verified"]));
    expect(PEOPLE.map(run.valueOf)).toEqual(PEOPLE.map((person) => anchorOf(person)));
    // Two simple rows, one of them set back and set again; a swap in three.
    expect(run.simulated.ledger.entries).toHaveLength(7);
    expect(run.judge()).toEqual([]);
    run.simulated.clearFaults();
    await run.rollBack();
    expect([run.judge(), run.changedSinceStart()]).toEqual([[], []]);
  });
}

test("C15: a lookup that still shows the old holder leaves the row alone, and a later apply writes it", async () => {
  await using run = await startFaultyRun({ people: ["ada", "ben"], holds: { ben: "=anOldValue" } });
  await run.plan();
  // Ben, as an old copy shows him, holds the ID that Ada is to get.
  run.strike({
    match: { userId: CLOUD_ID("ben"), pathIncludes: "$top=", times: 1 },
    action: { kind: "stale-read", value: anchorOf("ada") },
  });
  const early = await run.apply({ skipBlocked: false }).catch((error: unknown) => String(error));
  expect(early).toMatch(/changed since the plan/);
  expect(run.simulated.ledger.entries).toEqual([]);
  await run.apply({ skipBlocked: false });
  expect(run.statuses()).toEqual(["2.1 verified", "3.1 verified"]);
  expect(run.judge()).toEqual([]);
});

test("C15: a read just before the write that shows another value leaves the row alone", async () => {
  await using run = await startFaultyRun({ people: PEOPLE });
  await run.plan();
  run.strike({
    match: { userId: CLOUD_ID("ben"), pathIncludes: "onPremisesSyncEnabled,onPremisesImmutableId", times: 1 },
    action: { kind: "stale-read", value: "an older value" },
  });
  await run.apply();
  expect(run.statuses()).toEqual(["2.1 verified", "3.1 drift", "4.1 verified", "5.1 verified"]);
  expect([run.valuesSent("ben"), run.judge()]).toEqual([[], []]);
});
