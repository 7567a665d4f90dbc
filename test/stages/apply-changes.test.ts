import fc from "fast-check";
import { expect, test } from "vitest";
import { foldJournal } from "../../src/core/change-progress.ts";
import type { Guid } from "../../src/core/guid.ts";
import { listOutcomes } from "../../src/core/outcome.ts";
import { approve, countRowsToWrite, type Plan } from "../../src/core/plan.ts";
import { applyChanges } from "../../src/stages/apply-changes.ts";
import { LiveJournal } from "../../src/stages/live-journal.ts";
import { account, anchorOf, CLOUD_ID, cloudUser, mapping, planOf } from "../support/facts.ts";
import { ManualClock, MemoryRunStore, MemorySide, SILENT_LOG, SILENT_PROGRESS } from "../support/memory-run.ts";

const LIMITS = { inFlight: 4, settleMs: 10_000, quarantineMs: 180_000 };

/** A plan for these people; `holds` names whose anchor a user holds before the run. */
function planFor(people: readonly string[], holds: Readonly<Record<string, string>> = {}): Plan {
  return planOf({
    accounts: people.map((name) => account(name)),
    users: people.map((name) =>
      cloudUser(name, { immutableId: holds[name] === undefined ? null : anchorOf(holds[name]) }),
    ),
    mappings: people.map((name, index) => mapping(index + 2, name)),
    options: { replace: true },
  });
}

/** A run over a tenant in memory that can be stopped and started again. */
function prepare(plan: Plan, canary = 0) {
  const clock = new ManualClock();
  const store = new MemoryRunStore(plan);
  const side = new MemorySide(
    plan.rows.flatMap(({ userId, userPrincipalName, previousImmutableId }) =>
      userId === null ? [] : [{ objectId: userId, name: userPrincipalName, value: previousImmutableId, synced: false }],
    ),
    clock,
  );
  let ids = 0;
  const chance = { uuid: () => `request-${++ids}`, fraction: () => 0.5 };
  const apply = (stop = { drain: new AbortController(), abort: new AbortController() }) => {
    const decisions = {
      confirmed: countRowsToWrite(plan),
      skipBlocked: true,
      canary,
      confirmedHolders: null,
      syncPaused: false,
      operator: "cyd",
    };
    const journal = new LiveJournal(store, "cyd", { clock, chance });
    const signals = { drain: stop.drain.signal, abort: stop.abort.signal };
    return applyChanges(approve(plan, decisions), {
      sides: { cloud: side },
      journal,
      clock,
      log: SILENT_LOG,
      progress: SILENT_PROGRESS,
      limits: LIMITS,
      stop: signals,
      saveObject: () => undefined,
      recheckRows: async () => null,
    });
  };
  const outcomes = () => [...listOutcomes(plan, foldJournal(store.readJournal()))];
  const statuses = () => outcomes().map(({ row, step, status }) => `${row}.${step} ${status}`);
  return { clock, store, side, apply, outcomes, statuses };
}

const id = (name: string): Guid => CLOUD_ID(name);

test("a clean run writes each value once, by object id, and reads it back", async () => {
  const run = prepare(planFor(["ada", "ben", "cyd"]));
  expect(await run.apply()).toBeNull();
  expect(run.statuses()).toEqual(["2.1 verified", "3.1 verified", "4.1 verified"]);
  expect(run.side.ledger.map(({ objectId, after }) => [objectId, after])).toEqual(
    ["ada", "ben", "cyd"].map((name) => [id(name), anchorOf(name)]),
  );
});

test("every write is preceded by its intent with the same request id", async () => {
  const run = prepare(planFor(["ada", "ben"]));
  run.side.script = (n) => {
    expect(run.store.events.filter(({ kind }) => kind === "intent").length).toBeGreaterThanOrEqual(n);
    return "accepted";
  };
  await run.apply();
  const intents = run.store.events.flatMap((event) => (event.kind === "intent" ? [event.clientRequestId] : []));
  expect(run.side.ledger.map(({ clientRequestId }) => clientRequestId)).toEqual(intents);
});

test("a second apply sends nothing", async () => {
  const run = prepare(planFor(["ada", "ben"], { ada: "ben", ben: "ada" }), 1);
  await run.apply();
  const sent = run.side.ledger.length;
  await run.apply();
  expect(run.side.ledger).toHaveLength(sent);
});

