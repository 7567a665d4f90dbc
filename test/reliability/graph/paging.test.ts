/** Lists that come in pages, and batches that come in parts: whole, or not at all. */
import { expect, test } from "vitest";
import type { FaultAction } from "../../../src/sim/tenant/faults.ts";
import { startFaultyRun } from "../faulty-run.ts";

const people = Array.from({ length: 1200 }, (_, index) => `user${index}`);
const LIST = { method: "GET", pathIncludes: "/users?$select=" } as const;

for (const { name, nth, action } of [
  { name: "lost once", nth: 2, action: { kind: "status", status: 502, applied: false } },
  { name: "reset once", nth: 2, action: { kind: "reset", applied: false } },
  { name: "empty, with a next page after it", nth: 1, action: { kind: "spoilt-page", empty: true } },
] satisfies { name: string; nth: number; action: FaultAction }[]) {
  test(`C28: a page that is ${name} costs no row of the plan its target, or the row is blocked`, async () => {
    await using run = await startFaultyRun({ people });
    run.strike({ match: { ...LIST, nth }, action });
    const plan = await run.plan();
    const wanted = action.kind === "spoilt-page" ? new Set(["set", "blocked"]) : new Set(["set"]);
    expect(new Set(plan.rows.map(({ action: planned }) => planned))).toEqual(wanted);
    expect(plan.rows).toHaveLength(people.length);
  });
}

for (const { name, nextLink } of [
  { name: "another host", nextLink: "https://graph.contoso.example/v1.0/users?$skiptoken=2" },
  { name: "nothing that is an address", nextLink: "users" },
]) {
  test(`C28: a page that leads to ${name} ends the plan, and no token goes there`, async () => {
    await using run = await startFaultyRun({ people });
    run.strike({ match: { ...LIST, nth: 1 }, action: { kind: "spoilt-page", nextLink } });
    await expect(run.plan()).rejects.toThrow(/next page is said to be/);
  });
}

test("C28: a page that is lost for good ends the plan: half a tenant is none", async () => {
  await using run = await startFaultyRun({ people });
  run.strike({
    match: { ...LIST, pathIncludes: "skiptoken" },
    action: { kind: "status", status: 500, applied: false },
  });
  await expect(run.plan()).rejects.toThrow(/list the users/);
});

test("C33: of twenty reads in a batch only those that failed are read again", async () => {
  await using run = await startFaultyRun({ people: people.slice(0, 300), lookUp: true });
  run.strike({
    match: { method: "GET", pathIncludes: "userPrincipalName%20in", every: 6, times: 3 },
    action: { kind: "status", status: 503, applied: false },
  });
  const plan = await run.plan();
  expect(new Set(plan.rows.map(({ action }) => action))).toEqual(new Set(["set"]));
  const asked = run.simulated.ledger.requestCounts()["GET /users"] ?? 0;
  await using clean = await startFaultyRun({ people: people.slice(0, 300), lookUp: true });
  await clean.plan();
  expect(asked - (clean.simulated.ledger.requestCounts()["GET /users"] ?? 0)).toBe(3);
});
