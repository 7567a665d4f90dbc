import { describe, expect, test } from "vitest";
import type { FileSource } from "../src/core/directory-source.ts";
import { BatchError } from "../src/core/errors.ts";
import { countRowsToWrite, type Decisions, type Plan, planLines } from "../src/core/plan.ts";
import { type RecordedRun, resultLineFromOutcome } from "../src/core/written-objects.ts";
import { applyPlan, type PlanRequest, planBatch, planRollback, verifyRun } from "../src/pipeline.ts";
import { listRunOutcomes } from "../src/stages/record-run.ts";
import type { World } from "../src/stages/world.ts";
import { account, anchorOf, CLOUD_ID, cloudUser, deletedUser, guidFor, mapping } from "./support/facts.ts";
import { MemoryRunStore } from "./support/memory-run.ts";
import { MemoryDirectory, MemoryTenant } from "./support/memory-world.ts";
import { surround } from "./support/quiet-world.ts";
import { collectUnhandled } from "./support/unhandled-rejections.ts";

const PEOPLE = ["ada", "ben", "cyd", "dee", "eve", "fay"];

/** Ada and Ben swap their IDs, Cyd takes Dee's, Dee a free one, Eve was empty, Fay held an old one. */
const HELD: Readonly<Record<string, string | null>> = {
  ada: anchorOf("ben"),
  ben: anchorOf("ada"),
  cyd: null,
  dee: anchorOf("cyd"),
  eve: "",
  fay: "an old value, not base64",
};

const EXPORT: FileSource = {
  ...{ kind: "file", name: "old.csv", users: 2, modifiedAt: "2026-11-20T08:00:00.000Z" },
  ...{ format: "csvde", encoding: "UTF-8", unknown: [] },
};

/** A run store that refuses other decisions than those of the first apply, as the real one does. */
class StrictStore extends MemoryRunStore {
  override storeDecisions(decisions: Decisions): void {
    const stored = this.readDecisions();
    if (stored !== null && JSON.stringify(stored) !== JSON.stringify(decisions))
      throw new BatchError("refused", "other decisions are stored", "Say the same.");
    super.storeDecisions(decisions);
  }
}

function makeWorld(pageSize = 999) {
  const directory = new MemoryDirectory(
    "CORP",
    PEOPLE.map((name) => account(name)),
  );
  const tenant = new MemoryTenant(
    PEOPLE.map((name) => cloudUser(name, { immutableId: HELD[name] ?? null })),
    [deletedUser("gil")],
  );
  tenant.pageSize = pageSize;
  const { world, clock } = surround({ directories: [directory], tenant });
  return { directory, tenant, clock, world };
}

const request = (names: readonly string[] = PEOPLE): PlanRequest => ({
  mapping: { name: "people", extraColumns: [] },
  mappings: names.map((name, index) => mapping(index + 2, name)),
  options: {
    anchor: "auto",
    sourceKey: "sAMAccountName",
    replace: true,
    limit: null,
    onConflict: [],
    allow: [],
    writeTo: "cloud",
    acceptedIdentityMismatch: null,
  },
});

const decide = (plan: Plan, changes: Partial<Decisions> = {}): Decisions => ({
  confirmed: countRowsToWrite(plan),
  skipBlocked: false,
  confirmedHolders: null,
  syncPaused: false,
  canary: 1,
  operator: "cyd",
  ...changes,
});

const statuses = (store: MemoryRunStore) =>
  listRunOutcomes(store).map(({ row, step, status }) => `${row}.${step} ${status}`);
const ALL_VERIFIED = ["2.1", "2.2", "3.1", "4.1", "5.1", "6.1", "7.1"].map((key) => `${key} verified`);