for (const [title, script, writes] of [
  ["a lost answer to a write that was applied is settled by reading, not by sending again", "lost-applied", 1],
  ["a lost answer to a write that was not applied is settled by reading and sent again", "lost", 2],
] as const) {
  test(title, async () => {
    const run = prepare(planFor(["ada"]));
    run.side.script = (n) => (n === 1 ? script : "accepted");
    await run.apply();
    expect(run.statuses()).toEqual(["2.1 verified"]);
    expect(run.side.ledger).toHaveLength(writes);
    expect(new Set(run.side.ledger.map(({ after }) => after)).size).toBe(1);
    expect(run.clock.slept).toContain(LIMITS.settleMs);
  });
}

for (const [title, meddle, reason] of [
  [
    "a user that was changed since the plan is left alone",
    (side: MemorySide) => side.change(id("ada"), { value: "foreign" }),
    "the value was changed since the plan: now foreign",
  ],
  ["a user that was deleted is left alone", (side: MemorySide) => side.remove(id("ada")), "the user no longer exists"],
  [
    "a user that was renamed is left alone",
    (side: MemorySide) => side.change(id("ada"), { name: "eve@contoso.example" }),
    "the user was renamed to eve@contoso.example",
  ],
  [
    "a user that sync took over is left alone",
    (side: MemorySide) => side.change(id("ada"), { synced: true }),
    "sync has taken the user over since the plan",
  ],
] as const) {
  test(title, async () => {
    const run = prepare(planFor(["ada", "ben"]));
    meddle(run.side);
    await run.apply();
    expect(run.outcomes().map(({ status, message }) => [status, message])).toEqual([
      ["drift", reason],
      ["verified", null],
    ]);
    expect(run.side.ledger.map(({ objectId }) => objectId)).toEqual([id("ben")]);
  });
}

test("a value that is there already is not written", async () => {
  const run = prepare(planFor(["ada"]));
  run.side.change(id("ada"), { value: anchorOf("ada") });
  await run.apply();
  expect([run.statuses(), run.side.ledger]).toEqual([["2.1 already"], []]);
});

test("a chain is written from its free end, and a swap through null", async () => {
  const run = prepare(
    planFor(["ada", "ben", "cyd", "dee", "eve"], { ben: "ada", cyd: "ben", dee: "eve", eve: "dee" }),
    1,
  );
  await run.apply();
  const writes = run.side.ledger.map(({ objectId, after }) => [objectId, after]);
  expect(writes).toEqual([
    [id("cyd"), anchorOf("cyd")],
    [id("ben"), anchorOf("ben")],
    [id("ada"), anchorOf("ada")],
    [id("dee"), null],
    [id("eve"), anchorOf("eve")],
    [id("dee"), anchorOf("dee")],
  ]);
  expect(new Set(run.outcomes().map(({ status }) => status))).toEqual(new Set(["verified"]));
});

test("rows that wait for a refused row are blocked to the end of the chain, with its number", async () => {
  const run = prepare(planFor(["ada", "ben", "cyd"], { ben: "ada", cyd: "ben" }));
  run.side.script = () => "refused";
  await run.apply();
  expect(run.outcomes().map(({ row, status, message }) => [row, status, message])).toEqual([
    [2, "blocked", "waits for row 3, which is blocked"],
    [3, "blocked", "waits for row 4, which is failed"],
    [4, "failed", null],
  ]);
  expect(run.side.ledger).toHaveLength(1);
});

test("a tenant that refuses null gets no second cycle opened", async () => {
  const run = prepare(planFor(["ada", "ben", "cyd", "dee"], { ada: "ben", ben: "ada", cyd: "dee", dee: "cyd" }), 1);
  run.side.script = (_n, { after }) => (after === null ? "refused" : "accepted");
  expect(await run.apply()).toMatch(/no further cycle was opened/);
  expect(run.statuses()).toEqual([
    "2.1 failed",
    "2.2 blocked",
    "3.1 blocked",
    "4.1 pending",
    "4.2 pending",
    "5.1 pending",
  ]);
});

test("a value that somebody else put there is not taken for ours after a write that was never sent", async () => {
  const run = prepare(planFor(["ada"]));
  run.side.script = () => "not-sent";
  await run.apply();
  run.side.change(id("ada"), { value: anchorOf("ada") });
  await run.apply();
  expect(run.statuses()).toEqual(["2.1 already"]);
});

