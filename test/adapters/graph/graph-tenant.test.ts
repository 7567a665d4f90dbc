import { expect, test } from "vitest";
import { openAccessTokens } from "../../../src/adapters/graph/auth.ts";
import { openGraphTenant } from "../../../src/adapters/graph/graph-tenant.ts";
import type { Guid } from "../../../src/core/guid.ts";
import type { Log } from "../../../src/ports/log.ts";
import { type RunningTenant, startSimulatedTenant } from "../../../src/sim/tenant/server.ts";
import { describeUser, describeTenant as describeWorld } from "../../../src/sim/tenant/world.ts";
import { describeTenant, type PlacedUser } from "../../conformance/tenant.ts";
import { createFixedChance, createJumpingClock, REQUEST_TIMEOUT_SECONDS } from "./jumping-clock.ts";
import { ADA, BEN, guid, NEVER, TENANT_ID } from "./raw-server.ts";

const PERMISSIONS = ["User.ReadWrite.All", "User.Read.All", "Organization.Read.All"];

/** Opens the production adapter on a simulated tenant. */
function openOn(
  simulated: RunningTenant,
  options: {
    readonly tenantId?: Guid | null;
    readonly tenantName?: string;
    readonly token?: string;
    readonly log?: Log;
  } = {},
) {
  const clock = createJumpingClock();
  const { tenantId = guid(simulated.tenantId), tenantName = simulated.tenantId } = options;
  const token = options.token ?? simulated.mintToken({ roles: PERMISSIONS });
  const credential = openAccessTokens(
    { method: "access-token", token: () => token },
    { tenantName, cloud: "global", show: () => undefined },
    clock,
  );
  const tenant = openGraphTenant(
    {
      tenantId,
      tenantName,
      cloud: "global",
      endpoint: simulated.endpoint,
      limits: { writes: 3000, windowSeconds: 150, inFlight: 16, requestTimeoutSeconds: REQUEST_TIMEOUT_SECONDS },
      credential,
    },
    {
      clock,
      chance: createFixedChance(),
      log: options.log ?? { info: () => undefined, warn: () => undefined },
      progress: { begin: () => ({ advance: () => undefined, end: () => undefined }), note: () => undefined },
    },
  );
  return { tenant, clock };
}

const toWorld = ({ id, userPrincipalName, immutableId, syncEnabled }: PlacedUser) =>
  describeUser({ id, userPrincipalName, onPremisesImmutableId: immutableId, onPremisesSyncEnabled: syncEnabled });

describeTenant("Graph on a simulated tenant", async ({ tenantId, users, deletedUsers }) => {
  const simulated = await startSimulatedTenant(
    describeWorld({
      id: tenantId,
      users: users.map(toWorld),
      deletedUsers: deletedUsers.map((user) => ({ ...toWorld(user), deletedDateTime: "2026-11-20T08:00:00Z" })),
    }),
  );
  const { tenant } = openOn(simulated);
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

test("a tenant that does not own the configured domain name is refused", () =>
  withWorld(async (simulated) => {
    const { tenant } = openOn(simulated, { tenantId: null, tenantName: "fabrikam.example" });
    await expect(tenant.identify(NEVER)).rejects.toThrow("the configuration names fabrikam.example");
  }));

test("a read without the permission names the permission and never the token", () =>
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
