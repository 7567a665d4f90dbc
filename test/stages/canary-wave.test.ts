/** The first rows of an apply, and what keeps the rest from being written after them. */
import { describe, expect, test } from "vitest";
import { anchorOf } from "../support/facts.ts";
import { tellJournal } from "../support/journal-story.ts";
import { id, planFor, prepareRun } from "../support/writer-run.ts";

const SIXTY_SECONDS_LATER = "2026-11-22T02:01:00.000Z";
/** Purposes of the writes to this user, in their order. */
const purposesOf = ({ store }: ReturnType<typeof prepareRun>, name: string) =>
  store.events.flatMap((event) => (event.kind === "intent" && event.objectId === id(name) ? [event.purpose] : []));

describe("a canary row that drifted", () => {
  for (const [title, meddle, why] of [
    [
      "before it was written",
      (run: ReturnType<typeof prepareRun>) => run.side.change(id("ada"), { value: "foreign" }),
      "the value was changed since the plan: now foreign",
    ],
    [
      "because its user is gone",
      (run: ReturnType<typeof prepareRun>) => run.side.remove(id("ada")),
      "the user no longer exists",
    ],
  ] as const) {
    test(`${title} opens the breaker, and nothing else is written`, async () => {
      const run = prepareRun(planFor(["ada", "ben", "cyd"]), { canary: 2 });
      meddle(run);
      expect(await run.apply()).toBe(`stopped by the breaker: canary row 2 is drift: ${why}`);
      expect(run.store.readOpenings()).toEqual([expect.objectContaining({ reason: "drift" })]);
      expect(run.statuses()).toEqual(["2.1 drift", "3.1 verified", "4.1 pending"]);
      expect(purposesOf(run, "ben")).toEqual(["change"]);
    });
  }
});

describe("a canary row that is not verified ends the run before any other row, and says why", () => {
  test("where it was refused", async () => {
    const run = prepareRun(planFor(["ada", "ben"]), { canary: 1 });
    const write = run.side.writeValue.bind(run.side);
    run.side.script = () => "refused";
    run.side.writeValue = async (change, requestId) => ({
      ...(await write(change, requestId)),
      message: "Insufficient privileges.",
    });
    expect(await run.apply()).toBe(
      "canary row 2 is failed, not verified (Insufficient privileges.): nothing beyond the canary was written",
    );
    expect(run.statuses()).toEqual(["2.1 failed", "3.1 pending"]);
  });

  test("where it was refused without a word", async () => {
    const run = prepareRun(planFor(["ada", "ben"]), { canary: 1 });
    run.side.script = () => "refused";
    expect(await run.apply()).toBe("canary row 2 is failed, not verified: nothing beyond the canary was written");
  });

  test("where its answer was lost each time", async () => {
    const run = prepareRun(planFor(["ada", "ben"]), { canary: 1 });
    run.side.script = () => "lost";
    expect(await run.apply()).toBe(
      "canary row 2 is pending, not verified (its answer was lost, and the value was not there when the user was read again): nothing beyond the canary was written",
    );
    expect(run.side.ledger.every(({ objectId }) => objectId === id("ada"))).toBe(true);
  });

  test("where its answer was lost each time with words of the service's", async () => {
    const run = prepareRun(planFor(["ada", "ben"]), { canary: 1 });
    run.side.script = () => "lost";
    const write = run.side.writeValue.bind(run.side);
    run.side.writeValue = async (change, requestId) => ({
      ...(await write(change, requestId)),
      message: "Bad gateway.",
    });
    expect(await run.apply()).toBe(
      "canary row 2 is pending, not verified (Bad gateway.): nothing beyond the canary was written",
    );
  });

  test("where the tenant never comes to show it", async () => {
    const run = prepareRun(planFor(["ada", "ben"]), { canary: 1 });
    const read = run.side.readValue.bind(run.side);
    run.side.readValue = async (objectId) => {
      const held = await read(objectId);
      return held === null ? null : { ...held, value: null };
    };
    expect(await run.apply()).toBe("canary row 2 is accepted, not verified: nothing beyond the canary was written");
    expect(run.statuses()).toEqual(["2.1 accepted", "3.1 pending"]);
  });
});

