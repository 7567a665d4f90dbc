/** Plans a company's mapping with the real adapters against its simulations, in this process and without a file. */
import { createHash } from "node:crypto";
import { openGraphTenant } from "../../../src/adapters/graph/graph-tenant.ts";
import { openLdapDirectory } from "../../../src/adapters/ldap/ldap-directory.ts";
import { systemChance, systemClock } from "../../../src/adapters/system/system-clock.ts";
import { HOLDER_ACTIONS, type HolderAction } from "../../../src/core/mapping.ts";
import type { Plan } from "../../../src/core/plan.ts";
import { planBatch } from "../../../src/pipeline.ts";
import type { Log } from "../../../src/ports/log.ts";
import { SILENT_PROGRESS } from "../../../src/ports/progress.ts";
import { type Company, SERVICE_ACCOUNT } from "../../../src/sim/company/company.ts";
import { APPLICATION_ROLES, PERMISSIONS, RULES } from "../../../src/sim/demo/simulation.ts";
import { startSimulatedDirectory } from "../../../src/sim/directory/server.ts";
import { startSimulatedTenant } from "../../../src/sim/tenant/server.ts";
import { FLOWS } from "../../support/facts.ts";

const silentLog: Log = { info: () => undefined, warn: () => undefined };

export type PlanningOptions = {
  readonly replace: boolean;
  readonly allow?: readonly HolderAction[];
  /** What the token may; everything unless told. */
  readonly permissions?: readonly string[];
};

export async function planCompany(
  company: Company,
  { replace, allow = [], permissions = PERMISSIONS }: PlanningOptions,
): Promise<Plan> {
  const servers = await Promise.all(
    company.domains.map((domain) => startSimulatedDirectory(domain, { foldAccents: true })),
  );
  const simulatedTenant = await startSimulatedTenant(company.tenant, { rules: RULES });
  const directories = company.domains.map(({ netbiosName, dnsName }, index) =>
    openLdapDirectory({
      domain: netbiosName,
      urls: [servers[index]?.url ?? ""],
      startTls: false,
      baseDn: null,
      ca: null,
      serverName: null,
      signIn: {
        method: "simple",
        bindDn: `${SERVICE_ACCOUNT.name}@${dnsName}`,
        password: () => Promise.resolve(SERVICE_ACCOUNT.password),
      },
      connectTimeoutMs: 10_000,
      operationTimeoutMs: 30_000,
    }),
  );
  const token = simulatedTenant.mintToken({ roles: permissions, directoryRoles: APPLICATION_ROLES });
  const tenant = openGraphTenant(
    {
      tenantId: null,
      tenantName: "contoso.example",
      cloud: "global",
      endpoint: simulatedTenant.endpoint,
      limits: { writes: 3_000, windowSeconds: 150, inFlight: 16, requestTimeoutSeconds: 60 },
      credential: {
        token: () => Promise.resolve(token),
        renew: () => Promise.reject(new Error("the simulated tenant refused its own token")),
        expiresAt: () => null,
        close: () => undefined,
      },
    },
    { clock: systemClock, chance: systemChance, log: silentLog, progress: SILENT_PROGRESS },
  );
  const never = new AbortController().signal;
  const { columns, rows } = company.mapping;
  const request = {
    mapping: { name: "example", extraColumns: columns.slice(4) },
    mappings: rows.map(([cell = "", domain = "", upn = "", cellOfConflict = "", ...extra], index) => {
      const [prefix, account = cell] = cell.includes("\\") ? cell.split("\\") : [undefined, cell];
      return {
        row: index + 2,
        account,
        domain: prefix ?? (domain || null),
        upn,
        onConflict: readActions(cellOfConflict),
        writeTo: null,
        extra,
      };
    }),
    options: {
      anchor: "auto",
      sourceKey: "sAMAccountName",
      replace,
      limit: null,
      onConflict: [],
      allow,
      writeTo: "cloud",
      acceptedIdentityMismatch: null,
    },
  } as const;
  try {
    const { plan } = await planBatch(request, {
      directories,
      forests: [],
      tenant,
      clock: systemClock,
      chance: systemChance,
      flows: FLOWS,
      digest: (text: Iterable<string>) =>
        Array.from(text)
          .reduce((hash, part) => hash.update(part), createHash("sha256"))
          .digest("hex"),
      log: silentLog,
      progress: SILENT_PROGRESS,
      limits: { inFlight: 16, settleMs: 10_000, quarantineMs: 180_000 },
      stop: { drain: never, abort: never },
    });
    return plan;
  } finally {
    await Promise.all([...directories, tenant, ...servers, simulatedTenant].map((each) => each.close()));
  }
}

function readActions(cell: string): HolderAction[] {
  const words = cell.split("+");
  return HOLDER_ACTIONS.filter((action) => words.includes(action));
}
