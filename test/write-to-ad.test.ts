/** Users that move between domains: their IDs written into AD, from plan to rollback, over both sides in memory. */
import { describe, expect, test } from "vitest";
import { EXIT_CODES } from "../src/cli/exit-codes.ts";
import { findLeftAlone, renderLeftAlone } from "../src/cli/render/rollback-summary.ts";
import { exitCodeOfRun } from "../src/cli/render/run-summary.ts";
import type { FileSource } from "../src/core/directory-source.ts";
import { countRowsToWrite, type Decisions, type Plan } from "../src/core/plan.ts";
import { type RecordedRun, resultLineFromOutcome } from "../src/core/written-objects.ts";
import { applyPlan, followTakeover, planBatch, planRollback, verifyRun } from "../src/pipeline.ts";
import { listRunOutcomes } from "../src/stages/record-run.ts";
import type { World } from "../src/stages/world.ts";
import { AD_GUID, account, anchorOf, CLOUD_ID, cloudUser, mapping } from "./support/facts.ts";
import { MemoryRunStore, SILENT_PROGRESS } from "./support/memory-run.ts";
import { MemoryDirectory, MemoryTenant } from "./support/memory-world.ts";
import { surround } from "./support/quiet-world.ts";

const MOVING = ["ada", "ben", "cyd"];
const sid = (domain: string, name: string) => `S-1-5-21-${domain === "OLD" ? 1 : 2}-0-0-${1100 + MOVING.indexOf(name)}`;
const inDomain = (domain: string, name: string) => account(name, { domain, objectSid: sid(domain, name) });
const guidIn = (domain: string, name: string) => AD_GUID(`${domain}${name}`);

const EXPORT: FileSource = {
  ...{ kind: "file", name: "corp.csv", users: 4, modifiedAt: "2026-11-20T08:00:00.000Z" },
  ...{ format: "csvde", encoding: "UTF-8", unknown: [] },
};

/** Three people who move from OLD to CORP, their users synced from OLD, and Dee, who gets the anchor of her account. */
function makeWorld() {
  const corp = new MemoryDirectory("CORP", [...MOVING.map((name) => inDomain("CORP", name)), account("dee")]);
  const old = new MemoryDirectory(
    "OLD",
    MOVING.map((name) => inDomain("OLD", name)),
  );
  const tenant = new MemoryTenant([
    ...MOVING.map((name) =>
      cloudUser(name, {
        ...{ immutableId: anchorOf(name, "OLD"), syncEnabled: true, securityIdentifier: sid("OLD", name) },
      }),
    ),
    cloudUser("dee"),
  ]);
  const { world, clock } = surround({ directories: [corp, old], tenant });
  return { corp, old, tenant, clock, world };
}

const request = (names: readonly string[]) => ({
  mapping: { name: "people", extraColumns: [] },
  mappings: names.map((name, index) =>
    mapping(index + 2, name, { domain: "CORP", writeTo: name === "dee" ? "cloud" : "ad" }),
  ),
  options: {
    ...({ anchor: "auto", sourceKey: "sAMAccountName", replace: false, limit: null, writeTo: "cloud" } as const),
    ...{ onConflict: [], allow: [], acceptedIdentityMismatch: null },
  },
});

const decide = (plan: Plan, changes: Partial<Decisions> = {}): Decisions => ({
  ...{ confirmed: countRowsToWrite(plan), skipBlocked: false, confirmedHolders: null, syncPaused: false, canary: 1 },
  ...{ operator: "cyd", ...changes },
});

async function planned(names: readonly string[] = [...MOVING, "dee"], made = makeWorld()) {
  const { plan } = await planBatch(request(names), made.world);
  const store = new MemoryRunStore(plan);
  return { ...made, plan, store, apply: (changes = {}) => applyPlan(store, decide(plan, changes), made.world) };
}

