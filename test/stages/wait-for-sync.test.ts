import { describe, expect, test } from "vitest";
import { BatchError } from "../../src/core/errors.ts";
import type { Verdict, VerifiedRow } from "../../src/core/verdict.ts";
import { SILENT_PROGRESS } from "../../src/ports/progress.ts";
import { type TakeoverView, waitForSync } from "../../src/stages/wait-for-sync.ts";
import { account, cloudUser, mapping, planOf } from "../support/facts.ts";
import { ManualClock } from "../support/memory-run.ts";

const NAMES = ["ada", "ben"];
const PLAN = planOf({
  accounts: NAMES.map((name) => account(name)),
  users: NAMES.map((name) => cloudUser(name)),
  mappings: NAMES.map((name, index) => mapping(index + 2, name)),
});

const verified = (row: number, verdict: Verdict): VerifiedRow => {
  const planned = PLAN.rows.find((one) => one.row === row);
  if (planned === undefined) throw new RangeError(`there is no row ${row}`);
  return { planned, verdict, detail: "", value: null, trouble: null, synced: verdict === "taken-over" };
};

type Script = {
  /** Verdicts of rows 2 and 3 at each look; the last one stays. */
  readonly looks: readonly (readonly [Verdict, Verdict] | BatchError)[];
  /** When sync last ran, at each look. */
  readonly ran?: readonly (string | null)[];
  readonly writtenAt?: ReadonlyMap<number, string>;
  readonly refused?: ReadonlyMap<number, string>;
  readonly waitMs?: number;
  readonly stopAtLook?: number;
  /** The look at which the signal comes does not come to its end. */
  readonly cutOff?: boolean;
};

async function follow({
  looks,
  ran = [null],
  writtenAt = new Map(),
  refused = new Map(),
  waitMs = 600_000,
  stopAtLook,
  cutOff = false,
}: Script) {
  const clock = new ManualClock();
  const asked: (readonly number[] | "all")[] = [];
  const explained: (readonly number[])[] = [];
  const notes: string[] = [];
  const stop = new AbortController();
  let looked = 0;
  const view: TakeoverView = {
    writtenAt,
    async look(only) {
      asked.push(only === undefined ? "all" : [...only]);
      const seen = looks[Math.min(looked, looks.length - 1)];
      looked += 1;
      if (looked === stopAtLook) stop.abort(new BatchError("interrupted", "Stopped by SIGINT.", "Again."));
      if (stop.signal.aborted && cutOff) throw stop.signal.reason;
      if (seen instanceof BatchError) throw seen;
      const [ada, ben] = seen ?? ["holds", "holds"];
      return [verified(2, ada), verified(3, ben)].filter(({ planned }) => only?.has(planned.row) ?? true);
    },
    readLastSync: async () => ran[Math.min(looked, ran.length) - 1] ?? null,
    async explain(rows) {
      explained.push([...rows]);
      return new Map([...refused].filter(([row]) => rows.has(row)));
    },
  };
  const progress = { ...SILENT_PROGRESS, note: (text: string) => notes.push(text) };
  const followed = await waitForSync(view, waitMs, { clock, progress, drain: stop.signal });
  const verdicts = followed.rows.map(({ planned, verdict, trouble }) => `${planned.row} ${trouble ?? verdict}`);
  return { ...followed, verdicts, asked, explained, notes, slept: clock.slept };
}

const DOWN = new BatchError("tenant", "Graph cannot be reached", "Try again.");

