/** The simulated sync engine: whom it takes over, whom it makes instead, and what it refuses. */
import { describe, expect, test } from "vitest";
import type { SimulatedDomain } from "../../../src/sim/directory/world.ts";
import { SyncService } from "../../../src/sim/sync/sync-service.ts";
import { createClock } from "../../../src/sim/tenant/clock.ts";
import { TenantStore } from "../../../src/sim/tenant/store.ts";
import {
  describeTenant,
  describeUser,
  type SimulatedTenant,
  type SimulatedUser,
} from "../../../src/sim/tenant/world.ts";
import { AD_GUID, bytesOf, CLOUD_ID, guidFor, idOf } from "../../support/facts.ts";
import { describeDomain, describeEntry } from "../../support/small-company.ts";

type Scene = {
  readonly user?: Partial<SimulatedUser>;
  readonly others?: readonly SimulatedUser[];
  readonly tenant?: Partial<SimulatedTenant>;
  /** AD's view of Ada beside her ordinary entry. */
  readonly entry?: Readonly<Record<string, string[]>>;
  /** Ordinary accounts beside Ada's. */
  readonly colleagues?: readonly string[];
};

const UPN = "ada@contoso.example";
const entryOf = (attributes: Scene["entry"] = {}) => {
  const entry = describeEntry("ada");
  return { ...entry, attributes: { ...entry.attributes, userPrincipalName: [UPN], ...attributes } };
};

function sceneOf({ user = {}, others = [], tenant = {}, entry, colleagues = [] }: Scene = {}) {
  const ada = describeUser({
    id: CLOUD_ID("ada"),
    userPrincipalName: UPN,
    onPremisesImmutableId: idOf("ada"),
    ...user,
  });
  let nowMs = 0;
  const timers: { atMs: number; run: () => void }[] = [];
  const clock = createClock({
    now: () => nowMs,
    schedule: (run, waitMs) => {
      timers.push({ atMs: nowMs + waitMs, run });
      return () => undefined;
    },
    wallStartMs: Date.UTC(2026, 10, 22, 2, 0, 0),
  });
  const store = new TenantStore(describeTenant({ users: [ada, ...others], ...tenant }), () => nowMs);
  let domain: SimulatedDomain = describeDomain([entryOf(entry), ...colleagues.map((name) => describeEntry(name))]);
  const sync = new SyncService({ domains: [() => domain], kind: "cloud-sync", cycleMs: 1_000 }, store, clock);
  return {
    store,
    sync,
    changeEntry: (attributes: Scene["entry"], binary: Readonly<Record<string, string[]>> = {}) => {
      const changed = entryOf(attributes);
      domain = describeDomain([{ ...changed, binary: { ...changed.binary, ...binary } }]);
    },
    passTime: (ms: number) => {
      nowMs += ms;
      for (const timer of timers.splice(0).filter(({ atMs, run }) => (atMs <= nowMs ? run() : true)))
        timers.push(timer);
    },
    ada: () => store.findUser(CLOUD_ID("ada")),
    cycle: () => {
      sync.runNow();
      return sync.results().get("ada");
    },
  };
}

const ROLE = {
  roleDefinitions: [
    {
      id: "r",
      templateId: "r",
      displayName: "Global Administrator",
      isBuiltIn: true,
      isEnabled: true,
      isPrivileged: true,
    },
  ],
  roleAssignments: [{ id: "a", principalId: CLOUD_ID("ada"), roleDefinitionId: "r", directoryScopeId: "/" }],
};
const FEATURE = (name: string) => ({ syncFeatures: { [name]: true } });
const BLOCKS = "blockCloudObjectTakeoverThroughHardMatchEnabled";
const FOREIGN = guidFor("somebody else's account");

