/** A service that asks for pauses: each is kept in full, and one too long to wait for ends the run, resumable. */
import { expect, test } from "vitest";
import type { FaultAction } from "../../../src/sim/tenant/faults.ts";
import { anchorOf } from "../../support/facts.ts";
import { type FaultyRun, startFaultyRun } from "../faulty-run.ts";

const PEOPLE = ["ada", "ben", "cyd"];
const throttle = (retryAfter?: string | readonly string[]): FaultAction => ({
  kind: "status",
  status: 429,
  applied: false,
  ...(retryAfter !== undefined && { retryAfter }),
});

/** Milliseconds from the first throttled write to the next one that came. */
function pauseOf(run: FaultyRun): number {
  const { entries } = run.simulated.ledger;
  const throttled = entries.findIndex(({ status }) => status === 429);
  return (entries[throttled + 1]?.atMs ?? Number.NaN) - (entries[throttled]?.atMs ?? Number.NaN);
}

async function expectAllWritten(run: FaultyRun): Promise<void> {
  await run.finish();
  expect(PEOPLE.map(run.valueOf)).toEqual(PEOPLE.map((person) => anchorOf(person)));
  expect(run.judge()).toEqual([]);
  await run.rollBack();
  expect([run.judge(), run.changedSinceStart()]).toEqual([[], []]);
}

for (const seconds of [0, 1, 30, 899]) {
  test(`C01: a pause of ${seconds} s is kept in full, and the run goes on by itself`, async () => {
    await using run = await startFaultyRun({ people: PEOPLE, inFlight: 1 });
    await run.plan();
    run.strike({ match: { method: "PATCH", nth: 4 }, action: throttle(String(seconds)) });
    expect(await run.apply()).toBeNull();
    expect(pauseOf(run)).toBeGreaterThanOrEqual(seconds * 1000);
    expect(pauseOf(run)).toBeLessThan(seconds * 1000 + 1000);
    await expectAllWritten(run);
  });
}

for (const seconds of [900, 86_400]) {
  test(`C01: a pause of ${seconds} s is not waited for: the run ends, resumable, with nothing lost`, async () => {
    await using run = await startFaultyRun({ people: PEOPLE });
    await run.plan();
    run.strike({ match: { method: "PATCH", nth: 4 }, action: throttle(String(seconds)) });
    const startedMs = run.clock.monotonicMs();
    expect(await run.apply()).toMatch(/nor anything after it: the tenant asks for a pause of \d+ minutes/);
    expect(run.clock.monotonicMs() - startedMs).toBeLessThan(60_000);
    expect(run.statuses()).toContain("3.1 pending");
    // Nothing is sent before the time is up, not even by another apply.
    const sent = run.simulated.ledger.entries.length;
    await expect(run.apply()).rejects.toThrow(/pause/);
    expect(run.simulated.ledger.entries).toHaveLength(sent);
    await run.clock.wait(seconds * 1000);
    await expectAllWritten(run);
  });
}

for (const [name, dateOffsetMs] of [
  ["the same as ours", 0],
  ["four minutes ahead of ours", 240_000],
  ["four minutes behind ours", -240_000],
] as const) {
  test(`C02: a pause until a date is measured by the server's clock, ${name}`, async () => {
    await using run = await startFaultyRun({ people: PEOPLE, inFlight: 1, tenant: { dateOffsetMs } });
    await run.plan();
    const until = new Date(run.clock.now().getTime() + dateOffsetMs + 120_000).toUTCString();
    run.strike({ match: { method: "PATCH", nth: 4 }, action: throttle(until) });
    expect(await run.apply()).toBeNull();
    expect(pauseOf(run)).toBeGreaterThan(110_000);
    expect(pauseOf(run)).toBeLessThan(122_000);
    await expectAllWritten(run);
  });
}

for (const [id, name, retryAfter, leastMs] of [
  ["C02", "a date that is past", "Sun, 22 Nov 2020 01:00:00 GMT", 1000],
  ["C03", "nothing", undefined, 1000],
  ["C03", "NaN", "NaN", 1000],
  ["C03", "a negative number", "-5", 1000],
  ["C03", "two headers, of which the longer counts", ["1", "30"], 30_000],
] as const) {
  test(`${id}: a 429 that names ${name} is waited out, at least ${leastMs} ms and not for ever`, async () => {
    await using run = await startFaultyRun({ people: PEOPLE, inFlight: 1 });
    await run.plan();
    run.strike({ match: { method: "PATCH", nth: 4 }, action: throttle(retryAfter) });
    expect(await run.apply()).toBeNull();
    expect(pauseOf(run)).toBeGreaterThanOrEqual(leastMs);
    expect(pauseOf(run)).toBeLessThan(61_000);
    await expectAllWritten(run);
  });
}

test("C04: a service that throttles every request for ever ends the run instead of being hammered", async () => {
  await using run = await startFaultyRun({ people: PEOPLE, inFlight: 1 });
  await run.plan();
  run.strike({ match: { method: "PATCH" }, action: throttle("1") });
  expect(await run.apply()).toMatch(/row \d+ could not be written now, nor anything after it: ./);
  expect(run.simulated.ledger.entries.length).toBeLessThanOrEqual(20);
  expect(run.statuses()).toEqual(["2.1 pending", "3.1 pending", "4.1 pending"]);
  run.simulated.clearFaults();
  await expectAllWritten(run);
});

test("C04: a service that throttles every read for ever ends the run with nothing written", async () => {
  await using run = await startFaultyRun({ people: PEOPLE, inFlight: 1 });
  await run.plan();
  run.strike({ match: { method: "GET" }, action: throttle() });
  await expect(run.apply()).rejects.toThrow();
  expect(run.simulated.ledger.entries).toEqual([]);
  run.simulated.clearFaults();
  await expectAllWritten(run);
});