describe("a row that an earlier apply left failed", () => {
  const failedBefore = (acknowledgedAt: string | null) => {
    const run = prepareRun(planFor(["ada", "ben", "cyd"]), { canary: 1 });
    run.store.events.push(...tellJournal([["2.1", "change refused"]], run.plan.changes));
    const refusedAt = run.store.events.at(-1)?.at ?? "";
    const at = acknowledgedAt === "when it was refused" ? refusedAt : acknowledgedAt;
    run.store.storeOpenings([
      {
        reason: "refused",
        detail: "5 of 50",
        openedAt: refusedAt,
        acknowledged: at === null ? null : { operator: "cyd", at },
      },
    ]);
    return run;
  };

  for (const [title, acknowledgedAt] of [
    ["later", SIXTY_SECONDS_LATER],
    ["in the same moment", "when it was refused"],
  ] as const) {
    test(`is no canary where the operator said ${title} that the run goes on: the next one is`, async () => {
      const run = failedBefore(acknowledgedAt);
      expect(await run.apply()).toBeNull();
      expect(run.statuses()).toEqual(["2.1 failed", "3.1 verified", "4.1 verified"]);
      expect(purposesOf(run, "ben")).toEqual(["change", "canary-back", "canary-again"]);
    });
  }

  for (const [title, acknowledgedAt] of [
    ["nobody has said that the run goes on", null],
    ["it was refused after the operator said so", "2026-11-22T01:00:00.000Z"],
  ] as const) {
    test(`holds up the rest where ${title}`, async () => {
      const run = failedBefore(acknowledgedAt);
      expect(await run.apply()).toMatch(/^canary row 2 is failed, not verified/);
      expect(run.side.ledger).toEqual([]);
    });
  }

  test("and that is no canary is told from one that was never tried: that one is", async () => {
    const run = failedBefore(SIXTY_SECONDS_LATER);
    run.store.events.splice(0);
    expect(await run.apply()).toBeNull();
    expect(purposesOf(run, "ada")).toEqual(["change", "canary-back", "canary-again"]);
  });
});

describe("the proof that rollback works", () => {
  test("is not given by rows that hold their value already, and those hold up nothing", async () => {
    const run = prepareRun(planFor(["ada", "ben", "cyd"]), { canary: 2 });
    for (const name of ["ada", "ben"]) run.side.change(id(name), { value: anchorOf(name) });
    expect(await run.apply()).toBeNull();
    expect(run.statuses()).toEqual(["2.1 already", "3.1 already", "4.1 verified"]);
    expect(run.stages.map(({ name }) => name)).toEqual(["canary", "writing"]);
    expect(run.side.ledger).toHaveLength(1);
  });

  test("is not asked of a row that sync has taken over", async () => {
    const run = prepareRun(planFor(["ada", "ben", "cyd"]), { canary: 2 });
    run.side.script = (_n, { objectId }) => {
      if (objectId === id("ada")) run.side.change(id("ada"), { synced: true });
      return "accepted";
    };
    expect(await run.apply()).toBeNull();
    expect(run.statuses()).toEqual(["2.1 taken-over", "3.1 verified", "4.1 verified"]);
    expect(purposesOf(run, "ada")).toEqual(["change"]);
    expect(purposesOf(run, "ben")).toEqual(["change", "canary-back", "canary-again"]);
  });

  test("is given by a row that held a value where none was empty", async () => {
    const run = prepareRun(planFor(["ada", "ben"], { ada: "zoe", ben: "yan" }), { canary: 2 });
    expect(await run.apply()).toBeNull();
    expect(purposesOf(run, "ada")).toEqual(["change", "canary-back", "canary-again"]);
    expect(purposesOf(run, "ben")).toEqual(["change"]);
  });

  test("is shown while it goes on, and is over when it fails", async () => {
    const run = prepareRun(planFor(["ada", "ben"]), { canary: 1 });
    run.side.script = (_n, { after }) => (after === null ? "refused" : "accepted");
    expect(await run.apply()).toBe(
      "row 2 could not be set back and set again in this tenant: rollback would not work, so nothing more was written",
    );
    expect(run.stages.map(({ name, ended }) => [name, ended])).toEqual([
      ["canary", true],
      ["proving that rollback works", true],
    ]);
  });

  test("that a signal cuts short says nothing of the tenant", async () => {
    const run = prepareRun(planFor(["ada", "ben"]), { canary: 1 });
    run.side.script = (n) => {
      if (n === 2) run.stop.drain.abort();
      return "accepted";
    };
    expect(await run.apply()).toBe("stopped by a signal");
  });

  test("was given where the row is what it was proved on, and no second one is asked for", async () => {
    const run = prepareRun(planFor(["ada", "ben", "cyd"]), { canary: 2 });
    run.store.events.push(
      ...tellJournal(
        [["2.1", "change accepted verified canary-back accepted canary-again accepted verified"]],
        run.plan.changes,
      ),
    );
    run.side.change(id("ada"), { value: anchorOf("ada") });
    expect(await run.apply()).toBeNull();
    expect(run.side.ledger.map(({ objectId }) => objectId)).toEqual([id("ben"), id("cyd")]);
  });
});

test("nobody looks at the clocks any more when the run is over, nor when it has failed", async () => {
  const through = prepareRun(planFor(["ada"]));
  await through.apply();
  const failed = prepareRun(planFor(["ada"]));
  failed.side.beforeRead = () => {
    throw new RangeError("a bug");
  };
  await expect(failed.apply()).rejects.toThrow("a bug");
  for (const { clock, notes } of [through, failed]) {
    clock.suspend(3_600_000);
    clock.lookUp();
    expect(notes).toEqual([]);
  }
});
