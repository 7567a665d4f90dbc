/**
 * Serves a clean company from a process of its own, with the latencies of the bench, and counts what is asked of it.
 *
 * Started by `company.ts` with a `CompanyOrder` as its only word; speaks with it over IPC and ends with it.
 */
import { makeCleanCompany } from "../../src/sim/company/company.ts";
import { writeMappingCsv } from "../../src/sim/company/mapping-csv.ts";
import { writeProgramFolder } from "../../src/sim/demo/program-folder.ts";
import { startSimulation } from "../../src/sim/demo/simulation.ts";
import type { SimulatedEntry } from "../../src/sim/directory/world.ts";
import type { Fault } from "../../src/sim/tenant/faults.ts";
import { mixFaults } from "../reliability/mixed-faults.ts";
import type { CompanyFigures, CompanyOrder, CompanyServed, CompanyWish } from "./company.ts";
import { timeOfTenant } from "./scaled-time.ts";
import { LOOP_SAMPLE } from "./usual-loop.ts";

const SEED = 2026;
const LED_BY_ONE = 10;

const order: CompanyOrder = JSON.parse(process.argv[2] ?? "");
const { served, tenant, close } = await serve(order);

/** The description of the company ends with this function: of a million people it is as large as what is served. */
async function serve(wanted: CompanyOrder) {
  const { people, rows, folder, latency, scale, quotaIsOff, writesPerWindow } = wanted;
  const company = makeCleanCompany(SEED, people);
  if (wanted.hasManagers === true) for (const { entries } of company.domains) appointManagers(entries);
  const { columns, rows: lines } = company.mapping;
  const tenantOptions = {
    latencyMs: latency.requestMs,
    perUserMs: latency.userMs,
    ...(quotaIsOff === true && { quota: { writesPerWindow: 1e12, resourceUnitsPerWindow: 1e12 } }),
    ...(writesPerWindow !== undefined && { quota: { writesPerWindow } }),
  };
  const { directories, tenant, token, close } = await startSimulation(
    {
      domains: company.domains,
      tenant: company.tenant,
      tenantOptions,
      directoryOptions: { foldAccents: true, delayMs: latency.searchMs / scale.factor },
    },
    timeOfTenant(scale),
  );
  const { endpoint } = tenant;
  const access = { directories, endpoint, tenantName: company.tenant.initialDomain, token };
  const environment = writeProgramFolder(folder, access, writeMappingCsv({ columns, rows: lines.slice(0, rows) }));
  const sample = lines.slice(0, LOOP_SAMPLE).map(([account = "", domain = "", upn = ""]) => ({
    account: account.replace(/^.*\\/, ""),
    domain: domain === "" ? account.replace(/\\.*$/, "") : domain,
    upn,
  }));
  const served: CompanyServed = { environment, endpoint, token, directories, sample };
  return { served, tenant, close };
}

/** The first of each domain is led by nobody, everybody else by one in ten of those before. */
function appointManagers(entries: readonly SimulatedEntry[]): void {
  for (const [index, { attributes }] of entries.entries()) {
    const manager = entries[Math.floor(index / LED_BY_ONE)];
    if (index > 0 && manager !== undefined) attributes.manager = [manager.dn];
  }
}

/** All but a refused token: the bench signs in with a token that cannot be renewed. */
function listFaults(): Fault[] {
  return mixFaults(order.faultShare ?? 0).filter(({ action }) => action.kind !== "status" || action.status !== 401);
}

process.on("message", (wish: CompanyWish) => {
  if (wish === "close") {
    void close().then(() => process.disconnect());
    return;
  }
  if (wish === "faults") for (const fault of listFaults()) tenant.addFault(fault);
  const figures: CompanyFigures = {
    exchanges: tenant.ledger.exchangeCounts(),
    writes: tenant.ledger.entries.map(({ atMs, status }) => ({ atMs, status })),
    strikes: tenant.strikes().reduce((sum, { struck }) => sum + struck, 0),
    cpuMs: process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000,
  };
  process.send?.(figures);
});
process.once("disconnect", () => process.exit());
process.send?.(served);
