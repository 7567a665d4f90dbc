/** A disk that is full at every possible place of a run's life: what was promised is there, and it goes on when there is room. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { SavedRun } from "../../../src/adapters/run-folder/saved-run.ts";
import { BatchError } from "../../../src/core/errors.ts";
import { MOUNTING_NEEDS_ROOT, mountSmallDisk, type SmallDisk } from "../../support/small-disk.ts";
import { openTestShelf } from "./folder-shelf.ts";
import { ABOUT, ATTEMPT, DECISIONS, OBSERVATION, planOf } from "./sample-run.ts";

/** A run of this size, from empty to published, needs fewer pages than this. */
const MOST_PAGES = 40;

let base: string;
let disk: SmallDisk | null;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "hardmatch-full-"));
  disk = mountSmallDisk(base);
});
afterEach(() => {
  disk?.unmount();
  rmSync(base, { recursive: true, force: true });
});

/** Does one thing after the other until the disk is full. @returns How many were done, and what stopped it. */
async function workUntilFull(run: SavedRun): Promise<{ readonly done: number; readonly stopped: unknown }> {
  const steps = [
    () => run.storeDecisions(DECISIONS),
    () => run.intend(ATTEMPT),
    () => run.publish("results.csv", ["old".repeat(3000)]),
    () => run.observe(OBSERVATION),
    () => run.publish("results.csv", ["new".repeat(3000)]),
    () => run.recordEnd("done", "2026-11-02T20:30:00.000Z"),
  ];
  for (const [done, step] of steps.entries()) {
    try {
      await step();
    } catch (stopped) {
      return { done, stopped };
    }
  }
  return { done: steps.length, stopped: null };
}

/** What a run must say of which so many things were done: the next one may be there too, never a part of it. */
function expectKept(folder: string, done: number): void {
  const again = openTestShelf().open(folder, "write");
  expect(again.readPlan()).toEqual(planOf(2));
  expect(again.readDecisions()).toEqual(done > 0 ? DECISIONS : null);
  // What was observed is durable with the next thing that is made so.
  const lines = done > 4 ? [2] : done > 3 ? [1, 2] : [done > 1 ? 1 : 0];
  expect(lines).toContain(again.readJournal().length);
  const published = done > 4 ? "new" : done > 2 ? "old" : null;
  expect(again.readPublished("results.csv")).toBe(published === null ? null : published.repeat(3000));
  expect(again.readEnd()?.reason ?? null).toBe(done > 5 ? "done" : null);
  again.close();
}

test("D08: a disk that is full at any page stops a run, damages nothing that was promised, and the run goes on later", async (context) => {
  if (disk === null) return context.skip(MOUNTING_NEEDS_ROOT);
  const reached = new Set<number>();
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const folder = join(disk.folder, `run-${pages}`);
    const run = openTestShelf().create(folder, planOf(2), ABOUT);
    disk.fill(pages);
    const { done, stopped } = await workUntilFull(run);
    reached.add(done);
    if (stopped !== null) {
      expect(stopped, `${pages} pages`).toBeInstanceOf(BatchError);
      expect(String(stopped), `${pages} pages`).toContain("the disk is full");
    }
    run.close();
    disk.free();
    expectKept(folder, done);
    rmSync(folder, { recursive: true });
  }
  expect(reached).toContain(0);
  expect(reached).toContain(6);
  expect(reached.size).toBeGreaterThanOrEqual(3);
});

test("D08: a plan that finds the disk full at any page leaves a whole run or nothing", (context) => {
  if (disk === null) return context.skip(MOUNTING_NEEDS_ROOT);
  let made = 0;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const folder = join(disk.folder, "run");
    disk.fill(pages);
    try {
      openTestShelf().create(folder, planOf(2), ABOUT).close();
      made += 1;
      disk.free();
      expectKept(folder, 0);
      rmSync(folder, { recursive: true });
    } catch (error) {
      expect(String(error), `${pages} pages`).toContain("the disk is full");
      expect(existsSync(folder)).toBe(false);
    }
  }
  expect(made).toBeGreaterThan(0);
  expect(made).toBeLessThan(MOST_PAGES);
});

test("D09: a disk that is read-only shows a run, refuses to write to it, and says so", async (context) => {
  if (disk === null) return context.skip(MOUNTING_NEEDS_ROOT);
  const folder = join(disk.folder, "run");
  const run = openTestShelf().create(folder, planOf(2), ABOUT);
  await run.intend(ATTEMPT);
  run.close();
  disk.setWritable(false);
  const shown = openTestShelf().open(folder, "read");
  expect([shown.writable, shown.readJournal().length]).toEqual([false, 1]);
  shown.close();
  expect(() => openTestShelf().open(folder, "write")).toThrow(`${folder} is read-only: this run cannot go on there.`);
  expect(() => openTestShelf().create(join(disk?.folder ?? "", "other"), planOf(2), ABOUT)).toThrow(
    "read-only (EROFS)",
  );
  disk.setWritable(true);
  expectGoesOn(folder);
});

function expectGoesOn(folder: string): void {
  const again = openTestShelf().open(folder, "write");
  expect(again.observe(OBSERVATION).seq).toBe(2);
  again.close();
}