const statuses = (store: MemoryRunStore) => listRunOutcomes(store).map(({ row, status }) => `${row} ${status}`);
const recordOf = (store: MemoryRunStore): RecordedRun => ({
  ...{ name: "people", runId: store.about.runId, planId: store.readPlan().hash.slice(0, 12), delimiter: "," },
  ...{ tenantId: store.readPlan().header.tenantId, extraColumns: [], unread: [] },
  lines: listRunOutcomes(store).map((outcome, index) => resultLineFromOutcome(outcome, index + 2)),
});
const anchorsOf = ({ accounts }: MemoryDirectory) =>
  accounts.map(({ accountName, consistencyGuid }) =>
    [accountName, consistencyGuid === null ? null : Buffer.from(consistencyGuid).toString("base64")].join(" "),
  );
const MOVED = [...MOVING.map((name) => `${name} ${anchorOf(name, "OLD")}`), "dee "];
const UNMOVED = [...MOVING, "dee"].map((name) => `${name} `);

describe("a plan that writes into AD", () => {
  test("names the side, the account and both old values of each row, and warns of the accounts that remain", async () => {
    const { plan } = await planned();
    expect(
      plan.rows.map(({ side, action, previousImmutableId, otherSideValue }) => [
        side,
        action,
        previousImmutableId,
        otherSideValue,
      ]),
    ).toEqual([
      ...MOVING.map((name) => ["ad", "set-consistency-guid", null, anchorOf(name, "OLD")]),
      ["cloud", "set", null, null],
    ]);
    expect(plan.changes.map(({ side, objectId, name, after }) => [side, objectId, name, after])).toEqual([
      ["cloud", CLOUD_ID("dee"), "dee@contoso.example", anchorOf("dee")],
      ...MOVING.map((name) => ["ad", guidIn("CORP", name), `CORP\\${name}`, anchorOf(name, "OLD")]),
    ]);
    expect(plan.findings.map(({ code, rows }) => `${code} ${rows.join()}`)).toEqual([
      "old-account-remains 2",
      "old-account-remains 3",
      "old-account-remains 4",
      "tenant-sync-off ",
    ]);
  });

  test("is refused where the account stands in a file, and says what to do", async () => {
    const made = makeWorld();
    made.corp.source = EXPORT;
    await expect(planned(["ada"], made)).rejects.toMatchObject({
      code: "input",
      message: expect.stringContaining("nothing can be written to a file"),
      hint: expect.stringContaining("Put a domain controller of CORP into directories (url in place of export)"),
    });
  });

  test("asks no domain to go through its users where no row writes into AD", async () => {
    const made = makeWorld();
    made.corp.findAnchorHolders = () => Promise.reject(new Error("it was asked"));
    expect((await planned(["dee"], made)).plan.changes.length).toBe(1);
  });
});

