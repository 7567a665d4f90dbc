import { expect, test } from "vitest";
import type { Log } from "../../../src/ports/log.ts";
import { type RunningTenant, startSimulatedTenant } from "../../../src/sim/tenant/server.ts";
import { describeUser, describeTenant as describeWorld } from "../../../src/sim/tenant/world.ts";
import { describeTenant, type PlacedUser } from "../../conformance/tenant.ts";
import { FACT_PERMISSIONS, openOn, PLAIN_FACTS, USER_PERMISSIONS } from "./open-on.ts";
import { ADA, BEN, NEVER, TENANT_ID } from "./raw-server.ts";

const toWorld = (user: PlacedUser) =>
  describeUser({
    id: user.id,
    userPrincipalName: user.userPrincipalName,
    onPremisesImmutableId: user.immutableId,
    onPremisesSyncEnabled: user.syncEnabled,
    mail: user.mail ?? null,
    proxyAddresses: [...(user.proxyAddresses ?? [])],
    onPremisesSecurityIdentifier: user.securityIdentifier ?? null,
    onPremisesObjectIdentifier: user.objectIdentifier ?? null,
    isCloudManaged: user.cloudManaged ?? false,
    managerId: user.manager ?? null,
    onPremisesProvisioningErrors: (user.provisioningErrors ?? []).map(({ category, occurredAt, property, value }) => ({
      category,
      occurredDateTime: occurredAt ?? "",
      propertyCausingError: property ?? "",
      value: value ?? "",
    })),
  });

describeTenant("Graph on a simulated tenant", async (population, access) => {
  const { tenantId, users, deletedUsers, federatedDomain, roles, groups, contacts, switchedOn } = population;
  const names = Array.from(new Set(roles.map(({ role }) => role)));
  const held = (how: string) =>
    roles
      .filter((placed) => placed.how === how)
      .map(({ role, holder }, at) => ({
        id: `${how}-${at}`,
        principalId: holder,
        roleDefinitionId: `role-${names.indexOf(role)}`,
        directoryScopeId: "/",
      }));
  const basis = describeWorld();
  const simulated = await startSimulatedTenant(
    describeWorld({
      id: tenantId,
      users: users.map(toWorld),
      deletedUsers: deletedUsers.map((user) => ({
        ...toWorld(user),
        userPrincipalName: `${user.id.replaceAll("-", "")}${user.userPrincipalName}`,
        deletedDateTime: "2026-11-20T08:00:00Z",
      })),
      domains: [
        ...basis.domains,
        { id: federatedDomain, authenticationType: "Federated", isInitial: false, isDefault: false, isVerified: true },
      ],
      syncFeatures: Object.fromEntries(switchedOn.map((feature) => [feature, true])),
      roleDefinitions: names.map((displayName, at) => ({
        id: `role-${at}`,
        templateId: `role-${at}`,
        displayName,
        isBuiltIn: true,
        isEnabled: true,
        isPrivileged: roles.some(({ role, privileged }) => role === displayName && privileged),
      })),
      roleAssignments: held("active"),
      roleEligibilities: held("eligible").map((eligibility) => ({
        ...eligibility,
        memberType: "Direct",
        startDateTime: "2026-01-01T00:00:00Z",
        endDateTime: null,
      })),
      groupEligibilities: groups.flatMap(({ id: groupId, mayJoin = [] }) =>
        mayJoin.map((principalId) => ({
          id: `${groupId} ${principalId}`,
          groupId,
          principalId,
          accessId: "member" as const,
          memberType: "direct" as const,
          startDateTime: "2026-01-01T00:00:00Z",
          endDateTime: null,
        })),
      ),
      groups: groups.map(({ id, name, mail, proxyAddresses, mayHoldRoles, members }) => ({
        id,
        displayName: name,
        mail,
        proxyAddresses: [...proxyAddresses],
        isAssignableToRole: mayHoldRoles,
        onPremisesSyncEnabled: null,
        onPremisesSecurityIdentifier: null,
        members: [...members],
        owners: [],
      })),
      contacts: contacts.map(({ id, name, mail }) => ({
        id,
        displayName: name,
        mail,
        proxyAddresses: [],
        onPremisesSyncEnabled: null,
      })),
    }),
  );
  // Delegated: an app-only token may not read the sync features.
  const scopes = access === "all" ? [...USER_PERMISSIONS, ...FACT_PERMISSIONS] : [...USER_PERMISSIONS, ...PLAIN_FACTS];
  const token = simulated.mintToken({ scopes, directoryRoles: ["Global Administrator"] });
  const { tenant } = openOn(simulated, { token });
  return {
    tenant,
    async close() {
      await tenant.close();
      await simulated.close();
    },
  };
});

async function withWorld(use: (simulated: RunningTenant) => Promise<void>): Promise<void> {
  const simulated = await startSimulatedTenant(
    describeWorld({
      id: TENANT_ID,
      users: [
        describeUser({ id: ADA, userPrincipalName: "ada@contoso.example" }),
        describeUser({
          id: BEN,
          userPrincipalName: "ben@contoso.example",
          onPremisesImmutableId: "1eLWKGhjWk22cdUrMBcmgA==",
        }),
      ],
    }),
  );
  try {
    await use(simulated);
  } finally {
    await simulated.close();
  }
}

test("a tenant that is configured by a domain name is identified by its GUID, in any case of the name", () =>
  withWorld(async (simulated) => {
    const { tenant } = openOn(simulated, { tenantId: null, tenantName: "Contoso.Example" });
    const identity = await tenant.identify(NEVER);
    expect(identity.tenantId).toBe(TENANT_ID);
    expect(Date.parse(identity.tokenExpiresAt ?? "")).toBeGreaterThan(Date.now());
  }));

test("C30: a tenant that does not own the configured domain name is refused", () =>
  withWorld(async (simulated) => {
    const { tenant } = openOn(simulated, { tenantId: null, tenantName: "fabrikam.example" });
    await expect(tenant.identify(NEVER)).rejects.toThrow("the configuration names fabrikam.example");
  }));

test("C30: a read without the permission names the permission and never the token", () =>
  withWorld(async (simulated) => {
    const token = simulated.mintToken({ roles: [] });
    const said: unknown[] = [];
    const log: Log = { info: (...words) => said.push(words), warn: (...words) => said.push(words) };
    const { tenant } = openOn(simulated, { token, log });
    const error: unknown = await tenant
      .findUsersByName(["ada@contoso.example"], NEVER)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "tenant", hint: expect.stringContaining("User.Read.All") });
    expect(said).not.toEqual([]);
    const everything = JSON.stringify([said, error]) + String(error) + (error instanceof Error ? error.stack : "");
    expect(everything).not.toContain(token.split(".")[2]);
  }));

test("writes whose answers were lost are sent once, applied or not", () =>
  withWorld(async (simulated) => {
    for (const applied of [true, false]) {
      for (const action of [
        { kind: "reset", applied },
        { kind: "cut-body", applied },
        { kind: "status", status: 504, applied },
        { kind: "status", status: 503, applied },
      ] as const) {
        simulated.clearFaults();
        simulated.addFault({ match: { method: "PATCH" }, action });
        const { tenant } = openOn(simulated);
        const before = simulated.ledger.entries.length;
        const answer = await tenant.writeValue({ objectId: ADA, after: "x1" }, crypto.randomUUID(), NEVER);
        expect(answer.meaning).toBe("undecided");
        expect(simulated.ledger.entries.length - before).toBeLessThanOrEqual(1);
      }
    }
  }));
