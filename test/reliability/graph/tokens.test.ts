/** Tokens that end, are revoked or do not suffice in the middle of a run. */
import { expect, test } from "vitest";
import { BatchError } from "../../../src/core/errors.ts";
import { anchorOf, CLOUD_ID } from "../../support/facts.ts";
import { type FaultyRun, startFaultyRun } from "../faulty-run.ts";

const people = Array.from({ length: 20 }, (_, index) => `user${index}`);
const refused = (headers: Record<string, string> = {}) =>
  ({ kind: "status", status: 401, applied: false, headers }) as const;
const CHALLENGE = 'Bearer error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ=="';

async function expectAllWritten(run: FaultyRun): Promise<void> {
  await run.finish();
  expect(people.map(run.valueOf)).toEqual(people.map((person) => anchorOf(person)));
  expect(run.judge()).toEqual([]);
}

test("C29: a token that is refused at every fifth write is renewed each time, and the same attempt is sent again", async () => {
  await using run = await startFaultyRun({ people });
  await run.plan();
  run.strike({ match: { method: "PATCH", every: 5 }, action: refused() });
  await run.apply();
  await expectAllWritten(run);
  expect(run.journal().filter(({ kind }) => kind === "undecided")).toEqual([]);
});

test("C29: a claims challenge is answered by a new token", async () => {
  await using run = await startFaultyRun({ people });
  await run.plan();
  run.strike({ match: { method: "PATCH", nth: 7 }, action: refused({ "www-authenticate": CHALLENGE }) });
  await run.apply();
  await expectAllWritten(run);
});

test("C29: a second refusal in a row is not sent a third time: the run stops, resumable", async () => {
  await using run = await startFaultyRun({ people, inFlight: 1 });
  await run.plan();
  run.strike({ match: { method: "PATCH", userId: CLOUD_ID("user3") }, action: refused() });
  await run.apply();
  expect(run.valuesSent("user3")).toHaveLength(2);
  expect(run.statuses()).toContain("5.1 pending");
  run.simulated.clearFaults();
  await expectAllWritten(run);
});

test("C29: a token that cannot be renewed stops the run before anything else is sent, resumable", async () => {
  let signedOut = false;
  await using run = await startFaultyRun({
    people,
    inFlight: 1,
    renewToken: (mint) => {
      if (signedOut) throw new BatchError("tenant", "Sign-in failed", "Sign in again.");
      return mint();
    },
  });
  await run.plan();
  run.strike({ match: { method: "PATCH", nth: 8, times: 1 }, action: refused() });
  signedOut = true;
  expect(await run.apply()).toMatch(/row \d+ could not be written now, nor anything after it: ./);
  const sent = run.simulated.ledger.entries.length;
  expect(sent).toBe(8);
  signedOut = false;
  await expectAllWritten(run);
});

test("C30: a token without the role to write sends nothing, and names the permission", async () => {
  await using run = await startFaultyRun({ people, permissions: ["User.Read.All", "Organization.Read.All"] });
  await run.plan();
  await expect(run.apply()).rejects.toMatchObject({
    code: "tenant",
    message: expect.stringMatching(/write an immutable ID/),
  });
  expect(run.simulated.ledger.entries).toEqual([]);
});

test("C30: an app whose consent was withdrawn is refused row by row until the breaker stops the run", async () => {
  await using run = await startFaultyRun({ people, canary: 0 });
  await run.plan();
  run.strike({ match: { method: "PATCH" }, action: { kind: "status", status: 403, applied: false } });
  expect(await run.apply()).toMatch(/breaker: 3 writes in a row/);
  expect(run.simulated.ledger.entries.every(({ applied }) => !applied)).toBe(true);
  expect(run.outcomes().filter(({ status }) => status === "failed").length).toBeLessThanOrEqual(3 + 4);
  expect(run.judge()).toEqual([]);
});

test("C30: users whom the app may not touch fail by name, and the others are written", async () => {
  await using run = await startFaultyRun({ people });
  await run.plan();
  for (const name of ["user4", "user11"]) {
    run.strike({
      match: { method: "PATCH", userId: CLOUD_ID(name) },
      action: { kind: "status", status: 403, applied: false },
    });
  }
  await run.apply();
  const failed = run.outcomes().filter(({ status }) => status === "failed");
  expect(failed.map(({ row, errorCode }) => [row, errorCode])).toEqual([
    [6, "Authorization_RequestDenied"],
    [13, "Authorization_RequestDenied"],
  ]);
  expect(run.outcomes().filter(({ status }) => status === "verified")).toHaveLength(18);
  expect(run.judge()).toEqual([]);
});