/** What a run recorded, as `rollback` reads it. */
const recordOf = (store: MemoryRunStore): RecordedRun => ({
  name: "people",
  runId: store.about.runId,
  planId: store.readPlan().hash.slice(0, 12),
  tenantId: store.readPlan().header.tenantId,
  delimiter: ",",
  extraColumns: [],
  unread: [],
  lines: listRunOutcomes(store).map((outcome, index) => resultLineFromOutcome(outcome, index + 2)),
});

async function plannedRun(names?: readonly string[], pageSize?: number) {
  const made = makeWorld(pageSize);
  const { plan } = await planBatch(request(names), made.world);
  const store = new StrictStore(plan);
  return { ...made, plan, store, apply: (changes = {}) => applyPlan(store, decide(plan, changes), made.world) };
}

describe("planBatch", () => {
  test("gives the same bytes for the same two sides, listed or looked up, in whatever order they answer", async () => {
    const plain = makeWorld();
    const shuffled = makeWorld(1);
    shuffled.directory.accounts.reverse();
    shuffled.directory.groupSize = 100;
    const [first, second] = [await planBatch(request(), plain.world), await planBatch(request(), shuffled.world)];
    expect([...planLines(second.plan)].join("")).toBe([...planLines(first.plan)].join(""));
    expect(second.plan.hash).toBe(first.plan.hash);
    expect([plain.tenant.calls.includes("listUsers"), shuffled.tenant.calls.includes("findUsersByName")]).toEqual([
      true,
      true,
    ]);
  });

  test("writes to nobody", async () => {
    const { tenant } = await plannedRun();
    expect(tenant.ledger).toEqual([]);
  });

  test("of an export is the same plan however old the file is, and names what it does not hold", async () => {
    const planFrom = async (changes: Partial<FileSource>) => {
      const { directory, world } = makeWorld();
      directory.source = { ...EXPORT, ...changes };
      return (await planBatch(request(), world)).plan;
    };
    const whole = await planFrom({});
    expect((await planFrom({ modifiedAt: "2026-11-24T08:00:00.000Z", encoding: "UTF-16" })).hash).toBe(whole.hash);
    const { findings } = await planFrom({ unknown: ["adminCount", "mail"] });
    expect(findings.filter(({ code }) => code === "tenant-check-unavailable").map(({ detail }) => detail)).toEqual([
      "not checked: which AD accounts are administrators in CORP; it wants adminCount in the export of CORP (old.csv does not hold it)",
      "not checked: whether another object in the cloud has the AD mail address in CORP; it wants mail in the export of CORP (old.csv does not hold it)",
    ]);
    await expect(planFrom({ unknown: ["mS-DS-ConsistencyGuid"] })).rejects.toMatchObject({ code: "input" });
  });

  for (const pageSize of [999, 1]) {
    test(`a directory that is lost is the one error of the plan, with pages of ${pageSize}`, async () => {
      const { directory, world } = makeWorld(pageSize);
      const lost = new BatchError("directory", "lost", "Try again.");
      directory.beforeSearch = () => {
        throw lost;
      };
      expect(await collectUnhandled(planBatch(request(), world))).toEqual({ error: lost, unhandled: [] });
    });
  }
});

