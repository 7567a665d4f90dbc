import { afterAll, expect, test } from "vitest";
import type { Guid } from "../../../src/core/guid.ts";
import type { TakeoverFacts } from "../../../src/core/takeover-facts.ts";
import { type RunningTenant, startSimulatedTenant, type TenantOptions } from "../../../src/sim/tenant/server.ts";
import { describeTenant, describeUser, type SimulatedTenant } from "../../../src/sim/tenant/world.ts";
import { collectUnhandled } from "../../support/unhandled-rejections.ts";
import { FACT_PERMISSIONS, openOn, USER_PERMISSIONS } from "./open-on.ts";
import { graphError, guid, NEVER, openRawTenant, sendJson, TENANT_ID } from "./raw-server.ts";

const GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10";
const REPORTS_READER = "4a5d8f65-41da-4de4-8968-e035b65339cf";
const CUSTOM = "c0570000-0000-4000-8000-000000000001";
const ADMINS = "20000000-0000-4000-8000-000000000020";

const idOf = (number: number): Guid => guid(`0a000000-0000-4000-8000-${String(number).padStart(12, "0")}`);
const idsOf = (count: number) => Array.from({ length: count }, (_, at) => idOf(at));
const [ADA, BEN, CYD] = [idOf(0), idOf(1), idOf(2)];

const role = (id: string, displayName: string, isPrivileged: boolean, isBuiltIn = true) => {
  return { id, templateId: id, displayName, isBuiltIn, isEnabled: true, isPrivileged };
};
const assign = (principalId: string, roleDefinitionId: string, directoryScopeId = "/") => {
  return {
    id: `${principalId} ${roleDefinitionId} ${directoryScopeId}`,
    principalId,
    roleDefinitionId,
    directoryScopeId,
  };
};
const group = (id: string, displayName: string, members: readonly string[], isAssignableToRole: boolean) => ({
  id,
  displayName,
  mail: `${displayName}@contoso.example`,
  proxyAddresses: [],
  isAssignableToRole,
  onPremisesSyncEnabled: null,
  onPremisesSecurityIdentifier: null,
  members: [...members],
  owners: [],
});

/** Ada is Global Administrator, Ben reads reports, Cyd has a custom role through a group and may become an admin. */
function world(named: Partial<SimulatedTenant> = {}, count = 3): SimulatedTenant {
  return describeTenant({
    id: TENANT_ID,
    users: idsOf(count).map((id, at) => describeUser({ id, userPrincipalName: `user${at}@contoso.example` })),
    groups: [group(ADMINS, "admins", [CYD], true)],
    roleDefinitions: [
      role(GLOBAL_ADMINISTRATOR, "Global Administrator", true),
      role(REPORTS_READER, "Reports Reader", false),
      role(CUSTOM, "Our own role", false, false),
    ],
    roleAssignments: [
      assign(ADA, GLOBAL_ADMINISTRATOR),
      assign(ADA, GLOBAL_ADMINISTRATOR, "/administrativeUnits/1"),
      assign(BEN, REPORTS_READER),
      assign(ADMINS, CUSTOM),
    ],
    roleEligibilities: [
      {
        ...assign(CYD, GLOBAL_ADMINISTRATOR),
        memberType: "Direct",
        startDateTime: "2026-01-01T00:00:00Z",
        endDateTime: null,
      },
    ],
    ...named,
  });
}

const started: RunningTenant[] = [];
afterAll(() => Promise.all(started.map((simulated) => simulated.close())));

async function start(options: TenantOptions = {}, tenant = world()) {
  const simulated = await startSimulatedTenant(tenant, {
    ...options,
    rules: { appOnlyReadsSyncFeatures: true, ...options.rules },
  });
  started.push(simulated);
  return simulated;
}