describe("an account that is new to the engine", () => {
  for (const [title, scene, kind] of [
    ["takes over the user that holds its anchor", {}, "matched"],
    [
      "takes over a user with the same objectGUID set",
      { user: { onPremisesObjectIdentifier: AD_GUID("ada") } },
      "matched",
    ],
    ["soft matches a user without an anchor by its UPN", { user: { onPremisesImmutableId: null } }, "soft-matched"],
    ["makes another object beside a user with another anchor", { user: { onPremisesImmutableId: "other" } }, "made"],
    ["compares anchors letter by letter", { user: { onPremisesImmutableId: idOf("ada").toLowerCase() } }, "made"],
  ] as const satisfies readonly (readonly [string, Scene, string])[]) {
    test(title, () => expect(sceneOf(scene).cycle()?.kind).toBe(kind));
  }

  for (const [title, scene, code] of [
    ["a user with a privileged role", { tenant: ROLE }, "InvalidHardMatch"],
    ["anybody where the tenant blocks it", { tenant: FEATURE(BLOCKS) }, "InvalidHardMatch"],
    ["a user with another objectGUID", { user: { onPremisesObjectIdentifier: FOREIGN } }, "AttributeUpdateNotAllowed"],
    ["a user whose source of authority is the cloud", { user: { isCloudManaged: true } }, "CloudManaged"],
    [
      "a user that is synced by another account",
      { user: { onPremisesSyncEnabled: true } },
      "AttributeValueMustBeUnique",
    ],
    [
      "a user without an anchor where soft match is blocked",
      { user: { onPremisesImmutableId: null }, tenant: FEATURE("blockSoftMatchEnabled") },
      "InvalidSoftMatch",
    ],
  ] as const satisfies readonly (readonly [string, Scene, string])[]) {
    test(`is refused ${title}, and leaves it as it was`, () => {
      const played = sceneOf(scene);
      const before = structuredClone(played.ada());
      expect(played.cycle()).toMatchObject({ kind: "refused", error: { code } });
      expect(played.ada()).toEqual(before);
    });
  }

  test("writes what AD has over the user, and says who owns it now", () => {
    const scene = sceneOf({
      user: { displayName: "Old", mail: "old@contoso.example" },
      entry: { displayName: ["Ada K"] },
    });
    scene.cycle();
    expect(scene.ada()).toMatchObject({
      id: CLOUD_ID("ada"),
      displayName: "Ada K",
      mail: UPN,
      onPremisesSyncEnabled: true,
      onPremisesImmutableId: idOf("ada"),
      onPremisesSamAccountName: "ada",
      onPremisesDomainName: "corp.contoso.example",
      onPremisesLastSyncDateTime: "2026-11-22T02:00:00Z",
      onPremisesObjectIdentifier: AD_GUID("ada"),
      onPremisesProvisioningErrors: [],
    });
    expect(scene.store.world.onPremisesLastSyncDateTime).toBe("2026-11-22T02:00:00Z");
  });

  test("gets a UPN with four digits in the first domain where its own is taken, and an error that says so", () => {
    const scene = sceneOf({ user: { onPremisesImmutableId: "other" } });
    const result = scene.cycle();
    const made = scene.store.findUser(result?.kind === "made" ? result.userId : "");
    expect(made?.userPrincipalName).toMatch(/^ada[0-9]{4}@contoso\.onmicrosoft\.example$/);
    expect(made?.onPremisesProvisioningErrors).toMatchObject([
      { category: "PropertyConflict", propertyCausingError: "UserPrincipalName", value: UPN },
    ]);
    expect(scene.ada()?.onPremisesSyncEnabled).toBeNull();
  });

  test("keeps an address back that another object has, and matches all the same", () => {
    const other = describeUser({ id: guidFor("info"), userPrincipalName: "info@contoso.example" });
    const scene = sceneOf({
      others: [{ ...other, proxyAddresses: ["smtp:INFO@contoso.example"] }],
      entry: { proxyAddresses: [`SMTP:${UPN}`, "smtp:info@contoso.example"] },
    });
    expect(scene.cycle()?.kind).toBe("matched");
    expect(scene.ada()).toMatchObject({
      proxyAddresses: [`SMTP:${UPN}`],
      onPremisesProvisioningErrors: [{ propertyCausingError: "ProxyAddresses", value: "smtp:info@contoso.example" }],
    });
  });

  test("revives a deleted user that holds its anchor", () => {
    const scene = sceneOf();
    scene.store.deleteUser(CLOUD_ID("ada"), Date.UTC(2026, 10, 21));
    expect(scene.cycle()?.kind).toBe("revived");
    expect(scene.ada()).toMatchObject({ userPrincipalName: UPN, onPremisesSyncEnabled: true });
  });
});

describe("an account that the engine has joined", () => {
  test("is exported again and never matched anew", () => {
    const scene = sceneOf();
    scene.cycle();
    scene.changeEntry({ displayName: ["Ada L"] });
    expect(scene.cycle()).toEqual({ kind: "updated", userId: CLOUD_ID("ada") });
    expect(scene.ada()?.displayName).toBe("Ada L");
  });

  test("is refused when its anchor has changed since", () => {
    const scene = sceneOf();
    scene.cycle();
    scene.changeEntry({}, { "mS-DS-ConsistencyGuid": [Buffer.from(bytesOf(FOREIGN)).toString("base64")] });
    expect(scene.cycle()).toMatchObject({ kind: "refused", error: { code: "SourceAnchorChanged" } });
  });
});

test("a manager becomes the user that the manager's account is joined with, and one that sync does not know stays away", () => {
  const lead = CLOUD_ID("lead");
  const leader = describeUser({
    id: lead,
    userPrincipalName: "lead@contoso.example",
    onPremisesImmutableId: idOf("lead"),
  });
  const { dn } = describeEntry("lead");
  const scene = sceneOf({ others: [leader], entry: { manager: [dn.toUpperCase()] }, colleagues: ["lead"] });
  scene.cycle();
  expect(scene.ada()?.managerId).toBe(lead);
  const alone = sceneOf({ others: [leader], entry: { manager: [dn] } });
  alone.cycle();
  expect(alone.ada()?.managerId).toBeNull();
});

test("an account out of scope is left alone", () => {
  const scene = sceneOf();
  scene.sync.scope = ["OU=Others,DC=corp,DC=contoso,DC=example"];
  expect(scene.cycle()).toBeUndefined();
  expect(scene.ada()?.onPremisesSyncEnabled).toBeNull();
});

test("a cycle takes effect at its end, and another one cannot begin meanwhile", () => {
  const scene = sceneOf();
  expect([scene.sync.start(), scene.sync.start(), scene.sync.isRunning]).toEqual([true, false, true]);
  scene.passTime(999);
  expect(scene.ada()?.onPremisesSyncEnabled).toBeNull();
  scene.passTime(1);
  expect([scene.ada()?.onPremisesSyncEnabled, scene.sync.isRunning]).toEqual([true, false]);
});

test("five requests on demand are granted in ten seconds", () => {
  const scene = sceneOf();
  expect(Array.from({ length: 6 }, () => scene.sync.admitOnDemand())).toEqual([0, 0, 0, 0, 0, 10_000]);
  scene.passTime(10_000);
  expect(scene.sync.admitOnDemand()).toBe(0);
});