test("a swap whose second write fails leaves its pivot parked, and says so", async () => {
  const run = prepare(planFor(["ada", "ben"], { ada: "ben", ben: "ada" }), 1);
  run.side.script = (n) => (n === 2 ? "refused" : "accepted");
  await run.apply();
  expect(run.statuses()).toEqual(["2.1 parked", "2.2 blocked", "3.1 failed"]);
});

test("the canary is set back and set again on a row that was empty, before the rest", async () => {
  const run = prepare(planFor(["ada", "ben", "cyd", "dee"], { ada: "zoe" }), 2);
  await run.apply();
  expect(run.side.ledger.map(({ objectId, after }) => [objectId, after])).toEqual([
    [id("ada"), anchorOf("ada")],
    [id("ben"), anchorOf("ben")],
    [id("ben"), null],
    [id("ben"), anchorOf("ben")],
    [id("cyd"), anchorOf("cyd")],
    [id("dee"), anchorOf("dee")],
  ]);
});

test("a tenant that refuses the set-back gets no row beyond the canary", async () => {
  const run = prepare(planFor(["ada", "ben", "cyd"]), 1);
  run.side.script = (_n, { after }) => (after === null ? "refused" : "accepted");
  expect(await run.apply()).toMatch(/rollback would not work/);
  expect(run.statuses()).toEqual(["2.1 accepted", "3.1 pending", "4.1 pending"]);
});

test("a canary row that is refused ends the run with the rest pending", async () => {
  const run = prepare(planFor(["ada", "ben", "cyd"]), 1);
  run.side.script = () => "refused";
  expect(await run.apply()).toMatch(/canary row 2 is failed/);
  expect(run.side.ledger).toHaveLength(1);
});

test("three equal refusals in a row stop a run of thousands", async () => {
  const people = Array.from({ length: 200 }, (_, index) => `user${index}`);
  const run = prepare(planFor(people));
  run.side.script = () => "refused";
  expect(await run.apply()).toMatch(/breaker: 3 writes in a row/);
  expect(run.side.ledger.length).toBeLessThanOrEqual(2 + LIMITS.inFlight);
});

test("a pause that is too long to wait leaves the rest pending, and a later apply goes on", async () => {
  const run = prepare(planFor(["ada", "ben"]));
  run.side.script = (n) => (n === 1 ? "not-sent" : "accepted");
  expect(await run.apply()).toMatch(/row 2 could not be written now, nor anything after it/);
  expect(run.statuses()[0]).toBe("2.1 pending");
  expect(await run.apply()).toBeNull();
  expect(run.statuses()).toEqual(["2.1 verified", "3.1 verified"]);
});

test("a write whose turn came too late is read again before it is sent", async () => {
  const run = prepare(planFor(["ada", "ben"]));
  run.side.script = (n) => {
    if (n === 1) run.side.change(id("ada"), { value: "foreign" });
    return n === 1 ? "too-late" : "accepted";
  };
  await run.apply();
  expect(run.statuses()).toEqual(["2.1 drift", "3.1 verified"]);
  expect(run.side.ledger.filter(({ applied }) => applied).map(({ objectId }) => objectId)).toEqual([id("ben")]);
});

test("a drain signal lets an open cycle finish and starts nothing else", async () => {
  const run = prepare(planFor(["ada", "ben", "cyd", "dee"], { ada: "ben", ben: "ada", cyd: "dee", dee: "cyd" }), 1);
  const stop = { drain: new AbortController(), abort: new AbortController() };
  run.side.script = () => {
    stop.drain.abort();
    return "accepted";
  };
  expect(await run.apply(stop)).toBe("stopped by a signal");
  expect(run.statuses()).toEqual([
    "2.1 verified",
    "2.2 verified",
    "3.1 verified",
    "4.1 pending",
    "4.2 pending",
    "5.1 pending",
  ]);
});

test("a crash between intent and answer is settled by the next apply", async () => {
  for (const applied of [true, false]) {
    const run = prepare(planFor(["ada"]));
    const [change] = run.store.readPlan().changes;
    if (change === undefined) throw new Error("no change");
    const { row, step, objectId, before, after } = change;
    await run.store.intend({
      row,
      step,
      objectId,
      before,
      after,
      purpose: "change",
      clientRequestId: "lost",
      operator: "cyd",
      at: run.clock.now().toISOString(),
    });
    if (applied) run.side.change(objectId, { value: after });
    await run.apply();
    expect(run.statuses()).toEqual(["2.1 verified"]);
    expect(run.side.ledger).toHaveLength(applied ? 0 : 1);
  }
});