function open(simulated: RunningTenant, permissions: readonly string[] = FACT_PERMISSIONS) {
  let requests = 0;
  const token = simulated.mintToken({ roles: [...USER_PERMISSIONS, ...permissions] });
  const info = () => {
    requests += 1;
  };
  const log = { info, warn: () => undefined };
  const { tenant } = openOn(simulated, { token, log });
  return { tenant, countRequests: () => requests };
}

const rolesOf = (facts: TakeoverFacts) =>
  Array.from(facts.roles ?? [], ([id, holdings]) => [
    id,
    ...holdings.map(({ role, privileged, how, through }) => `${role} ${privileged} ${how} ${through ?? "own"}`),
  ]);

const refusals: {
  readonly path: string;
  readonly missing: (facts: TakeoverFacts) => unknown;
  readonly gap: RegExp;
  readonly permission: string;
}[] = [
  {
    path: "/domains",
    missing: ({ federatedDomains }) => federatedDomains,
    gap: /federated/,
    permission: "Domain.Read.All",
  },
  {
    path: "/directory/onPremisesSynchronization",
    missing: ({ features }) => features,
    gap: /blocks hard matches/,
    permission: "OnPremDirectorySynchronization.Read.All",
  },
  {
    path: "/roleManagement/directory/roleAssignments",
    missing: ({ roles }) => roles,
    gap: /privileged role/,
    permission: "RoleManagement.Read.Directory",
  },
  {
    path: "/users?$select=id,onPremisesObjectIdentifier",
    missing: ({ objectIdentifiers }) => objectIdentifiers,
    gap: /onPremisesObjectIdentifier/,
    permission: "User.Read.All",
  },
  {
    path: "onPremisesSyncBehavior",
    missing: ({ cloudManaged }) => cloudManaged,
    gap: /isCloudManaged/,
    permission: "User-OnPremisesSyncBehavior.ReadWrite.All",
  },
  {
    path: "/contacts",
    missing: ({ mailObjects }) => mailObjects?.find(({ kind }) => kind === "contact") ?? null,
    gap: /contact/,
    permission: "OrgContact.Read.All",
  },
  {
    path: "/groups?$select=id,displayName,mail",
    missing: ({ mailObjects }) => mailObjects?.find(({ kind }) => kind === "group") ?? null,
    gap: /group/,
    permission: "Group.Read.All",
  },
];

for (const { path, missing, gap, permission } of refusals) {
  for (const status of [400, 403, 404]) {
    test(`${path} answered by ${status} leaves one gap and stops nothing else`, async () => {
      const simulated = await start();
      simulated.addFault({ match: { pathIncludes: path }, action: { kind: "status", status, applied: false } });
      const facts = await open(simulated).tenant.readTakeoverFacts([ADA, BEN, CYD], NEVER);
      expect(missing(facts)).toBeNull();
      expect(facts.gaps).toEqual([
        { check: expect.stringMatching(gap), permission, reason: expect.stringContaining(String(status)) },
      ]);
    });
  }
  test(`${path} that stays broken ends the read with an error, not with a gap`, async () => {
    const simulated = await start();
    simulated.addFault({ match: { pathIncludes: path }, action: { kind: "status", status: 503, applied: false } });
    await expect(open(simulated).tenant.readTakeoverFacts([ADA, BEN, CYD], NEVER)).rejects.toMatchObject({
      code: "tenant",
    });
  });
}

test("roles are the user's own, eligible or through a group, each once for all its scopes", async () => {
  const facts = await open(await start()).tenant.readTakeoverFacts([ADA, BEN, CYD], NEVER);
  expect(facts.gaps).toEqual([]);
  expect(rolesOf(facts)).toEqual([
    [ADA, "Global Administrator true active own"],
    [BEN, "Reports Reader false active own"],
    [CYD, "Global Administrator true eligible own", "Our own role false active admins"],
  ]);
});

