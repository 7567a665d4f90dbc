/** Holder actions from plan to rollback, over both sides in memory. */
import { expect, test } from "vitest";
import type { HolderAction } from "../src/core/mapping.ts";
import { countHolderActions, countRowsToWrite, type Plan } from "../src/core/plan.ts";
import { NO_TAKEOVER_FACTS } from "../src/core/takeover-facts.ts";
import { resultLineFromOutcome } from "../src/core/written-objects.ts";
import { applyPlan, planBatch, planRollback } from "../src/pipeline.ts";
import { listRunOutcomes } from "../src/stages/record-run.ts";
import { AD_GUID, account, anchorOf, CLOUD_ID, cloudUser, deletedUser, mapping } from "./support/facts.ts";
import { MemoryRunStore } from "./support/memory-run.ts";
import { MemoryDirectory, MemoryTenant } from "./support/memory-world.ts";
import { surround } from "./support/quiet-world.ts";

const ALL: readonly HolderAction[] = [
  "clear-holder",
  "delete-holder",
  "purge-deleted-holder",
  "restore-target",
  "clear-object-identifier",
];
const ROWS: readonly (readonly [string, readonly HolderAction[]])[] = [
  ["ada", ["purge-deleted-holder"]],
  ["ben", ["delete-holder"]],
  ["cyd", ["clear-holder"]],
  ["dee", ["restore-target"]],
  ["eve", ["clear-object-identifier"]],
  ["fay", []],
];

class SavingStore extends MemoryRunStore {
  readonly published: string[] = [];
  override publish = (fileName: string, texts?: Iterable<string>) => {
    this.published.push(`${fileName} ${[...(texts ?? [])].join("").includes('"object"')}`);
    return fileName;
  };
}

function makeWorld() {
  const directory = new MemoryDirectory(
    "CORP",
    ROWS.map(([name]) => account(name, { mail: null, userPrincipalName: null })),
  );
  const tenant = new MemoryTenant(
    [
      ...["ada", "ben", "cyd", "eve", "fay"].map((name) => cloudUser(name)),
      cloudUser("ben2", { immutableId: anchorOf("ben") }),
      cloudUser("cyd2", { immutableId: anchorOf("cyd") }),
    ],
    [deletedUser("ada2", { immutableId: anchorOf("ada") }), deletedUser("dee")],
  );
  tenant.takeoverFacts = { ...NO_TAKEOVER_FACTS, objectIdentifiers: new Map([[CLOUD_ID("eve"), AD_GUID("old eve")]]) };
  const { world } = surround({ directories: [directory], tenant });
  return { tenant, world };
}

async function planned(allow: readonly HolderAction[] = ALL) {
  const made = makeWorld();
  const { plan } = await planBatch(
    {
      mapping: { name: "people", extraColumns: [] },
      mappings: ROWS.map(([name, onConflict], index) => mapping(index + 2, name, { onConflict })),
      options: {
        anchor: "auto",
        sourceKey: "sAMAccountName",
        replace: false,
        limit: null,
        onConflict: [],
        allow,
        writeTo: "cloud",
        acceptedIdentityMismatch: null,
      },
    },
    made.world,
  );
  const store = new SavingStore(plan);
  const decide = (changes = {}) => ({
    confirmed: countRowsToWrite(plan),
    skipBlocked: false,
    confirmedHolders: countHolderActions(plan),
    syncPaused: false,
    canary: 1,
    operator: "cyd",
    ...changes,
  });
  return { ...made, plan, store, apply: (changes = {}) => applyPlan(store, decide(changes), made.world) };
}

const inWords = ({ changes }: Plan) =>
  changes.map(
    ({ row, step, kind, name, holder }) =>
      `${row}.${step} ${kind} ${name.split("@")[0]?.slice(-4)}${holder ? " holder" : ""}`,
  );

test("holder actions are steps of the plan, before the write of their row and after all other rows", async () => {
  const { plan } = await planned();
  expect(inWords(plan)).toEqual([
    "7.1 set fay",
    "2.1 purge ada2 holder",
    "2.2 set ada",
    "3.1 delete ben2 holder",
    "3.2 purge ben2 holder",
    "3.3 set ben",
    "4.1 clear cyd2 holder",
    "4.2 set cyd",
    "5.1 restore dee holder",
    "5.2 set dee",
    "6.1 clear-object-identifier eve holder",
    "6.2 set eve",
  ]);
  expect(countHolderActions(plan)).toBe(5);
});

test("without --allow the rows are blocked and nothing is planned for them", async () => {
  const { plan } = await planned([]);
  expect(inWords(plan)).toEqual(["7.1 set fay"]);
  expect(plan.rows.filter(({ action }) => action === "blocked").map(({ row }) => row)).toEqual([2, 3, 4, 5, 6]);
});

for (const confirmedHolders of [null, 4, 6]) {
  test(`confirming ${confirmedHolders} holder actions of five is refused, and nothing is written`, async () => {
    const { apply, tenant } = await planned();
    await expect(apply({ confirmedHolders })).rejects.toMatchObject({ code: "refused" });
    expect(tenant.ledger).toEqual([]);
  });
}

