import { describe, expect, test } from "vitest";
import { foldJournal } from "../../src/core/change-progress.ts";
import { BatchError } from "../../src/core/errors.ts";
import type { Guid } from "../../src/core/guid.ts";
import { listOutcomes } from "../../src/core/outcome.ts";
import { approve, countRowsToWrite, type Plan } from "../../src/core/plan.ts";
import type { HeldValue } from "../../src/ports/writable-side.ts";
import { applyChanges } from "../../src/stages/apply-changes.ts";
import { LiveJournal } from "../../src/stages/live-journal.ts";
import { account, anchorOf, CLOUD_ID, cloudUser, mapping, planOf } from "../support/facts.ts";
import { tellJournal } from "../support/journal-story.ts";
import { ManualClock, MemoryRunStore, MemorySide, SILENT_LOG, SILENT_PROGRESS } from "../support/memory-run.ts";

const LIMITS = { inFlight: 4, settleMs: 10_000, quarantineMs: 180_000 };
const id = (name: string): Guid => CLOUD_ID(name);

function prepare(people: readonly string[], holds: Readonly<Record<string, string>> = {}) {
  const plan: Plan = planOf({
    accounts: people.map((name) => account(name)),
    users: people.map((name) =>
      cloudUser(name, { immutableId: holds[name] === undefined ? null : anchorOf(holds[name]) }),
    ),
    mappings: people.map((name, index) => mapping(index + 2, name)),
    options: { replace: true },
  });
  const clock = new ManualClock();
  const store = new MemoryRunStore(plan);
  const held = plan.rows.flatMap(({ userId, userPrincipalName: name, previousImmutableId: value }): HeldValue[] =>
    userId === null ? [] : [{ objectId: userId, name, value, synced: false }],
  );
  const side = new MemorySide(held, clock);
  let ids = 0;
  const chance = { uuid: () => `request-${++ids}`, fraction: () => 0.5 };
  const openJournal = () => new LiveJournal(store, "cyd", { clock, chance });
  const never = new AbortController().signal;
  const apply = (canary = 1) =>
    applyChanges(
      approve(plan, {
        confirmed: countRowsToWrite(plan),
        skipBlocked: true,
        confirmedHolders: null,
        syncPaused: false,
        canary,
        operator: "cyd",
      }),
      {
        sides: { cloud: side },
        journal: openJournal(),
        clock,
        log: SILENT_LOG,
        progress: SILENT_PROGRESS,
        limits: LIMITS,
        stop: { drain: never, abort: never },
        saveObject: () => undefined,
        recheckRows: async () => null,
      },
    );
  const statuses = () =>
    [...listOutcomes(plan, foldJournal(store.readJournal()))].map(
      ({ row, step, status }) => `${row}.${step} ${status}`,
    );
  return { plan, clock, store, side, openJournal, apply, statuses };
}

/** Reads show a value for so long after the write that replaced it. */
function lagBehind({ side, clock }: ReturnType<typeof prepare>, lagMs: number): void {
  const shown = new Map<Guid, { value: string | null; until: number }>();
  const write = side.writeValue.bind(side);
  side.writeValue = (change, requestId) => {
    shown.set(change.objectId, {
      value: side.valueOf(change.objectId) ?? null,
      until: clock.monotonicMs() + lagMs,
    });
    return write(change, requestId);
  };
  const read = side.readValue.bind(side);
  side.readValue = async (objectId) => {
    const held = await read(objectId);
    const old = shown.get(objectId);
    return held === null || old === undefined || clock.monotonicMs() >= old.until
      ? held
      : { ...held, value: old.value };
  };
}

