/** What the writer reads after a write: whether it is there, and whether the way back works. */
import { describe, expect, test } from "vitest";
import { ADA, NEVER, prepareWriter } from "../support/change-writer.ts";
import type { WriteScript } from "../support/memory-run.ts";
import { id } from "../support/writer-run.ts";

describe("readBack", () => {
  const accepted = async (scripts?: readonly WriteScript[]) => {
    const run = prepareWriter(scripts);
    await run.writer.write(run.change, NEVER);
    run.side.reads.length = 0;
    return run;
  };

  test("reads nothing back that was not accepted, or is verified", async () => {
    const refused = await accepted(["refused"]);
    expect(await refused.writer.readBack(refused.change, NEVER)).toBe(false);
    const fresh = prepareWriter();
    expect(await fresh.writer.readBack(fresh.change, NEVER)).toBe(false);
    const done = await accepted();
    expect(await done.writer.readBack(done.change, NEVER)).toBe(true);
    expect(await done.writer.readBack(done.change, NEVER)).toBe(true);
    expect([refused.side.reads.length, fresh.side.reads.length, done.side.reads.length]).toEqual([0, 0, 1]);
    expect(done.last()).toMatchObject({ kind: "verified", value: ADA });
  });

  test("notes that sync has taken the user over", async () => {
    const { writer, change, side, told, last } = await accepted();
    side.change(id("ada"), { synced: true });
    expect(await writer.readBack(change, NEVER)).toBe(true);
    expect(told().slice(-2)).toEqual(["verified", "sync-matched"]);
    expect(last()).toMatchObject({ value: ADA, message: "sync has taken the user over" });
  });

  test("a user that was deleted is a mismatch without a value", async () => {
    const { writer, change, side, last } = await accepted();
    side.remove(id("ada"));
    expect(await writer.readBack(change, NEVER)).toBe(false);
    expect(last()).toMatchObject({ kind: "mismatch", value: null, message: "the user was deleted after the write" });
  });

  test("a user that was deleted after it showed a third value is gone at the first look that misses it", async () => {
    const { writer, change, side, last } = await accepted();
    side.change(id("ada"), { value: "foreign" });
    side.beforeRead = (n) => {
      if (n === 2) side.remove(id("ada"));
    };
    expect(await writer.readBack(change, NEVER)).toBe(false);
    expect(last()).toMatchObject({ kind: "mismatch", message: "the user was deleted after the write" });
    expect(side.reads).toHaveLength(2);
  });

  test("a third value counts when it was read twice in a row", async () => {
    const { writer, change, side, clock, last } = await accepted();
    side.change(id("ada"), { value: "foreign" });
    expect(await writer.readBack(change, NEVER)).toBe(false);
    expect(last()).toMatchObject({
      kind: "mismatch",
      value: "foreign",
      message: "somebody else changed the value after the write",
    });
    expect([side.reads.length, clock.slept]).toEqual([2, [2_000]]);
  });

  test("third values that differ are waited out until the value shows", async () => {
    const { writer, change, side, told } = await accepted();
    const shown = ["one", "other", "one", ADA];
    side.beforeRead = (n) => side.change(id("ada"), { value: shown[n - 1] ?? ADA });
    expect(await writer.readBack(change, NEVER)).toBe(true);
    expect(told()).toEqual(["change", "accepted", "verified"]);
    expect(side.reads).toHaveLength(4);
  });

  test("an old value that stays leaves the write accepted after ten minutes", async () => {
    const { writer, change, side, clock, told } = await accepted();
    side.change(id("ada"), { value: null });
    expect(await writer.readBack(change, NEVER)).toBe(false);
    expect(told()).toEqual(["change", "accepted"]);
    expect(clock.slept).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000]);
  });
});

describe("proveRollback", () => {
  async function prove(
    scripts: readonly WriteScript[],
    meddle: (run: ReturnType<typeof prepareWriter>) => void = () => undefined,
  ) {
    const run = prepareWriter(["accepted", ...scripts]);
    await run.writer.write(run.change, NEVER);
    await run.writer.readBack(run.change, NEVER);
    meddle(run);
    return { ...run, proved: await run.writer.proveRollback(run.change, NEVER) };
  }

  test("writes the old value, then the new one again, each read back", async () => {
    const { proved, told, side } = await prove([]);
    expect(proved).toBe(true);
    expect(told().slice(3)).toEqual(["canary-back", "accepted", "canary-again", "accepted", "verified"]);
    expect(side.ledger.map(({ after }) => after)).toEqual([ADA, null, ADA]);
  });

  test("proves nothing where the set-back is refused, asks no second time, and leaves the new value in place", async () => {
    const { proved, side, clock } = await prove(["refused"]);
    expect([proved, side.valueOf(id("ada"))]).toEqual([false, ADA]);
    expect(clock.slept, "nobody waits for a value that was not set back").toEqual([]);
    expect(side.ledger.map(({ after }) => after)).toEqual([ADA, null]);
  });

  test("proves nothing where the set-back is not sent, and writes no more", async () => {
    const { proved, side, clock } = await prove(["not-sent"]);
    expect(clock.slept).toEqual([]);
    expect([proved, side.ledger.length, side.valueOf(id("ada"))]).toEqual([false, 2, ADA]);
  });

  test("proves nothing where the tenant says yes to the set-back and does nothing", async () => {
    const { proved, side, told } = await prove([], ({ side: tenant }) => {
      const write = tenant.writeValue.bind(tenant);
      tenant.writeValue = async (wanted, requestId) => {
        const answer = await write(wanted, requestId);
        tenant.change(id("ada"), { value: ADA });
        return answer;
      };
    });
    expect([proved, side.ledger.length]).toEqual([false, 2]);
    expect(told().slice(3)).toEqual(["canary-back", "accepted"]);
  });

  test("proves nothing where the user is gone after the set-back", async () => {
    const { proved, side, told } = await prove([], ({ side: tenant }) => {
      const write = tenant.writeValue.bind(tenant);
      tenant.writeValue = async (wanted, requestId) => {
        const answer = await write(wanted, requestId);
        tenant.remove(id("ada"));
        return answer;
      };
    });
    expect([proved, side.ledger.length]).toEqual([false, 2]);
    expect(told().slice(3)).toEqual(["canary-back", "accepted"]);
  });

  test("sends a set-back again whose answer was lost and that is not there", async () => {
    const { proved, side } = await prove(["lost"]);
    expect(proved).toBe(true);
    expect(side.ledger.map(({ after }) => after)).toEqual([ADA, null, null, ADA]);
  });

  test("proves nothing where the second write is refused", async () => {
    expect((await prove(["accepted", "refused"])).proved).toBe(false);
  });

  test("proves nothing where somebody has set the old value back already", async () => {
    const { proved, told, last } = await prove([], ({ side }) => side.change(id("ada"), { value: null }));
    expect(proved).toBe(false);
    expect([told().slice(3), last()?.message]).toEqual([["drift"], "the value was changed since the plan: now empty"]);
  });

  test("proves nothing on a row that was not written", async () => {
    const { writer, change, told } = prepareWriter();
    expect(await writer.proveRollback(change, NEVER)).toBe(false);
    expect(told()).toEqual([]);
  });
});