test("all of it runs: who stood in the way is gone, and everybody has the ID of the own account", async () => {
  const { apply, tenant, store } = await planned();
  expect(await apply()).toBeNull();
  expect(new Set(listRunOutcomes(store).map(({ status }) => status))).toEqual(new Set(["verified"]));
  expect(tenant.deleted).toEqual([]);
  expect(tenant.values()).toEqual({
    ...Object.fromEntries(ROWS.map(([name]) => [CLOUD_ID(name), anchorOf(name)])),
    [CLOUD_ID("cyd2")]: null,
  });
});

test("the last state of whatever is destroyed is saved before the step, and of nothing else", async () => {
  const { apply, store } = await planned();
  await apply();
  const saved = store.published.filter((line) => line.startsWith("saved"));
  expect(saved).toEqual(
    [
      [2, 1, "ada2"],
      [3, 1, "ben2"],
      [3, 2, "ben2"],
      [6, 1, "eve"],
    ].map(([row, step, name]) => `saved-row-${row}-step-${step}-${CLOUD_ID(String(name))}.json true`),
  );
});

test("every step that cannot be undone is marked in the plan, in the outcome and in its row's findings", async () => {
  const { plan, apply, store } = await planned();
  const irreversible = ["2.1 purge", "3.1 delete", "3.2 purge", "6.1 clear-object-identifier"];
  expect(plan.rows.filter(({ findings }) => findings.includes("action-irreversible")).map(({ row }) => row)).toEqual([
    2, 3, 6,
  ]);
  await apply();
  const marked = listRunOutcomes(store).filter(({ message }) => message?.startsWith("IRREVERSIBLE") === true);
  expect(marked.map(({ row, step, change }) => `${row}.${step} ${change?.kind}`)).toEqual(irreversible);
  for (const { row, step, change, message } of marked)
    expect(message).toContain(`saved-row-${row}-step-${step}-${change?.objectId}.json`);
});

test("a holder action says who it is done to", async () => {
  const { plan } = await planned();
  const purge = plan.changes.find(({ kind }) => kind === "purge");
  const { displayName, createdAt, lastSyncAt, licenceCount } = deletedUser("ada2");
  expect(purge?.holder).toEqual({ displayName, createdAt, lastSyncAt, licenceCount });
});

test("an object that changed since the plan is not touched, and its row is left alone", async () => {
  const { apply, tenant, store } = await planned();
  tenant.script = () => {
    tenant.change(CLOUD_ID("ben2"), { syncEnabled: true });
    return "accepted";
  };
  await apply({ skipBlocked: true });
  expect(tenant.ledger.filter(({ kind }) => kind === "delete")).toEqual([]);
  expect(
    listRunOutcomes(store)
      .filter(({ row }) => row === 3)
      .map(({ status }) => status),
  ).toEqual(["drift", "blocked", "blocked"]);
});

test("a lost answer to a purge is settled by looking, not by purging again", async () => {
  const { apply, tenant, store } = await planned();
  const write = tenant.writeValue.bind(tenant);
  tenant.writeValue = async (change) => {
    const answer = await write(change);
    return change.kind === "purge" ? { ...answer, meaning: "undecided" as const, httpStatus: 504 } : answer;
  };
  await apply();
  expect(tenant.ledger.filter(({ kind }) => kind === "purge").map(({ objectId }) => objectId)).toEqual([
    CLOUD_ID("ada2"),
    CLOUD_ID("ben2"),
  ]);
  expect(new Set(listRunOutcomes(store).map(({ status }) => status))).toEqual(new Set(["verified"]));
});

test("rollback writes every ID back, gives the cleared holder its own, and names what is gone for good", async () => {
  const { apply, tenant, store, world } = await planned();
  await apply();
  const lines = listRunOutcomes(store).map((outcome, index) => resultLineFromOutcome(outcome, index + 2));
  const run = {
    name: "people",
    runId: "run-1",
    planId: "0",
    tenantId: store.about.tenantId as never,
    delimiter: ",",
    extraColumns: [],
    unread: [],
    lines,
  };
  const { plan } = await planRollback(run, null, world);
  const lost = plan.findings
    .filter(({ code }) => code === "rollback-irreversible")
    .map(({ rows, detail }) => `${rows} ${detail.split(" ")[0]}`);
  expect(lost).toEqual(["2 purge", "3 delete", "3 purge", "6 clear-object-identifier"]);
  expect(plan.rows.map(({ row, action, settled }) => [row, action, settled])).toEqual(
    ROWS.map((_row, index) => [index + 2, "clear", null]),
  );
  const back = new MemoryRunStore(plan);
  const decisions = {
    confirmed: countRowsToWrite(plan),
    skipBlocked: false,
    confirmedHolders: null,
    syncPaused: false,
    canary: 1,
    operator: "cyd",
  };
  expect(await applyPlan(back, decisions, world)).toBeNull();
  expect(tenant.values()).toEqual({
    ...Object.fromEntries(ROWS.map(([name]) => [CLOUD_ID(name), null])),
    [CLOUD_ID("cyd2")]: anchorOf("cyd"),
  });
});