describe("reads that lag a minute behind", () => {
  test("do not pass a canary that was set back for one that was set again", async () => {
    const run = prepare(["ada", "ben"]);
    lagBehind(run, 60_000);
    expect(await run.apply()).toBeNull();
    expect(run.statuses()).toEqual(["2.1 verified", "3.1 verified"]);
    expect([run.side.valueOf(id("ada")), run.side.valueOf(id("ben"))]).toEqual([anchorOf("ada"), anchorOf("ben")]);
    expect(run.side.ledger.map(({ after }) => after)).toEqual([
      anchorOf("ada"),
      null,
      anchorOf("ada"),
      anchorOf("ben"),
    ]);
  });

  test("do not make a pivot drift whose first write could not be read back", async () => {
    const run = prepare(["ada", "ben", "cyd"], { ada: "ben", ben: "ada" });
    lagBehind(run, 60_000);
    const read = run.side.readValue.bind(run.side);
    let failures = 0;
    run.side.readValue = async (objectId) => {
      // Ada is the pivot; the copy does not show her first write yet when it is to be read back.
      const written = run.side.ledger.some((write) => write.objectId === id("ada"));
      if (failures > 0 || !written || objectId !== id("ada")) return read(objectId);
      failures += 1;
      throw new BatchError("tenant", "no answer", "Try again.");
    };
    await expect(run.apply()).rejects.toThrow("no answer");
    expect(run.statuses()).toEqual(["2.1 parked", "2.2 pending", "3.1 verified", "4.1 verified"]);
    expect(await run.apply()).toBeNull();
    expect(run.statuses()).toEqual(["2.1 verified", "2.2 verified", "3.1 verified", "4.1 verified"]);
  });

  test("do not make a row count as done whose process died right after its set-back", async () => {
    const run = prepare(["ada", "ben"]);
    lagBehind(run, 60_000);
    const observe = run.store.observe.bind(run.store);
    run.store.observe = (observation) => {
      const event = observe(observation);
      const attempt = run.store.events.find(({ seq }) => seq === observation.attempt);
      if (observation.kind === "accepted" && attempt?.kind === "intent" && attempt.purpose === "canary-back")
        throw new Error("killed");
      return event;
    };
    await expect(run.apply()).rejects.toThrow("killed");
    run.store.observe = observe;
    expect(await run.apply()).toBeNull();
    expect(run.statuses()).toEqual(["2.1 verified", "3.1 verified"]);
    expect([run.side.valueOf(id("ada")), run.side.valueOf(id("ben"))]).toEqual([anchorOf("ada"), anchorOf("ben")]);
  });

  test("do not make a pivot drift on its last write", async () => {
    const run = prepare(["ada", "ben"], { ada: "ben", ben: "ada" });
    lagBehind(run, 60_000);
    expect(await run.apply()).toBeNull();
    expect(run.statuses()).toEqual(["2.1 verified", "2.2 verified", "3.1 verified"]);
  });

  test("do not make a pivot drift on its last write though another copy has shown its first", async () => {
    const run = prepare(["ada", "ben"], { ada: "ben", ben: "ada" });
    const read = run.side.readValue.bind(run.side);
    let outdated = 0;
    run.side.readValue = async (objectId) => {
      const held = await read(objectId);
      // Once Ben has given up his value, two reads of Ada, who is the pivot, come from a copy that does not know her as cleared.
      const isBeforeLast = run.side.ledger.length === 2 && objectId === id("ada");
      if (held === null || !isBeforeLast || outdated === 2) return held;
      outdated += 1;
      return { ...held, value: anchorOf("ben") };
    };
    expect(await run.apply()).toBeNull();
    expect([outdated, run.clock.slept]).toEqual([2, expect.arrayContaining([2_000, 4_000])]);
    expect(run.statuses()).toEqual(["2.1 verified", "2.2 verified", "3.1 verified"]);
  });

  test("leave a pivot alone that somebody has really set back to its old value", async () => {
    const run = prepare(["ada", "ben"], { ada: "ben", ben: "ada" });
    const read = run.side.readValue.bind(run.side);
    run.side.readValue = async (objectId) => {
      const held = await read(objectId);
      const isSetBack = run.side.ledger.length === 2 && objectId === id("ada");
      return held === null || !isSetBack ? held : { ...held, value: anchorOf("ben") };
    };
    await run.apply();
    expect(run.statuses()).toEqual(["2.1 parked", "2.2 drift", "3.1 verified"]);
    expect(run.side.ledger).toHaveLength(2);
  });
});