test("whoever may join a group that holds a role is eligible for it; whoever may only own it is not", async () => {
  const mayBecome = (principalId: Guid, accessId: "member" | "owner") => ({
    id: `${principalId} ${accessId}`,
    groupId: ADMINS,
    principalId,
    accessId,
    memberType: "direct" as const,
    startDateTime: "2026-01-01T00:00:00Z",
    endDateTime: null,
  });
  const groupEligibilities = [mayBecome(ADA, "owner"), mayBecome(BEN, "member")];
  const facts = await open(await start({}, world({ groupEligibilities }))).tenant.readTakeoverFacts([ADA, BEN], NEVER);
  expect(facts.gaps).toEqual([]);
  expect(rolesOf(facts)).toEqual([
    [ADA, "Global Administrator true active own"],
    [BEN, "Reports Reader false active own", "Our own role false eligible admins"],
  ]);
});

test("who may join such a group is not known without the permission, and then the roles are not complete", async () => {
  const permissions = FACT_PERMISSIONS.filter((permission) => !permission.startsWith("PrivilegedEligibility"));
  const facts = await open(await start(), permissions).tenant.readTakeoverFacts([BEN], NEVER);
  expect(facts.rolesAreComplete).toBe(false);
  expect(facts.gaps).toEqual([
    {
      check: "whether targets may join a group that holds a privileged role",
      permission: "PrivilegedEligibilitySchedule.Read.AzureADGroup",
      reason: expect.stringContaining("403"),
    },
  ]);
});

test("a tenant in which no group holds a role is not asked who may join one", async () => {
  const simulated = await start({}, world({ roleAssignments: [assign(ADA, GLOBAL_ADMINISTRATOR)] }));
  await open(simulated).tenant.readTakeoverFacts([ADA], NEVER);
  expect(
    Object.keys(simulated.ledger.requestCounts()).filter((request) => request.includes("privilegedAccess")),
  ).toEqual([]);
});

test("of those who stand in the way the roles are read, and nothing else", async () => {
  const simulated = await start();
  for (const id of [ADA, BEN, CYD]) simulated.changeUser(id, { onPremisesObjectIdentifier: id });
  const facts = await open(simulated).tenant.readTakeoverFacts([BEN], NEVER, [ADA, CYD]);
  expect(facts.rolesAreComplete).toBe(true);
  expect(rolesOf(facts).map(([user]) => user)).toEqual([ADA, BEN, CYD]);
  expect([...(facts.objectIdentifiers?.keys() ?? [])]).toEqual([BEN]);
});

test("roles without the eligible ones are not complete", async () => {
  const simulated = await start();
  simulated.addFault({
    match: { pathIncludes: "directory/roleEligibilityScheduleInstances" },
    action: { kind: "status", status: 403, applied: false },
  });
  expect((await open(simulated).tenant.readTakeoverFacts([BEN], NEVER)).rolesAreComplete).toBe(false);
});

test("without beta the list of privileged roles decides, custom roles count, and a gap names its date", async () => {
  const simulated = await start({ rules: { betaShowsUndeclared: false } });
  const facts = await open(simulated).tenant.readTakeoverFacts([ADA, BEN, CYD], NEVER);
  expect(rolesOf(facts)).toEqual([
    [ADA, "Global Administrator true active own"],
    [BEN, "Reports Reader false active own"],
    [CYD, "Global Administrator true eligible own", "Our own role true active admins"],
  ]);
  expect(facts.gaps.map(({ check, reason }) => `${check}: ${reason}`)).toEqual([
    expect.stringMatching(/which roles .* built-in list of \d{4}-\d\d was used/),
    expect.stringMatching(/onPremisesObjectIdentifier.*shows the property for nobody/),
  ]);
  expect(facts.objectIdentifiers).toBeNull();
});

test("a role that no definition names counts as privileged", async () => {
  const simulated = await start();
  simulated.addFault({
    match: { pathIncludes: "roleDefinitions" },
    action: { kind: "status", status: 403, applied: false },
  });
  const facts = await open(simulated).tenant.readTakeoverFacts([ADA, BEN], NEVER);
  expect(rolesOf(facts)).toEqual([
    [ADA, "Global Administrator true active own"],
    [BEN, `role ${REPORTS_READER} true active own`],
  ]);
});

