/**
 * A company on its cutover night: 300 people with an AD account and a cloud user each, a Cloud Sync that is paused until
 * the run is written, and five of them whose takeover goes wrong, each in a way of its own.
 */
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { guidToBytes } from "../../src/core/guid.ts";
import { makeCleanCompany } from "../../src/sim/company/company.ts";
import { writeMappingCsv } from "../../src/sim/company/mapping-csv.ts";
import { writeProgramFolder } from "../../src/sim/demo/program-folder.ts";
import { startSimulation } from "../../src/sim/demo/simulation.ts";
import type { SyncSettings } from "../../src/sim/sync/sync-service.ts";
import type { ClockOptions } from "../../src/sim/tenant/clock.ts";
import { describeUser } from "../../src/sim/tenant/world.ts";
import { guidFor } from "./facts.ts";

export const PEOPLE = 300;
const START_ISO = "2026-11-20T01:00:00Z";
const INFO_ADDRESS = "smtp:info@contoso.example";
type CompanyOptions = {
  readonly people?: number;
  readonly time?: ClockOptions;
  readonly sync?: Omit<SyncSettings, "domains">;
  readonly requestTimeoutSeconds?: number;
};

export type CutoverCompany = Awaited<ReturnType<typeof startCutoverCompany>>;

export async function startCutoverCompany({
  people = PEOPLE,
  time = {},
  sync = { kind: "cloud-sync", cycleMs: 20_000, everyMs: 120_000 },
  requestTimeoutSeconds = 10,
}: CompanyOptions = {}) {
  const company = makeCleanCompany(7, people);
  const info = describeUser({ id: guidFor("info"), userPrincipalName: "info@contoso.example" });
  const simulation = await startSimulation(
    {
      domains: company.domains,
      tenant: {
        ...company.tenant,
        id: randomUUID(),
        onPremisesLastSyncDateTime: START_ISO,
        users: [...company.tenant.users, { ...info, proxyAddresses: [INFO_ADDRESS] }],
      },
      sync,
    },
    time,
  );
  const { directories, servers, tenant, token, close } = simulation;
  const engine = tenant.sync;
  if (engine === null) throw new Error("the tenant has no sync engine");
  for (const job of engine.jobs) job.state = "Paused";
  const folder = mkdtempSync(join(tmpdir(), "hardmatch-cutover-"));
  const access = { directories, token, endpoint: tenant.endpoint, tenantName: "contoso.example" };
  const secrets = writeProgramFolder(folder, access, writeMappingCsv(company.mapping));
  const config = join(folder, "hardmatch.yaml");
  writeFileSync(
    config,
    readFileSync(config, "utf8")
      .replace("requestTimeoutSeconds: 10", `requestTimeoutSeconds: ${requestTimeoutSeconds}`)
      .replace("quarantineSeconds: 11", "quarantineSeconds: 120"),
  );

  /** The account of a row, by its place in the mapping. */
  const accountOf = (row: number) => {
    const name = company.mapping.rows[row - 2]?.[0]?.replace(/^.*\\/, "").toLowerCase();
    for (const server of servers) {
      const entry = server.domain.entries.find(
        ({ attributes }) => attributes.sAMAccountName?.[0]?.toLowerCase() === name,
      );
      if (entry !== undefined) return { server, entry };
    }
    throw new RangeError(`row ${row} has no account ${name}`);
  };
  const targetOf = (row: number) => company.expected[row - 2]?.target?.id ?? "";
  const setGuid = (row: number, name: string) => {
    const { server, entry } = accountOf(row);
    server.setAttribute(entry.dn, "mS-DS-ConsistencyGuid", [Buffer.from(guidToBytes(guidFor(name)))]);
  };

  return {
    ...{ folder, tenant, engine, servers, company, accountOf, targetOf },
    config,
    mapping: join(folder, "mappings", "example.csv"),
    run: join(folder, "runs", "night"),
    environment: { ...secrets, XDG_STATE_HOME: join(folder, ".state"), NO_COLOR: "1" },
    /**
     * Sync has made an object of this account once, under the account's former name and without an mS-DS-ConsistencyGuid;
     * then the account was renamed and got the GUID that its old forest knew it by.
     */
    syncedBefore(row: number): void {
      const { server, entry } = accountOf(row);
      const former = `former.${entry.attributes.sAMAccountName?.[0]}@contoso.example`;
      const names = ["userPrincipalName", "mail"] as const;
      const now = names.map((name) => entry.attributes[name] ?? []);
      const proxies = entry.attributes.proxyAddresses ?? [];
      for (const name of names) server.setAttribute(entry.dn, name, [former]);
      server.setAttribute(entry.dn, "proxyAddresses", [`SMTP:${former}`]);
      server.setAttribute(entry.dn, "mS-DS-ConsistencyGuid", []);
      engine.runNow([() => ({ ...server.domain, entries: server.domain.entries.filter(({ dn }) => dn === entry.dn) })]);
      for (const [index, name] of names.entries()) server.setAttribute(entry.dn, name, now[index] ?? []);
      server.setAttribute(entry.dn, "proxyAddresses", proxies);
      setGuid(row, `old forest ${row}`);
    },
    /** Somebody gives the cloud user a privileged role. */
    promote(row: number): void {
      tenant.assignRole(targetOf(row), { displayName: "Exchange Administrator", isPrivileged: true });
    },
    /** Somebody gives the account an address that another user has. */
    claimAddress(row: number): void {
      const { server, entry } = accountOf(row);
      server.setAttribute(entry.dn, "proxyAddresses", [...(entry.attributes.proxyAddresses ?? []), INFO_ADDRESS]);
    },
    /** Somebody gives the account another source anchor. */
    moveAnchor(row: number): void {
      setGuid(row, `another ${row}`);
    },
    /** Somebody moves the account to a container that sync does not read. */
    leaveScope(row: number): void {
      const { server, entry } = accountOf(row);
      engine.scope = [...new Set(servers.flatMap(({ domain }) => domain.entries.map(({ dn }) => containerOf(dn))))];
      server.removeEntry(entry.dn);
      server.putEntry({ ...entry, dn: `${leafOf(entry.dn)},OU=Leavers,${server.domain.baseDn}` });
    },
    async close(): Promise<void> {
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const CONTAINER = /,(?=OU=[^,]+,DC=)/i;

function containerOf(dn: string): string {
  return dn.split(CONTAINER)[1] ?? dn;
}

function leafOf(dn: string): string {
  return dn.split(CONTAINER)[0] ?? dn;
}