describe("an apply that writes into AD", () => {
  test("writes both sides by one loop, verifies, and sets no account back for a proof", async () => {
    const { apply, store, corp, old, tenant } = await planned();
    expect(await apply()).toBeNull();
    expect(statuses(store)).toEqual(["2 verified", "3 verified", "4 verified", "5 verified"]);
    expect(anchorsOf(corp)).toEqual(MOVED);
    expect(old.written).toEqual([]);
    expect(corp.written.length).toBe(3);
    expect(tenant.ledger.filter(({ objectId }) => objectId !== CLOUD_ID("dee"))).toEqual([]);
  });

  test("sets an account back and again only with the word that sync is paused", async () => {
    const { apply, corp, store } = await planned(["ada", "ben"]);
    expect(await apply({ syncPaused: true })).toBeNull();
    expect(corp.written.map(({ before, after }) => [before, after])).toEqual([
      [null, anchorOf("ada", "OLD")],
      [anchorOf("ada", "OLD"), null],
      [null, anchorOf("ada", "OLD")],
      [null, anchorOf("ben", "OLD")],
    ]);
    expect(statuses(store)).toEqual(["2 verified", "3 verified"]);
  });

  test("leaves a row as drift whose account was changed between the read and the write", async () => {
    const { apply, corp, store } = await planned(["ada", "ben"]);
    const foreign = anchorOf("somebody");
    const { side } = corp;
    Object.defineProperty(corp, "side", {
      value: {
        ...side,
        writeValue: async (...asked: Parameters<typeof side.writeValue>) => {
          if (corp.written.length === 1) corp.setAnchor(guidIn("CORP", "ben"), foreign);
          return await side.writeValue(...asked);
        },
      },
    });
    await apply();
    expect(statuses(store)).toEqual(["2 verified", "3 drift"]);
    // The domain controller has compared: what it has refused cannot land any more, and nothing waits for it.
    const ofBen = store.events.filter(({ row }) => row === 3).map(({ kind }) => kind);
    expect(ofBen).toEqual(["intent", "conflict", "drift"]);
    expect(anchorsOf(corp)[1]).toBe(`ben ${foreign}`);
  });

  test("settles a lost answer by reading, and sends nothing again that has arrived", async () => {
    const { apply, corp, store } = await planned(["ada", "ben"]);
    corp.fate = (n) => (n === 2 ? "lost-applied" : "accepted");
    expect(await apply()).toBeNull();
    expect(statuses(store)).toEqual(["2 verified", "3 verified"]);
    expect(corp.written.length).toBe(2);
  });

  test("sends again what was lost on its way only after two reads have shown the old value", async () => {
    const { apply, corp, store } = await planned(["ada", "ben"]);
    corp.fate = (n) => (n === 2 ? "undecided" : "accepted");
    expect(await apply()).toBeNull();
    expect(statuses(store)).toEqual(["2 verified", "3 verified"]);
    expect(store.events.map(({ kind }) => kind)).toContain("settled-not-applied");
    expect(corp.written.length).toBe(3);
  });

  test("takes up nothing twice: an apply again finds every value there", async () => {
    const { apply, corp, store } = await planned();
    await apply();
    expect(await apply()).toBeNull();
    expect(corp.written.length).toBe(3);
    expect(statuses(store)).toEqual(["2 verified", "3 verified", "4 verified", "5 verified"]);
  });

  test("a value that somebody takes away again is drift for the next apply, and an old one is set back", async () => {
    const { apply, corp, store } = await planned(["ada", "ben"]);
    await apply();
    corp.setAnchor(guidIn("CORP", "ada"), anchorOf("somebody"));
    corp.setAnchor(guidIn("CORP", "ben"), null);
    await apply();
    const told = listRunOutcomes(store).map(({ status, setBackAt, message }) => [status, setBackAt !== null, message]);
    expect(told).toEqual([
      ["drift", false, `the account holds ${anchorOf("somebody")}`],
      ["verified", true, expect.stringContaining("set back")],
    ]);
  });

  test("leaves rows out whose user has another ID by now, or whose account may no longer be written", async () => {
    const { plan, store, world, tenant, corp } = await planned();
    tenant.change(CLOUD_ID("ada"), { immutableId: anchorOf("somebody") });
    corp.findWritable = async (guids) => guids.filter((guid) => guid !== guidIn("CORP", "ben"));
    await applyPlan(store, decide(plan, { skipBlocked: true }), world);
    expect(statuses(store)).toEqual(["2 drift", "3 drift", "4 verified", "5 verified"]);
    expect(listRunOutcomes(store).map(({ message }) => message?.split(":")[0])).toEqual([
      "the user has another immutable ID than when the plan was made",
      "write-not-permitted",
      undefined,
      undefined,
    ]);
  });
});