test("a tenant without the licence for eligible roles still tells the active ones", async () => {
  const simulated = await start({ rules: { licensedForEligibility: false } });
  const facts = await open(simulated).tenant.readTakeoverFacts([ADA, BEN], NEVER);
  expect(rolesOf(facts)).toHaveLength(2);
  expect(facts.gaps).toEqual(
    [
      ["whether targets may activate a privileged role", "RoleEligibilitySchedule.Read.Directory"],
      [
        "whether targets may join a group that holds a privileged role",
        "PrivilegedEligibilitySchedule.Read.AzureADGroup",
      ],
    ].map(([check, permission]) => ({
      check,
      permission,
      reason: expect.stringContaining("AadPremiumLicenseRequired"),
    })),
  );
});

test("groups that cannot be read leave the users' own roles, and two gaps", async () => {
  const permissions = FACT_PERMISSIONS.filter((permission) => permission !== "Group.Read.All");
  const facts = await open(await start(), permissions).tenant.readTakeoverFacts([ADA, CYD], NEVER);
  expect(rolesOf(facts)).toEqual([
    [ADA, "Global Administrator true active own"],
    [CYD, "Global Administrator true eligible own"],
  ]);
  expect(facts.gaps.map(({ permission }) => permission)).toEqual(["Group.Read.All", "Group.Read.All"]);
  expect(facts.mailObjects).toEqual([]);
});

test("sync features are out of reach of an app-only token where the tenant keeps to the documents", async () => {
  const simulated = await start({ rules: { appOnlyReadsSyncFeatures: false } });
  const facts = await open(simulated).tenant.readTakeoverFacts([ADA], NEVER);
  expect(facts.features).toBeNull();
  expect(facts.gaps.map(({ permission }) => permission)).toEqual(["OnPremDirectorySynchronization.Read.All"]);
});

test("groups and members are read from their first page to their last", async () => {
  const everybody = idsOf(1200);
  const crowd = Array.from({ length: 1100 }, (_, at) =>
    group(`91000000-0000-4000-8000-${at}`, `group${at}`, [], false),
  );
  const tenant = world({ groups: [...crowd, group(ADMINS, "admins", everybody, true)] }, 1200);
  const facts = await open(await start({}, tenant)).tenant.readTakeoverFacts([idOf(1199)], NEVER);
  expect(rolesOf(facts)).toEqual([[idOf(1199), "Our own role false active admins"]]);
  expect(facts.mailObjects).toHaveLength(1101);
});

test("a user who is gone has no facts, and hides nobody else's", async () => {
  const simulated = await start();
  simulated.changeUser(BEN, { isCloudManaged: true, onPremisesObjectIdentifier: ADA });
  const facts = await open(simulated).tenant.readTakeoverFacts([idOf(77), BEN], NEVER);
  expect(facts.cloudManaged).toEqual(new Set([BEN]));
  expect(facts.objectIdentifiers).toEqual(new Map([[BEN, ADA]]));
  expect(facts.gaps).toEqual([]);
});

test("who is managed in the cloud is asked once when it is refused", async () => {
  const permissions = FACT_PERMISSIONS.filter((permission) => !permission.startsWith("User-OnPremises"));
  const simulated = await start({}, world({}, 200));
  await open(simulated, permissions).tenant.readTakeoverFacts(idsOf(200), NEVER);
  expect(simulated.ledger.requestCounts()["GET /users/{key}/onPremisesSyncBehavior"]).toBe(1);
});

