/**
 * Serves a simulated directory and tenant from a process of its own.
 *
 *   node src/sim/serve.ts (<world.json> | --demo) [--folder DIR]
 *
 * Prints one JSON line when everything listens (see `Announcement`) and ends on SIGTERM, SIGINT or the end of its
 * input, so that it never outlives the test that started it. With --folder it also writes a `hardmatch.yaml` there,
 * and with --demo the company's mapping. Tests that kill the program need a simulation that survives the kill.
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { makeCompany, withSyncAt } from "./company/company.ts";
import { writeMappingCsv } from "./company/mapping-csv.ts";
import { type ProgramEnvironment, writeProgramFolder } from "./demo/program-folder.ts";
import { type DirectoryAccess, type SimulationWorld, startSimulation } from "./demo/simulation.ts";

/** The line on stdout. */
export type Announcement = {
  readonly directories: readonly DirectoryAccess[];
  /** Root of the simulated Graph, before /v1.0. */
  readonly endpoint: string;
  /** Root of the control interface, which shows the ledger; see `tenant/control.ts`. */
  readonly control: string;
  readonly tenantId: string;
  readonly token: string;
  /** Variables for the program; empty without --folder. */
  readonly environment: ProgramEnvironment;
};

const { values, positionals } = parseArgs({
  options: { demo: { type: "boolean", default: false }, folder: { type: "string" } },
  allowPositionals: true,
});
const [worldFile] = positionals;
if (values.demo === (worldFile !== undefined)) {
  process.stderr.write("usage: node src/sim/serve.ts (<world.json> | --demo) [--folder DIR]\n");
  process.exit(2);
}

const company = worldFile === undefined ? withSyncAt(makeCompany(), new Date().toISOString()) : null;
const world: SimulationWorld =
  company === null
    ? JSON.parse(readFileSync(worldFile ?? "", "utf8"))
    : { ...company, tenant: { ...company.tenant, id: randomUUID() }, directoryOptions: { foldAccents: true } };
const { directories, tenant, token, close } = await startSimulation(world);
const tenantName = world.tenant.domains.find(({ isDefault }) => isDefault)?.id ?? world.tenant.initialDomain;
const mappingCsv = company === null ? null : writeMappingCsv(company.mapping);
const environment =
  values.folder === undefined
    ? {}
    : writeProgramFolder(values.folder, { directories, endpoint: tenant.endpoint, tenantName, token }, mappingCsv);
const announcement: Announcement = {
  directories,
  endpoint: tenant.endpoint,
  control: tenant.control,
  tenantId: tenant.tenantId,
  token,
  environment,
};
process.stdout.write(`${JSON.stringify(announcement)}\n`);

const ended = Promise.withResolvers<void>();
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => ended.resolve());
process.stdin.resume().once("end", () => ended.resolve());
await ended.promise;
process.stdin.destroy();
await close();
