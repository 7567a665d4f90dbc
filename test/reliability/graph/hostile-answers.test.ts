/** Answers that are not Graph's, or not whole: they prove nothing, and are never taken for success. */
import { expect, test } from "vitest";
import type { FaultAction, SpoiltBody } from "../../../src/sim/tenant/faults.ts";
import { anchorOf } from "../../support/facts.ts";
import { type FaultyRun, startFaultyRun } from "../faulty-run.ts";

const PEOPLE = ["ada", "ben", "cyd"];
const status = (code: number, headers: Record<string, string> = {}): FaultAction => ({
  kind: "status",
  status: code,
  applied: false,
  headers,
});

async function expectRightEnd(run: FaultyRun): Promise<void> {
  await run.finish();
  expect(PEOPLE.map(run.valueOf)).toEqual(PEOPLE.map((person) => anchorOf(person)));
  expect(run.judge()).toEqual([]);
  run.simulated.clearFaults();
  await run.rollBack();
  expect([run.judge(), run.changedSinceStart()]).toEqual([[], []]);
}

const lies: { name: string; action: FaultAction; writes: number }[] = [
  { name: "a 204 without a request-id", action: { kind: "no-request-id" }, writes: 5 },
  { name: "200 with a portal's page", action: { kind: "html" }, writes: 6 },
  { name: "302 to a sign-in page", action: status(302, { location: "/v1.0/me" }), writes: 6 },
  { name: "307 to another host", action: status(307, { location: "https://graph.contoso.example/" }), writes: 6 },
  { name: "201", action: status(201), writes: 6 },
];
for (const { name, action, writes } of lies) {
  test(`C13: a write answered by ${name} is undecided, settled by reading, and leads nowhere`, async () => {
    await using run = await startFaultyRun({ people: PEOPLE });
    await run.plan();
    run.strike({ match: { method: "PATCH", nth: 4 }, action });
    await run.apply();
    expect(run.journal().filter(({ kind }) => kind === "undecided")).toHaveLength(1);
    expect(run.simulated.ledger.entries).toHaveLength(writes);
    expect(run.simulated.ledger.requestCounts()).not.toHaveProperty("unknown");
    await expectRightEnd(run);
  });
}

test("C13: a portal in front of everything ends the run with nothing reported as done", async () => {
  await using run = await startFaultyRun({ people: PEOPLE });
  await run.plan();
  run.strike({ match: { method: "PATCH" }, action: { kind: "html" } });
  await run.apply();
  expect(run.statuses().filter((line) => line.endsWith("verified"))).toEqual([]);
  expect(PEOPLE.map(run.valueOf)).toEqual([null, null, null]);
  run.simulated.clearFaults();
  await expectRightEnd(run);
});

const forms: readonly SpoiltBody[] = [
  "gzip-bomb",
  "endless",
  "half-json",
  "byte-order-mark",
  "wrong-type",
  "not-utf-8",
];
for (const form of forms) {
  test(`C31: a write answered by a body that is spoilt as ${form} is settled by reading`, async () => {
    await using run = await startFaultyRun({ people: PEOPLE });
    await run.plan();
    run.strike({ match: { method: "PATCH", nth: 4 }, action: { kind: "spoilt-body", form } });
    await run.apply();
    expect(run.simulated.ledger.entries).toHaveLength(5);
    await expectRightEnd(run);
  });

  test(`C31: a read answered by a body that is spoilt as ${form} is read again, or read for what it is`, async () => {
    await using run = await startFaultyRun({ people: PEOPLE });
    await run.plan();
    run.strike({ match: { method: "GET", every: 5, times: 3 }, action: { kind: "spoilt-body", form } });
    expect(await run.apply()).toBeNull();
    await expectRightEnd(run);
  });
}

test("C32: connections that are reset under load lose no row", async () => {
  const people = Array.from({ length: 60 }, (_, index) => `user${index}`);
  await using run = await startFaultyRun({ people, inFlight: 16 });
  await run.plan();
  run.strike({ match: { method: "PATCH", every: 7 }, action: { kind: "reset", applied: true } });
  run.strike({ match: { method: "PATCH", every: 5 }, action: { kind: "reset", applied: false } });
  run.strike({ match: { method: "GET", every: 11 }, action: { kind: "reset", applied: false } });
  await run.apply();
  await run.finish();
  expect(people.map(run.valueOf)).toEqual(people.map((person) => anchorOf(person)));
  expect(run.judge()).toEqual([]);
});

test("C32: a server that closes idle connections loses no row", async () => {
  await using run = await startFaultyRun({ people: PEOPLE, tenant: { keepAliveMs: 1 } });
  await run.plan();
  await run.apply();
  await expectRightEnd(run);
});

test("C36: a proxy that asks for its own sign-in (407) is no answer: the canary row is settled by reading and stays pending", async () => {
  await using run = await startFaultyRun({ people: PEOPLE });
  await run.plan();
  run.strike({ match: { method: "PATCH" }, action: status(407) });
  expect(await run.apply()).toMatch(/canary row 2 is pending/);
  expect(run.statuses()).toEqual(["2.1 pending", "3.1 pending", "4.1 pending"]);
  run.simulated.clearFaults();
  await expectRightEnd(run);
});

test("C27: names and IDs full of characters that a URL takes for its own reach the right user", async () => {
  const people = ["o'neil", "a#b", "per%2Fcent", "$dollar", "plus+", "que?stion"];
  const holds = { "o'neil": "=AB+/CDEFGHIJKLMNOPQRSQ==" };
  await using run = await startFaultyRun({ people, holds, lookUp: true });
  const plan = await run.plan();
  expect(plan.rows.map(({ action }) => action)).toEqual(["replace", ...people.slice(1).map(() => "set")]);
  await run.apply();
  expect(people.map(run.valueOf)).toEqual(people.map((person) => anchorOf(person)));
  expect(run.judge()).toEqual([]);
  await run.rollBack();
  expect(run.changedSinceStart()).toEqual([]);
});
