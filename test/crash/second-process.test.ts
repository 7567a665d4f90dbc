/** Several processes on one run: one works, the others say who. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type KillGround, openKillGround } from "./kill-points.ts";

let ground: KillGround;
beforeAll(async () => {
  ground = await openKillGround();
});
afterAll(() => ground.close());

/** So slow a tenant that whoever writes is still at it when the last process has started. */
const slowDown = () => ground.lane.tenant.addFault({ match: { method: "PATCH" }, action: { kind: "delay", ms: 400 } });

async function untilWritten(writes: number): Promise<void> {
  while (ground.lane.tenant.ledger.entries.length < writes) await new Promise((resolve) => setImmediate(resolve));
}

test("D16: a second process is refused while the holder is suspended, and the holder goes on to the end", async () => {
  const { broken } = await ground.disturb("apply", [
    async (words) => {
      const holder = ground.lane.start(":", ...words);
      await untilWritten(2);
      holder.process.kill("SIGSTOP");
      const second = await ground.lane.run(...words);
      expect(second.stderr).toContain(`process ${holder.process.pid} of `);
      expect(second.stderr).toContain("works on this run. Nothing was changed now.");
      expect(second.code).not.toBe(0);
      holder.process.kill("SIGCONT");
      expect(await holder.ended).toMatchObject({ code: 0 });
      return "suspended and woken";
    },
  ]);
  expect(broken).toEqual([]);
}, 60_000);

test("D17: of ten applies that start at once exactly one writes, and the others say which process does", async () => {
  const { broken } = await ground.disturb("apply", [
    async (words) => {
      slowDown();
      const started = Array.from({ length: 10 }, () => ground.lane.start(":", ...words));
      const ends = await Promise.all(started.map(({ ended }) => ended));
      ground.lane.tenant.clearFaults();
      const ran = started.filter((_, index) => ends[index]?.code === 0);
      expect(ran).toHaveLength(1);
      for (const { code, stderr } of ends) {
        if (code !== 0) expect(stderr).toContain(`process ${ran[0]?.process.pid} of `);
      }
      return "ten at once";
    },
  ]);
  expect(broken).toEqual([]);
}, 120_000);