describe("applyPlan", () => {
  test("writes what was planned, verified, and a second apply writes nothing", async () => {
    const { tenant, store, apply } = await plannedRun();
    expect(await apply()).toBeNull();
    expect(statuses(store)).toEqual(ALL_VERIFIED);
    expect(tenant.values()).toEqual(Object.fromEntries(PEOPLE.map((name) => [CLOUD_ID(name), anchorOf(name)])));
    const sent = tenant.ledger.length;
    expect(await apply()).toBeNull();
    expect(tenant.ledger).toHaveLength(sent);
  });

  for (const [title, move, message] of [
    [
      "another tenant",
      ({ tenant }: ReturnType<typeof makeWorld>) => {
        tenant.tenantId = guidFor("other tenant");
      },
      /signed in to/,
    ],
    [
      "another cloud",
      ({ tenant }: ReturnType<typeof makeWorld>) => {
        tenant.cloud = "china";
      },
      /not china/,
    ],
    [
      "another domain of the same name",
      ({ directory }: ReturnType<typeof makeWorld>) => {
        directory.domainId = guidFor("other domain");
      },
      /AD domains/,
    ],
  ] as const) {
    test(`refuses ${title}, and so does verify; nothing is written or stored`, async () => {
      const run = await plannedRun();
      move(run);
      const refusal = expect.objectContaining({ code: "refused", message: expect.stringMatching(message) });
      await expect(run.apply()).rejects.toEqual(refusal);
      await expect(verifyRun(run.store, run.world)).rejects.toEqual(refusal);
      expect([run.tenant.ledger, run.store.events, run.store.readDecisions()]).toEqual([[], [], null]);
    });
  }

  const eve = CLOUD_ID("eve");
  test("a stale row refuses the run, and nothing is written or stored", async () => {
    const { tenant, store, apply } = await plannedRun();
    tenant.change(eve, { immutableId: "foreign" });
    await expect(apply()).rejects.toEqual(expect.objectContaining({ code: "blocked" }));
    expect([tenant.ledger, store.events, store.readDecisions()]).toEqual([[], [], null]);
  });

  test("a stale row is drift with --skip-blocked, and the others are written", async () => {
    const { tenant, store, apply } = await plannedRun();
    tenant.change(eve, { immutableId: "foreign" });
    await apply({ skipBlocked: true });
    expect(statuses(store)).toEqual(ALL_VERIFIED.map((line) => (line.startsWith("6.1") ? "6.1 drift" : line)));
    expect(tenant.valueOf(eve)).toBe("foreign");
  });

  test("a swap of which one user has changed is left whole: nobody is parked", async () => {
    const { tenant, store, apply, plan } = await plannedRun();
    const pivot = plan.changes.find(({ wave }) => wave === "cycle")?.row;
    const other = pivot === 2 ? "ben" : "ada";
    tenant.change(CLOUD_ID(other), { immutableId: "foreign" });
    const before = tenant.values();
    await apply({ skipBlocked: true });
    expect(statuses(store).filter((line) => /^[23]\./.test(line))).toEqual(["2.1 blocked", "2.2 blocked", "3.1 drift"]);
    for (const name of ["ada", "ben"]) expect(tenant.valueOf(CLOUD_ID(name))).toBe(before[CLOUD_ID(name)]);
  });

  test("a row that waits for a stale one is blocked, with its number", async () => {
    const { tenant, store, apply } = await plannedRun();
    tenant.change(CLOUD_ID("dee"), { immutableId: "foreign" });
    await apply({ skipBlocked: true });
    const cyd = listRunOutcomes(store).find(({ row }) => row === 4);
    expect([cyd?.status, cyd?.message]).toEqual(["blocked", "waits for row 5, which is drift"]);
  });

  test("a resume with other decisions is refused and leaves no word in the journal", async () => {
    const { tenant, store, apply } = await plannedRun();
    tenant.script = () => "not-sent";
    await apply();
    tenant.change(CLOUD_ID("fay"), { immutableId: "foreign" });
    const events = store.events.length;
    await expect(apply({ skipBlocked: true })).rejects.toEqual(expect.objectContaining({ code: "refused" }));
    expect(store.events).toHaveLength(events);
  });

  test("a row whose write never left is checked again by the resume: an account made anew is not written", async () => {
    const { directory, tenant, store, apply } = await plannedRun(["eve"]);
    tenant.script = () => "not-sent";
    await apply({ skipBlocked: true });
    directory.accounts = [account("eve", { objectGuid: guidFor("a new account") })];
    tenant.script = () => "accepted";
    await apply({ skipBlocked: true });
    expect([statuses(store), tenant.valueOf(eve)]).toEqual([["2.1 drift"], ""]);
  });

  test("a resume after any number of writes finds its own doing not stale, and ends as a run without a stop", async () => {
    const whole = await plannedRun();
    await whole.apply();
    for (let stopAfter = 0; stopAfter <= whole.tenant.ledger.length; stopAfter += 1) {
      const { tenant, store, apply } = await plannedRun();
      tenant.script = (n) => (n > stopAfter ? "not-sent" : "accepted");
      await apply();
      tenant.script = () => "accepted";
      expect(await apply()).toBeNull();
      expect([stopAfter, statuses(store)]).toEqual([stopAfter, ALL_VERIFIED]);
    }
  });

  test("a resume of a finished run says which values are gone, and writes none of them again", async () => {
    const { tenant, store, apply } = await plannedRun();
    await apply();
    const sent = tenant.ledger.length;
    tenant.change(CLOUD_ID("ada"), { immutableId: "foreign" });
    tenant.change(CLOUD_ID("cyd"), { immutableId: null });
    tenant.change(CLOUD_ID("dee"), { immutableId: "foreign, too" });
    tenant.change(eve, { userPrincipalName: "eve.new@contoso.example" });
    tenant.remove(CLOUD_ID("fay"));
    await apply();
    expect(tenant.ledger).toHaveLength(sent);
    const lines = listRunOutcomes(store).map(({ row, step, status, message }) => `${row}.${step} ${status} ${message}`);
    expect(lines).toEqual([
      "2.1 verified null",
      "2.2 drift the user holds foreign",
      "3.1 verified null",
      "4.1 verified set back to its old value since",
      "5.1 drift the user holds foreign, too",
      "6.1 verified null",
      "7.1 drift the user no longer exists",
    ]);
    const events = store.events.length;
    await apply();
    expect(store.events).toHaveLength(events);
  });

  test("a value that was set back and is there again is set back no more", async () => {
    const { tenant, store, apply } = await plannedRun(["eve"]);
    await apply();
    const told = () => listRunOutcomes(store).map(({ message, setBackAt }) => [message, setBackAt !== null]);
    tenant.change(eve, { immutableId: "" });
    await apply();
    expect(told()).toEqual([["set back to its old value since", true]]);
    tenant.change(eve, { immutableId: anchorOf("eve") });
    await apply();
    expect(told()).toEqual([[null, false]]);
  });

  test("a resume that finds a written user in the recycle bin says so", async () => {
    const { tenant, store, apply } = await plannedRun(["eve"]);
    await apply();
    tenant.deleted.push(deletedUser("eve"));
    tenant.remove(eve);
    await apply();
    expect(listRunOutcomes(store).map(({ status, message }) => [status, message])).toEqual([
      ["drift", "it lies in the recycle bin"],
    ]);
  });

  test("a resume writes no row that waits for one that was set back", async () => {
    const { tenant, store, apply } = await plannedRun(["cyd", "dee"]);
    tenant.script = (n) => (n > 1 ? "not-sent" : "accepted");
    await apply();
    expect(statuses(store)).toEqual(["2.1 pending", "3.1 verified"]);
    tenant.change(CLOUD_ID("dee"), { immutableId: anchorOf("cyd") });
    const sent = tenant.ledger.length;
    tenant.script = () => "accepted";
    await apply();
    expect(tenant.ledger).toHaveLength(sent);
    expect(listRunOutcomes(store).map(({ row, status, message }) => [row, status, message])).toEqual([
      [2, "blocked", "waits for row 3, which is set back"],
      [3, "verified", "set back to its old value since"],
    ]);
  });

  test("a canary row that is lost after its proof does not keep the resume from the other rows", async () => {
    const { tenant, store, apply } = await plannedRun(["eve", "fay"]);
    tenant.script = (n) => (n > 3 ? "not-sent" : "accepted");
    await apply();
    tenant.change(eve, { immutableId: "foreign" });
    tenant.script = () => "accepted";
    expect(await apply()).toBeNull();
    expect(statuses(store)).toEqual(["2.1 drift", "3.1 verified"]);
  });

  test("a row that was just accepted is left to the read-back: a copy that lags is no loss", async () => {
    const { tenant, clock, store, apply } = await plannedRun(["eve"]);
    tenant.script = (n) => (n === 1 ? "ignored" : "accepted");
    await apply({ canary: 0 });
    expect(statuses(store)).toEqual(["2.1 accepted"]);
    store.events.splice(2);
    store.events.splice(1, 1, { ...store.events[1], at: clock.now().toISOString() } as (typeof store.events)[number]);
    const slept = clock.slept.length;
    await apply({ canary: 0 });
    expect([statuses(store), clock.slept.length > slept]).toEqual([["2.1 accepted"], true]);
    expect(store.events.map(({ kind }) => kind)).not.toContain("set-back");
  });

  test("a tenant that answers yes to the set-back and does nothing gets no row beyond the canary", async () => {
    const { tenant, store, apply } = await plannedRun(["cyd", "eve", "fay"]);
    tenant.change(CLOUD_ID("dee"), { immutableId: null });
    tenant.script = (n) => (n === 2 ? "ignored" : "accepted");
    expect(await apply({ canary: 1, skipBlocked: true })).toMatch(/rollback would not work/);
    expect(tenant.ledger).toHaveLength(2);
    expect(statuses(store).filter((line) => line.endsWith("verified"))).toEqual([]);
  });
});