test("a write that lands late is never overtaken by a different value for the same user", async () => {
  const run = prepare(planFor(["ada", "ben"], { ada: "ben", ben: "ada" }), 1);
  // The pivot's clearing write is lost and lands 170 s later, long after the resent one was accepted.
  run.side.script = (n) => (n === 1 ? { late: 170_000 } : "accepted");
  await run.apply();
  expect(run.side.valueOf(id("ada"))).toBe(anchorOf("ada"));
  expect(run.side.valueOf(id("ben"))).toBe(anchorOf("ben"));
  expect(new Set(run.outcomes().map(({ status }) => status))).toEqual(new Set(["verified"]));
});

test("a row is not failed as long as an earlier write of the same value may still land", async () => {
  for (const [late, status] of [
    [170_000, "2.1 verified"],
    [400_000, "2.1 failed"],
  ] as const) {
    const run = prepare(planFor(["ada"]));
    run.side.script = (n) => (n === 1 ? { late } : "refused");
    await run.apply();
    expect(run.statuses()).toEqual([status]);
    expect(run.side.ledger).toHaveLength(2);
  }
});

test("a foreign value after the write is reported, not overwritten", async () => {
  const run = prepare(planFor(["ada"]));
  run.side.beforeRead = (n) => {
    if (n > 1) run.side.change(id("ada"), { value: "foreign" });
  };
  await run.apply();
  expect(run.statuses()).toEqual(["2.1 drift"]);
  expect(run.side.ledger).toHaveLength(1);
});

test("a stale read right after the write is neither drift nor a reason to send again", async () => {
  const run = prepare(planFor(["ada"]));
  const fresh = run.side.readValue.bind(run.side);
  let reads = 0;
  run.side.readValue = async (objectId) => {
    const held = await fresh(objectId);
    reads += 1;
    return held !== null && reads < 5 ? { ...held, value: null } : held;
  };
  await run.apply();
  expect(run.statuses()).toEqual(["2.1 verified"]);
  expect(run.side.ledger).toHaveLength(1);
});

/** What can become of a write, weighted towards success. */
const scripts = fc.infiniteStream(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant("accepted" as const) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "lost" as const,
        "lost-applied" as const,
        "refused" as const,
        "not-sent" as const,
        { late: 5_000 },
        { late: 60_000 },
        { late: 170_000 },
      ),
    },
  ),
);

test("random batches under random faults, applied again until nothing moves, end with every row right or named", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 }),
      fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
      scripts,
      fc.integer({ min: 0, max: 3 }),
      async (holding, empty, faults, canary) => {
        const people = holding.map((_, index) => `user${index}`);
        const holds = Object.fromEntries(
          people.flatMap((name, index) => (empty[index] ? [] : [[name, `user${holding[index]}`]])),
        );
        const plan = planFor(people, holds);
        const run = prepare(plan, plan.changes.some(({ wave }) => wave === "cycle") ? Math.max(1, canary) : canary);
        run.side.script = () => faults.next().value ?? "accepted";
        for (let resume = 0; resume < 12; resume += 1) await run.apply();
        // Whatever is still under way has had its time to land.
        await run.clock.sleep(400_000, new AbortController().signal);
        for (const outcome of run.outcomes()) {
          const { change, status } = outcome;
          if (change === null) continue;
          const lastStep = plan.changes.every(({ row, step }) => row !== change.row || step <= change.step);
          if (lastStep && status === "verified") expect(run.side.valueOf(change.objectId)).toBe(change.after);
          expect(status).not.toBe("drift");
        }
        const intents = run.store.events.flatMap((event) => (event.kind === "intent" ? [event.clientRequestId] : []));
        expect(run.side.ledger.map(({ clientRequestId }) => clientRequestId).sort()).toEqual(intents.sort());
        const planned = new Map(Map.groupBy(plan.changes, ({ objectId }) => objectId));
        for (const { objectId, after } of run.side.ledger) {
          const values = planned.get(objectId)?.flatMap((change) => [change.before, change.after]) ?? [];
          expect(values).toContain(after);
        }
      },
    ),
    { numRuns: 400 },
  );
});
