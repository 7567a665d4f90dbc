/** Reads that are made again, given up or cut off, and the pauses between them. */
import { expect, test } from "vitest";
import { BatchError } from "../../src/core/errors.ts";
import { PatientReader } from "../../src/stages/patient-reader.ts";
import { SuspendWatch } from "../../src/stages/suspend-watch.ts";
import { planFor, prepareRun } from "../support/writer-run.ts";

const NEVER = new AbortController().signal;

function prepareReader() {
  const { plan, side, clock } = prepareRun(planFor(["ada"]));
  const [change] = plan.changes;
  if (change === undefined) throw new Error("the plan has a change");
  const abort = new AbortController();
  const watch = new SuspendWatch(clock, () => undefined);
  return { change, side, clock, abort, reader: new PatientReader({ side, clock, watch, abort: abort.signal }) };
}

const error = new BatchError("interrupted", "given up", "Run the same command again.");

for (const [title, givesUp, aborts, thrown, fails] of [
  ["a read that was given up before it was sent shows nothing", true, false, error, false],
  ["a read that ends though nobody gave up fails", false, false, error, true],
  ["a read that is cut off by an abort fails", true, true, error, true],
  ["another failure of a read fails, whoever gives up", true, false, new BatchError("tenant", "no", "Wait."), true],
  [
    "a failure of another kind that calls itself so fails",
    true,
    false,
    Object.assign(new Error("x"), { code: "interrupted" }),
    true,
  ],
] as const) {
  test(title, async () => {
    const { reader, change, side, abort } = prepareReader();
    const giveUp = new AbortController();
    side.readValue = async () => {
      if (givesUp) giveUp.abort();
      if (aborts) abort.abort();
      throw thrown;
    };
    const attempt = reader.read(change, giveUp.signal);
    if (fails) await expect(attempt).rejects.toBe(thrown);
    else expect(await attempt).toBeUndefined();
  });
}

test("a read asks for what the change moves, and says when it is given up", async () => {
  const { reader, change, side } = prepareReader();
  const asked: unknown[] = [];
  side.readValue = async (...words: unknown[]) => {
    asked.push(words[2]);
    return null;
  };
  await reader.read(change, NEVER);
  await reader.read({ ...change, kind: "delete" }, NEVER);
  expect(asked).toEqual([
    { facet: "immutable-id", giveUp: NEVER },
    { facet: "existence", giveUp: NEVER },
  ]);
});

test("a look that is given up in the middle of its read shows nothing more", async () => {
  const { reader, change, side } = prepareReader();
  const giveUp = new AbortController();
  side.readValue = async () => {
    giveUp.abort();
    throw error;
  };
  const shown: unknown[] = [];
  for await (const held of reader.looks(change, giveUp.signal)) shown.push(held);
  expect(shown).toEqual([]);
});

test("looks at 0, 2, 6, 14 seconds, as long as the pauses together fit, to the last millisecond", async () => {
  for (const [mostMs, looks] of [
    [14_000, 4],
    [13_999, 3],
    [0, 1],
  ] as const) {
    const { reader, change, clock } = prepareReader();
    let seen = 0;
    for await (const held of reader.looks(change, NEVER, mostMs)) seen += held === null ? 0 : 1;
    expect(seen).toBe(looks);
    expect(clock.slept).toEqual([2_000, 4_000, 8_000].slice(0, looks - 1));
  }
});

test("a pause of nothing is over at once, another ends with whoever gives up, and fails with an abort", async () => {
  const stopped = AbortSignal.abort();
  const { reader, clock, abort } = prepareReader();
  expect(await reader.pause(0, stopped)).toBe(true);
  expect(await reader.pause(1, stopped)).toBe(false);
  expect(await reader.pause(1, NEVER)).toBe(true);
  expect(clock.slept).toEqual([1]);

  const giveUp = new AbortController();
  clock.sleep = (_ms, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      giveUp.abort();
    });
  expect(await reader.pause(1, giveUp.signal)).toBe(false);
  clock.sleep = (_ms, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      abort.abort(new Error("stopped"));
    });
  await expect(reader.pause(1, NEVER)).rejects.toThrow("stopped");
  const other = prepareReader();
  other.clock.sleep = () => Promise.reject(new Error("the clock broke"));
  await expect(other.reader.pause(1, NEVER)).rejects.toThrow("the clock broke");
});