describe("verifyRun", () => {
  test("says of every row what holds, and records it", async () => {
    const { tenant, store, apply, world } = await plannedRun();
    await apply();
    tenant.change(CLOUD_ID("eve"), { immutableId: "foreign" });
    tenant.change(CLOUD_ID("fay"), { syncEnabled: true });
    tenant.remove(CLOUD_ID("cyd"));
    const verdicts = await verifyRun(store, world);
    expect(verdicts.map(({ planned, verdict }) => `${planned.row} ${verdict}`)).toEqual([
      "2 holds",
      "3 holds",
      "4 gone",
      "5 holds",
      "6 drifted",
      "7 taken-over",
    ]);
    expect(statuses(store)).toEqual([
      "2.1 verified",
      "2.2 verified",
      "3.1 verified",
      "4.1 drift",
      "5.1 verified",
      "6.1 drift",
      "7.1 taken-over",
    ]);
    const events = store.events.length;
    expect((await verifyRun(store, world)).map(({ verdict }) => verdict)).toEqual(
      verdicts.map(({ verdict }) => verdict),
    );
    expect(store.events).toHaveLength(events);
  });

  test("does not compare source anchors with an export that does not say them", async () => {
    const { directory, store, world } = await plannedRun();
    directory.source = { ...EXPORT, unknown: ["mS-DS-ConsistencyGuid"] };
    await expect(verifyRun(store, world)).rejects.toMatchObject({ code: "input" });
  });

  test("of a plan that was never applied says so, and records nothing", async () => {
    const { store, world } = await plannedRun();
    expect(new Set((await verifyRun(store, world)).map(({ verdict }) => verdict))).toEqual(new Set(["not-done"]));
    expect(store.events).toEqual([]);
  });
});