const sizes = [
  { targets: 250, users: 250, requests: 17 },
  { targets: 250, users: 3000, requests: 17 },
  { targets: 1000, users: 1000, requests: 56 },
];
for (const { targets, users, requests } of sizes) {
  test(`the facts of ${targets} targets among ${users} users take ${requests} requests`, async () => {
    const simulated = await start({}, world({}, users));
    const { tenant, countRequests } = open(simulated);
    for (const id of idsOf(targets + 1)) simulated.changeUser(id, { onPremisesObjectIdentifier: id });
    const facts = await tenant.readTakeoverFacts(idsOf(targets), NEVER);
    expect(facts.gaps).toEqual([]);
    expect(facts.objectIdentifiers?.size).toBe(targets);
    expect(countRequests()).toBe(requests);
  });
}

test("users who were counted already are not counted again", async () => {
  const simulated = await start({}, world({}, 1000));
  const { tenant, countRequests } = open(simulated);
  const groups = (async function* () {
    yield idsOf(1000);
  })();
  await tenant.readTakeoverFacts({ atMost: 1000, users: 1000, groups }, NEVER);
  expect(simulated.ledger.requestCounts()["GET /users/$count"]).toBeUndefined();
  expect(countRequests()).toBe(55);
});

test("a page that Graph did not send is no refusal", async () => {
  await using raw = await openRawTenant((response, { body }) => {
    const { requests }: { requests: { id: string }[] } = JSON.parse(body);
    sendJson(response, 200, { responses: requests.map(({ id }) => ({ id, status: 404, body: "<html>" })) });
  });
  await expect(raw.tenant.readTakeoverFacts([ADA], NEVER)).rejects.toMatchObject({ code: "tenant" });
});

test("a list that leads to another host is not followed", async () => {
  await using raw = await openRawTenant((response, { body }) => {
    const { requests }: { requests: { id: string; url: string }[] } = JSON.parse(body);
    const next = "https://elsewhere.example/v1.0/domains?$skiptoken=2";
    const answer = ({ id, url }: { id: string; url: string }) =>
      url.startsWith("/domains")
        ? { id, status: 200, body: { value: [], "@odata.nextLink": next } }
        : { id, status: 403, body: graphError("Authorization_RequestDenied") };
    sendJson(response, 200, { responses: requests.map(answer) });
  });
  await expect(raw.tenant.readTakeoverFacts([ADA], NEVER)).rejects.toThrow("https://elsewhere.example");
  // The facts of the tenant and the identifiers, asked for at once.
  expect(raw.seen.map(({ url }) => url).toSorted()).toEqual(["/beta/$batch", "/v1.0/$batch"]);
});

test("managers that may not be read are a gap with its permission", async () => {
  const refused = await openRawTenant((response, request) => {
    const ids = request.url.endsWith("/$batch")
      ? JSON.parse(request.body).requests.map(({ id }: { id: string }) => id)
      : [];
    const body = graphError("Authorization_RequestDenied");
    sendJson(response, 200, { responses: ids.map((id: string) => ({ id, status: 403, headers: {}, body })) });
  });
  await using _ = refused;
  const { present, gap } = await refused.tenant.readManagers([ADA, BEN], NEVER);
  expect([present.size, gap?.permission, gap?.check]).toEqual([
    0,
    "User.Read.All",
    expect.stringMatching(/^who the managers/),
  ]);
});

test("where the users cannot be read, the count that is still under way is stopped and breaks nothing", async () => {
  await using raw = await openRawTenant(() => undefined); // answers nothing
  const groups = (async function* (): AsyncGenerator<Guid[]> {
    yield* [];
    await expect.poll(() => raw.seen.length).toBe(1);
    throw new Error("the users cannot be read");
  })();
  const { error, unhandled } = await collectUnhandled(raw.tenant.readTakeoverFacts({ atMost: 10_000, groups }, NEVER));
  expect(error).toMatchObject({ message: "the users cannot be read" });
  expect(raw.seen.map(({ url }) => url)).toEqual(["/v1.0/users/$count"]);
  expect(unhandled).toEqual([]);
});