describe("verify of a run that wrote into AD", () => {
  const verdictsAfter = async (act: (made: Awaited<ReturnType<typeof planned>>) => void, names = ["ada"]) => {
    const made = await planned(names);
    await made.apply();
    act(made);
    return (await verifyRun(made.store, made.world)).map(({ verdict, detail, trouble, synced }) =>
      `${verdict}${trouble === null ? "" : ` (${trouble})`}${synced ? ", synced:" : ":"} ${detail}`.trim(),
    );
  };
  const takeOver = ({ tenant }: Awaited<ReturnType<typeof planned>>, name = "ada", by = "ada") =>
    tenant.change(CLOUD_ID(name), { securityIdentifier: sid("CORP", by), lastSyncAt: "2026-11-22T03:00:00Z" });

  for (const [title, act, expected] of [
    ["holds the value, and its user is still synced from the old domain", () => undefined, "holds:"],
    ["was taken over", takeOver, "taken-over, synced: sync took it over 2026-11-22T03:00:00Z"],
    [
      "is empty again",
      ({ corp }) => corp.setAnchor(guidIn("CORP", "ada"), null),
      "rolled-back (set-back): the account holds its old value again",
    ],
    [
      "holds something else",
      ({ corp }) => corp.setAnchor(guidIn("CORP", "ada"), anchorOf("x")),
      `drifted (anchor-changed): the account holds ${anchorOf("x")}`,
    ],
    [
      "was deleted",
      ({ corp }) => {
        corp.accounts = [];
      },
      "gone (account-gone): the AD account no longer exists",
    ],
    [
      "belongs to a user with another ID",
      ({ tenant }) => tenant.change(CLOUD_ID("ada"), { immutableId: null }),
      "anchor-changed (value-changed): the cloud user holds no ID",
    ],
    [
      "was synced into another user",
      (made) => {
        made.tenant.change(CLOUD_ID("dee"), { syncEnabled: true });
        takeOver(made, "dee");
      },
      "duplicate (duplicate-made), synced: dee@contoso.example is synced from the account, which is another user than planned",
    ],
    [
      "was taken in as another object, which has its address and tells no SID",
      ({ tenant }) =>
        tenant.change(CLOUD_ID("dee"), {
          ...{ userPrincipalName: "ada1234@contoso.example", proxyAddresses: ["smtp:ada@contoso.example"] },
          syncEnabled: true,
        }),
      `duplicate (duplicate-made): sync has made ada1234@contoso.example (${CLOUD_ID("dee")}, without an ID) from the AD account`,
    ],
    [
      "belongs to a user that was deleted",
      ({ tenant }) => tenant.remove(CLOUD_ID("ada")),
      "anchor-changed (user-gone): the cloud user no longer exists",
    ],
    [
      "was changed and had been taken over before",
      (made) => {
        takeOver(made);
        made.corp.setAnchor(guidIn("CORP", "ada"), anchorOf("x"));
      },
      `drifted (anchor-changed), synced: the account holds ${anchorOf("x")}`,
    ],
    [
      "was taken over but for an address that another object has",
      (made) => {
        takeOver(made);
        const error = { category: "PropertyConflict", occurredAt: null, property: "ProxyAddress", value: null };
        made.tenant.provisioningErrors = new Map([[CLOUD_ID("ada"), [error]]]);
      },
      "sync-error (property-conflict), synced: PropertyConflict on ProxyAddress",
    ],
  ] as readonly (readonly [string, (made: Awaited<ReturnType<typeof planned>>) => void, string])[]) {
    test(`an account that ${title}: ${expected}`, async () => expect(await verdictsAfter(act)).toEqual([expected]));
  }
});

describe("a wait for sync after a run that wrote into AD", () => {
  test("ends when the last user is synced from its new account, and the record says so", async () => {
    const { apply, store, world, clock, tenant } = await planned(["ada", "ben"]);
    await apply();
    const coming = ["ada", "ben"];
    clock.onMove.push(() => {
      const name = coming.shift();
      if (name !== undefined) tenant.change(CLOUD_ID(name), { securityIdentifier: sid("CORP", name) });
    });
    const { end, looks, rows } = await followTakeover(store, world, new Map(), 3_600_000);
    expect([end, looks, rows.map(({ verdict }) => verdict)]).toEqual(["decided", 3, ["taken-over", "taken-over"]]);
    expect(listRunOutcomes(store).map(({ status, sync }) => [status, sync])).toEqual([
      ["taken-over", "matched"],
      ["taken-over", "matched"],
    ]);
  });

  test("says why where Entra refuses the new account", async () => {
    const { apply, store, world, tenant } = await planned(["ada"]);
    await apply();
    tenant.takeoverFacts = {
      ...tenant.takeoverFacts,
      objectIdentifiers: new Map([[CLOUD_ID("ada"), guidIn("OLD", "ada")]]),
    };
    const { rows } = await followTakeover(store, world, new Map(), 60_000);
    expect(rows.map(({ verdict, trouble, detail }) => [verdict, trouble, detail.split(":")[0]])).toEqual([
      ["sync-error", "takeover-refused", "target-object-identifier-set"],
    ]);
  });
});