describe("planRollback", () => {
  const start = makeWorld().tenant.values();

  async function rollBack(store: MemoryRunStore, world: World, rows: ReadonlySet<number> | null = null) {
    const { plan, cameAlong } = await planRollback(recordOf(store), rows, world);
    const back = new StrictStore(plan);
    const canary = plan.changes.some(({ wave }) => wave === "cycle") ? 1 : 0;
    expect(await applyPlan(back, decide(plan, { canary }), world)).toBeNull();
    return { plan, back, cameAlong };
  }

  test("restores what everybody held, null and an empty text among it, and rolling that back the run's values", async () => {
    const { tenant, store, apply, world } = await plannedRun();
    await apply();
    const reached = tenant.values();
    const { back } = await rollBack(store, world);
    expect(tenant.values()).toEqual(start);
    expect((await verifyRun(back, world)).map(({ verdict }) => verdict)).toEqual(Array(6).fill("holds"));
    await rollBack(back, world);
    expect(tenant.values()).toEqual(reached);
  });

  test("restores the start wherever the run was stopped", async () => {
    const writes = await plannedRun();
    await writes.apply();
    for (let stopAfter = 0; stopAfter <= writes.tenant.ledger.length; stopAfter += 1) {
      const { tenant, store, apply, world } = await plannedRun();
      tenant.script = (n) => (n > stopAfter ? "not-sent" : "accepted");
      await apply();
      tenant.script = () => "accepted";
      await rollBack(store, world);
      expect([stopAfter, tenant.values()]).toEqual([stopAfter, start]);
    }
  });

  test("restores the start wherever a write of the run was refused for good", async () => {
    const writes = await plannedRun();
    await writes.apply();
    for (let refused = 1; refused <= writes.tenant.ledger.length; refused += 1) {
      const { tenant, store, apply, world } = await plannedRun();
      tenant.script = (n) => (n === refused ? "refused" : "accepted");
      await apply();
      await rollBack(store, world);
      expect([refused, tenant.values()]).toEqual([refused, start]);
    }
  });

  test("an applied rollback that is applied again says which old values are gone", async () => {
    const { tenant, store, apply, world } = await plannedRun();
    await apply();
    const { plan, back } = await rollBack(store, world);
    const sent = tenant.ledger.length;
    tenant.change(CLOUD_ID("eve"), { immutableId: anchorOf("eve") });
    tenant.change(CLOUD_ID("fay"), { immutableId: "foreign" });
    await applyPlan(back, decide(plan, { canary: 1 }), world);
    expect(tenant.ledger).toHaveLength(sent);
    const told = listRunOutcomes(back).filter(({ message }) => message !== null);
    expect(told.map(({ row, status, message }) => [row, status, message])).toEqual([
      [6, "verified", "set back to its old value since"],
      [7, "drift", "the user holds foreign"],
    ]);
  });

  test("a verify after the rollback says of each row that it was set back, and of none that it drifted", async () => {
    const { store, apply, world } = await plannedRun();
    await apply();
    await rollBack(store, world);
    const verdicts = await verifyRun(store, world, new Map([[6, "runs/back"]]));
    expect(new Set(verdicts.map(({ verdict }) => verdict))).toEqual(new Set(["rolled-back"]));
    expect(statuses(store)).toEqual(ALL_VERIFIED);
    expect(listRunOutcomes(store).map(({ message }) => message)).toEqual([
      null,
      "set back to its old value since",
      "set back to its old value since",
      "set back to its old value since",
      "set back to its old value since",
      "set back to its old value since, by runs/back",
      "set back to its old value since",
    ]);
  });

  test("a swap that stopped half way and was rolled back is parked no more once verify has looked", async () => {
    const { tenant, store, apply, world } = await plannedRun(["ada", "ben", "eve"]);
    tenant.script = (_n, after) => (after === anchorOf("ada") || after === anchorOf("ben") ? "refused" : "accepted");
    await apply();
    expect(statuses(store).some((line) => line.endsWith("parked"))).toBe(true);
    tenant.script = () => "accepted";
    await rollBack(store, world);
    await verifyRun(store, world);
    expect(statuses(store).some((line) => line.endsWith("parked"))).toBe(false);
  });

  test("a user that sync took over is left alone, and so is one that somebody changed", async () => {
    const { tenant, store, apply, world } = await plannedRun(["eve", "fay", "cyd", "dee"]);
    await apply();
    tenant.change(CLOUD_ID("eve"), { syncEnabled: true });
    tenant.change(CLOUD_ID("fay"), { immutableId: "foreign" });
    const { plan, back } = await rollBack(store, world);
    expect(plan.rows.map(({ row, settled }) => [row, settled])).toEqual([
      [2, "taken-over"],
      [3, "drift"],
      [4, null],
      [5, null],
    ]);
    expect([tenant.valueOf(CLOUD_ID("eve")), tenant.valueOf(CLOUD_ID("fay"))]).toEqual([anchorOf("eve"), "foreign"]);
    expect((await verifyRun(back, world)).map(({ planned }) => planned.row)).toEqual([4, 5]);
  });

  test("a choice of rows brings those that hang together, and no other", async () => {
    const { tenant, store, apply, world } = await plannedRun();
    await apply();
    const { cameAlong } = await rollBack(store, world, new Set([3]));
    expect(cameAlong).toEqual([2]);
    const held = Object.fromEntries(PEOPLE.map((name) => [name, tenant.valueOf(CLOUD_ID(name))]));
    expect(held).toMatchObject({ ada: HELD.ada, ben: HELD.ben, cyd: anchorOf("cyd"), eve: anchorOf("eve") });
  });

  test("a second rollback finds nothing to do", async () => {
    const { tenant, store, apply, world } = await plannedRun();
    await apply();
    await rollBack(store, world);
    const { plan } = await rollBack(store, world);
    expect([plan.changes, new Set(plan.rows.map(({ settled }) => settled))]).toEqual([[], new Set(["already"])]);
    expect(tenant.values()).toEqual(start);
  });

  for (const [title, elsewhere] of [
    ["tenant", { tenantId: guidFor("other tenant") }],
    ["cloud", { cloud: "china" }],
  ] as const) {
    test(`a rollback that was planned in one ${title} is not applied in another`, async () => {
      const { tenant, store, apply, world } = await plannedRun();
      await apply();
      const { plan } = await planRollback(recordOf(store), null, world);
      const sent = tenant.ledger.length;
      Object.assign(tenant, elsewhere);
      await expect(applyPlan(new StrictStore(plan), decide(plan), world)).rejects.toMatchObject({ code: "refused" });
      expect(tenant.ledger).toHaveLength(sent);
      if (title === "tenant")
        await expect(planRollback(recordOf(store), null, world)).rejects.toMatchObject({ code: "refused" });
    });
  }
});