describe("waitForSync", () => {
  test("ends as soon as every row is decided, well before the time is up", async () => {
    const { end, looks, slept, verdicts } = await follow({
      looks: [
        ["holds", "holds"],
        ["taken-over", "holds"],
        ["taken-over", "duplicate"],
      ],
    });
    expect([end, looks, slept]).toEqual(["decided", 3, [30_000, 30_000]]);
    expect(verdicts).toEqual(["2 taken-over", "3 duplicate"]);
  });

  test("asks no more for rows that sync has matched, and goes on with those that went wrong", async () => {
    const { asked } = await follow({
      looks: [
        ["holds", "holds"],
        ["taken-over", "holds"],
        ["taken-over", "holds"],
        ["taken-over", "taken-over"],
      ],
    });
    expect(asked).toEqual(["all", [2, 3], [3], [3]]);
  });

  test("makes its last look when the time is up, and says of the rest that sync has not come", async () => {
    const { end, slept, verdicts, explained } = await follow({ looks: [["taken-over", "holds"]], waitMs: 70_000 });
    expect([end, slept]).toEqual(["time-up", [30_000, 30_000, 10_000]]);
    expect(verdicts).toEqual(["2 taken-over", "3 not-seen"]);
    expect(explained.at(-1)).toEqual([3]);
  });

  test("asks why once sync has run and left rows alone, and ends when Entra refuses the last of them", async () => {
    const { end, looks, verdicts, explained } = await follow({
      looks: [
        ["holds", "holds"],
        ["holds", "holds"],
        ["taken-over", "holds"],
      ],
      ran: ["2026-11-22T01:30:00Z", "2026-11-22T01:30:00Z", "2026-11-22T02:00:00Z"],
      refused: new Map([[3, "target-privileged"]]),
    });
    expect([end, looks, explained]).toEqual(["decided", 3, [[3]]]);
    expect(verdicts).toEqual(["2 taken-over", "3 takeover-refused"]);
  });

  test("asks why at once where sync has run before the first look", async () => {
    const { end, looks, explained } = await follow({
      looks: [["taken-over", "holds"]],
      refused: new Map([[3, "target-privileged"]]),
    });
    expect([end, looks, explained]).toEqual(["decided", 1, [[3]]]);
  });

  test("a refused row that is mended meanwhile is seen as taken over", async () => {
    const { verdicts } = await follow({
      looks: [
        ["taken-over", "holds"],
        ["taken-over", "taken-over"],
      ],
      ran: ["2026-11-22T01:30:00Z"],
      refused: new Map(),
    });
    expect(verdicts).toEqual(["2 taken-over", "3 taken-over"]);
  });

  test("a signal ends the wait with what was seen", async () => {
    const { end, looks, verdicts } = await follow({ looks: [["taken-over", "holds"]], stopAtLook: 2 });
    expect([end, looks]).toEqual(["stopped", 2]);
    expect(verdicts).toEqual(["2 taken-over", "3 not-seen"]);
  });

  test("a signal in the middle of a look keeps what the looks before it have seen; in the first one there is nothing", async () => {
    const cut = { looks: [["taken-over", "holds"]], cutOff: true } as const;
    const { end, looks, verdicts, notes } = await follow({ ...cut, stopAtLook: 2 });
    expect([end, looks, notes.filter((note) => note.includes("could not look"))]).toEqual(["stopped", 1, []]);
    expect(verdicts).toEqual(["2 taken-over", "3 not-seen"]);
    await expect(follow({ ...cut, stopAtLook: 1 })).rejects.toThrow("Stopped by SIGINT.");
  });

  test("a look that fails is told and made again", async () => {
    const { end, notes, verdicts } = await follow({
      looks: [["holds", "holds"], DOWN, DOWN, ["taken-over", "taken-over"]],
    });
    expect([end, verdicts]).toEqual(["decided", ["2 taken-over", "3 taken-over"]]);
    expect(
      notes.filter((note) => note.includes("could not look, and will again: Graph cannot be reached")),
    ).toHaveLength(2);
  });

  test("trouble from the start, and trouble that lasts, end the wait with its error", async () => {
    await expect(follow({ looks: [DOWN] })).rejects.toBe(DOWN);
    await expect(follow({ looks: [["holds", "holds"], DOWN] })).rejects.toBe(DOWN);
  });

  test("says a line when the counts change, and every five minutes when they do not", async () => {
    const { notes } = await follow({ looks: [["holds", "holds"]], waitMs: 660_000 });
    expect(notes.map((note) => note.slice(14))).toEqual(Array(3).fill("0 rows matched, 0 wrong, 2 waiting"));
  });
});