test("an account that vanishes or is renamed while others are written is left alone, and called an account", async () => {
  const { apply, store, corp } = await planned(MOVING);
  corp.fate = (n) => {
    if (n === 1)
      corp.accounts = corp.accounts
        .filter(({ accountName }) => accountName !== "ben")
        .map((one) => (one.accountName === "cyd" ? { ...one, accountName: "cyd2" } : one));
    return "accepted";
  };
  await apply();
  expect(listRunOutcomes(store).map(({ status, message }) => [status, message])).toEqual([
    ["verified", null],
    ["drift", "the account no longer exists"],
    ["drift", "the account was renamed to CORP\\cyd2"],
  ]);
});

describe("rollback of a run that wrote into AD", () => {
  test("takes every value back from the record alone, on both sides, and is itself a run that can be taken back", async () => {
    const { apply, store, world, corp, tenant } = await planned();
    await apply();
    const { plan: back } = await planRollback(recordOf(store), null, world);
    expect(back.header.directories.map(({ domain }) => domain)).toEqual(["CORP", "OLD"]);
    expect(back.rows.map(({ side, action, userPrincipalName }) => `${side} ${action} ${userPrincipalName}`)).toEqual([
      ...MOVING.map((name) => `ad clear-consistency-guid ${name}@contoso.example`),
      "cloud clear dee@contoso.example",
    ]);
    const backStore = new MemoryRunStore(back);
    expect(await applyPlan(backStore, decide(back), world)).toBeNull();
    expect(anchorsOf(corp)).toEqual(UNMOVED);
    expect(tenant.valueOf(CLOUD_ID("dee"))).toBeNull();
    expect((await verifyRun(backStore, world)).map(({ verdict }) => verdict)).toEqual([
      "holds",
      "holds",
      "holds",
      "holds",
    ]);
    expect((await verifyRun(store, world)).map(({ verdict }) => verdict)).toEqual(Array(4).fill("rolled-back"));
    const { plan: forth } = await planRollback(recordOf(backStore), null, world);
    expect(await applyPlan(new MemoryRunStore(forth), decide(forth), world)).toBeNull();
    expect(anchorsOf(corp)).toEqual(MOVED);
  });

  test("leaves accounts alone that sync has taken in, that somebody has changed, or that are gone", async () => {
    const { apply, store, world, corp, tenant } = await planned();
    await apply();
    tenant.change(CLOUD_ID("ada"), { securityIdentifier: sid("CORP", "ada") });
    corp.setAnchor(guidIn("CORP", "ben"), anchorOf("somebody"));
    corp.accounts = corp.accounts.filter(({ accountName }) => accountName !== "cyd");
    const { plan } = await planRollback(recordOf(store), null, world);
    expect(plan.findings.map(({ code, detail }) => `${code}: ${detail}`)).toEqual([
      `rollback-taken-over: CORP\\ada holds ${anchorOf("ada", "OLD")}`,
      `rollback-drift: CORP\\ben holds ${anchorOf("somebody")}`,
      "rollback-drift: CORP\\cyd no longer exists",
    ]);
    expect(plan.changes.map(({ name }) => name)).toEqual(["dee@contoso.example"]);
  });

  test("is refused before its first write where an account may not be written any more, and names it", async () => {
    const { apply, store, world, corp, tenant } = await planned();
    await apply();
    const sent = [corp.written.length, tenant.ledger.length];
    const { plan: back } = await planRollback(recordOf(store), null, world);
    const backStore = new MemoryRunStore(back);
    corp.findWritable = async (guids) => guids.filter((guid) => guid !== guidIn("CORP", "ben"));
    await expect(applyPlan(backStore, decide(back), world)).rejects.toMatchObject({
      code: "directory",
      message: expect.stringContaining("may not write mS-DS-ConsistencyGuid of 1 account that this run writes"),
      details: ["CORP\\ben"],
      hint: expect.stringContaining("explain write-not-permitted"),
    });
    expect([corp.written.length, tenant.ledger.length]).toEqual(sent);
    expect([backStore.events, backStore.readDecisions()]).toEqual([[], null]);

    corp.accounts = corp.accounts.filter(({ accountName }) => accountName !== "ben");
    expect(await applyPlan(backStore, decide(back), world)).toBeNull();
    expect(statuses(backStore)).toEqual(["2 verified", "3 drift", "4 verified", "5 verified"]);
  });

  test("is refused where a domain has become a file, which is no matter of rights", async () => {
    const { apply, store, world, corp } = await planned();
    await apply();
    corp.source = EXPORT;
    corp.findWritable = async () => [];
    const { plan: back } = await planRollback(recordOf(store), null, world);
    await expect(applyPlan(new MemoryRunStore(back), decide(back), world)).rejects.toMatchObject({
      code: "input",
      message: expect.stringContaining("CORP is read from a file, corp.csv: nothing can be written to a file"),
    });
    expect(anchorsOf(corp)).toEqual(MOVED);
  });

  test("whoever reads through another domain controller than was written to is told what that one may not know yet", async () => {
    const { apply, store, world, corp } = await planned();
    const notes: string[] = [];
    const heard: World = { ...world, progress: { ...SILENT_PROGRESS, note: (text) => notes.push(text) } };
    await apply();
    const told = async (read: () => Promise<unknown>) => {
      await read();
      return notes.splice(0);
    };
    const resume = () => applyPlan(store, decide(store.readPlan()), heard);
    const readings = [() => planRollback(recordOf(store), null, heard), () => verifyRun(store, heard), resume];
    for (const read of readings) expect(await told(read)).toEqual([]);

    corp.server = "dc2.corp.contoso.example";
    for (const read of readings)
      expect(await told(read)).toEqual([
        expect.stringMatching(
          /^CORP: 3 accounts written through memory, and dc2\.corp\.contoso\.example answers now\./,
        ),
      ]);
  });

  test("an account that only another domain controller shows as before is no end of a rollback", async () => {
    const { apply, store, world, corp } = await planned();
    const before = corp.accounts;
    await apply();
    corp.server = "dc2.corp.contoso.example";
    corp.accounts = before;
    const { plan: back } = await planRollback(recordOf(store), null, world);
    expect(back.findings.map(({ code, rows }) => [code, rows])).toEqual(
      [2, 3, 4].map((row) => ["rollback-unconfirmed", [row]]),
    );
    expect(back.rows.map(({ settled }) => settled)).toEqual(["already", "already", "already", null]);
    expect(renderLeftAlone(findLeftAlone(back))).toContainEqual({
      style: "bad",
      text: "3 accounts seem to be set back already, but another domain controller was written to: roll back again when both have replicated",
    });
    const backStore = new MemoryRunStore(back);
    expect(await applyPlan(backStore, decide(back), world)).toBeNull();
    expect(exitCodeOfRun(back, listRunOutcomes(backStore))).toBe(EXIT_CODES.incomplete);
  });

  test("a resume of the way back looks at the accounts again and writes none twice", async () => {
    const { apply, store, world, corp } = await planned();
    await apply();
    const { plan: back } = await planRollback(recordOf(store), null, world);
    const backStore = new MemoryRunStore(back);
    await applyPlan(backStore, decide(back), world);
    const sent = corp.written.length;
    expect(await applyPlan(backStore, decide(back), world)).toBeNull();
    expect(corp.written.length).toBe(sent);
  });
});
