/** A disk that fails under a run: it stops, says why, and the same command goes on when the disk is mended. */
import { existsSync, renameSync, rmSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MOUNTING_NEEDS_ROOT, mountSmallDisk } from "../support/small-disk.ts";
import { type KillGround, openKillGround, type Survival } from "./kill-points.ts";

let ground: KillGround;
beforeAll(async () => {
  ground = await openKillGround();
});
afterAll(() => ground.close());

function expectRecovered({ broken, died }: Survival, says: RegExp): void {
  expect(broken).toEqual([]);
  for (const text of died) expect(text).toMatch(says);
}

/** Runs the program after these words of a shell. */
const under = (shell: string) => async (words: readonly string[]) => {
  const { code, stderr } = await ground.lane.start(shell, ...words).ended;
  return code === 0 ? null : `code ${code}: ${stderr}`;
};

test("D08: an apply and a rollback that find the disk full at any page stop, and go on when there is room", async (context) => {
  const disk = mountSmallDisk(ground.lane.path("runs"));
  if (disk === null) return context.skip(MOUNTING_NEEDS_ROOT);
  let stopped = 0;
  try {
    for (const pages of [0, 1, 2, 3, 4, 5, 6, 8, 10, 14, 20, 30]) {
      for (const scenario of ["apply", "rollback"] as const) {
        const survival = await ground.disturb(scenario, [
          async (words) => {
            disk.fill(pages);
            const { code, stderr } = await ground.lane.run(...words);
            disk.free();
            return code === 0 ? null : `code ${code}: ${stderr}`;
          },
        ]);
        expectRecovered(survival, /the disk is full|no space left/i);
        stopped += survival.died.length;
      }
    }
  } finally {
    disk.unmount();
  }
  expect(stopped).toBeGreaterThan(8);
}, 300_000);

test("D09: a process that may open no more files stops and goes on when it may", async () => {
  let stopped = 0;
  for (const files of [20, 22, 24, 26, 28, 30]) {
    const survival = await ground.disturb("apply", [under(`ulimit -n ${files}`)]);
    expectRecovered(
      survival,
      /too many (open )?files|files open|unable to open database file|Mend what the message names|E?MFILE/,
    );
    stopped += survival.died.length;
  }
  expect(stopped).toBeGreaterThan(0);
}, 120_000);

test("D09: a process whose files may grow no more loses nothing and goes on when they may", async () => {
  let stopped = 0;
  for (const blocks of [60, 100, 140, 180]) {
    const survival = await ground.disturb("apply", [under(`ulimit -f ${blocks}`)]);
    expectRecovered(survival, /code/);
    stopped += survival.died.length;
  }
  expect(stopped).toBeGreaterThan(0);
}, 120_000);

test("D12: an apply whose folder is moved away stops, and goes on when it is back", async () => {
  const night = ground.lane.path("runs", "night");
  const elsewhere = ground.lane.path("runs", "elsewhere");
  const survival = await ground.disturb("apply", [
    async (words) => {
      const started = ground.lane.start(":", ...words);
      await untilWritten(3);
      renameSync(night, elsewhere);
      const { code, stderr } = await started.ended;
      renameSync(elsewhere, night);
      return code === 0 ? null : `code ${code}: ${stderr}`;
    },
  ]);
  expect(survival.died).toHaveLength(1);
  expectRecovered(survival, /was moved, deleted or replaced while it was in use/);
}, 60_000);

test("D12: an apply whose folder is deleted sends nothing more, and says on the screen what it had done", async () => {
  const night = ground.lane.path("runs", "night");
  const ended = Promise.withResolvers<{ code: number | null; stderr: string; sent: number }>();
  await ground.disturb("apply", [
    async (words) => {
      const kept = ground.lane.keep("before-deletion");
      const started = ground.lane.start(":", ...words);
      await untilWritten(3);
      rmSync(night, { recursive: true });
      const { code, stderr } = await started.ended;
      ended.resolve({ code, stderr, sent: ground.lane.entries().length });
      await ground.lane.restore(kept);
      return `code ${code}`;
    },
  ]);
  const { code, stderr, sent } = await ended.promise;
  expect([code, stderr]).toEqual([6, expect.stringContaining("was moved, deleted or replaced while it was in use")]);
  // On a slow machine the answers to what was sent may not be recorded yet.
  expect(stderr).toMatch(/^ {2}(verified|accepted|undecided) +\d+ {2}/m);
  expect(stderr).toMatch(/^ {2}pending +\d+ {2}not written yet$/m);
  expect(sent).toBeLessThan(15);
  expect(existsSync(night)).toBe(true);
}, 60_000);

/** Waits until the tenant has seen so many writes. */
async function untilWritten(writes: number): Promise<void> {
  while (ground.lane.tenant.ledger.entries.length < writes) await new Promise((resolve) => setImmediate(resolve));
}