describe("a run that must not write", () => {
  const TOO_FAR_MS = 5 * 60_000 + 1;

  test("for a clock that is minutes off the tenant's is refused before anything is decided, forth and back", async () => {
    const run = await plannedRun(["eve"]);
    run.tenant.clockSkewMs = TOO_FAR_MS;
    await expect(run.apply()).rejects.toMatchObject({ code: "refused", message: expect.stringContaining("The clock") });
    expect([run.tenant.ledger, run.store.readDecisions()]).toEqual([[], null]);
    run.tenant.clockSkewMs = TOO_FAR_MS - 1;
    await run.apply();
    const written = run.tenant.ledger.length;

    const { plan } = await planRollback(recordOf(run.store), null, run.world);
    const store = new StrictStore(plan);
    run.tenant.clockSkewMs = -TOO_FAR_MS;
    await expect(applyPlan(store, decide(plan), run.world)).rejects.toMatchObject({ code: "refused" });
    expect([run.tenant.ledger.length, store.readDecisions()]).toEqual([written, null]);
  });

  test("for a breaker that nobody has acknowledged is refused, whoever asks; its verdict was kept", async () => {
    const run = await plannedRun(["eve"]);
    run.tenant.script = () => {
      run.tenant.change(CLOUD_ID("eve"), { immutableId: "a third value" });
      return "ignored";
    };
    await run.apply();
    expect(run.store.readOpenings()).toMatchObject([{ reason: "foreign-value", acknowledged: null }]);
    const written = run.tenant.ledger.length;
    await expect(run.apply()).rejects.toMatchObject({
      code: "refused",
      message: expect.stringContaining("The breaker stopped this run"),
    });
    expect(run.tenant.ledger).toHaveLength(written);
  });
});