test("a row that went stale before the first write is no canary, and does not hold up the rest", async () => {
  const run = prepare(["ada", "ben", "cyd"]);
  run.store.events.push(...tellJournal([["2.1", "drift"]], run.plan.changes));
  expect(await run.apply()).toBeNull();
  expect(run.statuses()).toEqual(["2.1 drift", "3.1 verified", "4.1 verified"]);
  expect(run.side.ledger.slice(0, 3).map(({ objectId }) => objectId)).toEqual([id("ben"), id("ben"), id("ben")]);
});

test("a proof that sync has taken over since is still a proof: no other canary row is set back", async () => {
  const run = prepare(["ada", "ben", "cyd"]);
  run.side.script = (n) => (n > 4 ? "not-sent" : "accepted");
  await run.apply(2);
  run.store.events.push(
    ...tellJournal([["2.1", "sync-matched"]]).map((event) => ({ ...event, seq: run.store.events.length + 1 })),
  );
  run.side.script = () => "accepted";
  expect(await run.apply(2)).toBeNull();
  expect(run.side.ledger.filter(({ objectId }) => objectId === id("ben"))).toHaveLength(1);
  expect(run.statuses()).toEqual(["2.1 taken-over", "3.1 verified", "4.1 verified"]);
});

describe("the quarantine of a write whose answer was lost", () => {
  const never = new AbortController().signal;
  const opened = () => {
    const run = prepare(["ada"]);
    const [change] = run.plan.changes;
    if (change === undefined) throw new Error("the plan has a change");
    return { ...run, change };
  };
  const left = (journal: LiveJournal, value: string | null) =>
    journal.quarantineLeftMs(id("ada"), value, LIMITS.quarantineMs);

  test("counts from the lost answer, not from the intent: between the two lies the wait for the quota", async () => {
    const { clock, change, openJournal } = opened();
    const journal = openJournal();
    const attempt = await journal.intend(change, "change", null, change.after);
    await clock.sleep(600_000, never);
    journal.observe(change, "undecided", { attempt });
    expect(left(journal, null)).toBe(LIMITS.quarantineMs);
    await clock.sleep(100_000, never);
    expect([left(journal, null), left(openJournal(), null)]).toEqual([80_000, 80_000]);
  });

  test("counts from the resume when the process died in between", async () => {
    const { clock, change, openJournal } = opened();
    await openJournal().intend(change, "change", null, change.after);
    await clock.sleep(600_000, never);
    expect(left(openJournal(), null)).toBe(LIMITS.quarantineMs);
  });

  for (const [kind, waitMs] of [
    ["accepted", 0],
    ["refused", 0],
    ["conflict", 0],
    ["not-sent", 0],
    ["undecided", LIMITS.quarantineMs],
    ["settled-applied", LIMITS.quarantineMs],
    ["settled-not-applied", LIMITS.quarantineMs],
  ] as const) {
    test(`is ${waitMs} ms for a different value right after "${kind}", and none for the same`, async () => {
      const { change, openJournal } = opened();
      const journal = openJournal();
      const attempt = await journal.intend(change, "change", null, change.after);
      if (kind.startsWith("settled")) journal.observe(change, "undecided", { attempt });
      journal.observe(change, kind, { attempt });
      for (const one of [journal, openJournal()]) {
        expect([left(one, null), left(one, change.after)]).toEqual([waitMs, 0]);
        expect(one.quarantineLeftMs(id("ben"), null, LIMITS.quarantineMs)).toBe(0);
      }
    });
  }
});
