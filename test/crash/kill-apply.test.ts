/** An apply that is killed, and one that is stopped: nothing is lost, nothing is written twice, the way back is open. */
import { randomUUID } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { type Company, makeCleanCompany } from "../../src/sim/company/company.ts";
import { drawNumber } from "../../src/sim/company/person.ts";
import type { LedgerEntry } from "../../src/sim/tenant/ledger.ts";
import { MAPPING, type RunningProgram, type Surroundings, startSurroundings } from "./surroundings.ts";

const PEOPLE = 250;
const KILLS = 25;
const SEED = 20261122;
const RUN = "runs/night";
const APPLY = ["apply", RUN, "--confirm", String(PEOPLE)] as const;

const open: Surroundings[] = [];
afterEach(async () => {
  for (const surroundings of open.splice(0)) await surroundings.close();
});

/** The clean company with a plan, ready to be applied; the latency lets a kill land between question and answer. */
async function planCleanCompany(): Promise<{ company: Company; surroundings: Surroundings }> {
  const company = makeCleanCompany(SEED, PEOPLE);
  const surroundings = await startSurroundings(company, { tenantId: randomUUID(), tenantOptions: { latencyMs: 20 } });
  open.push(surroundings);
  const planned = await surroundings.run("plan", MAPPING, "--run", RUN);
  expect(planned, planned.stderr).toMatchObject({ code: 0 });
  return { company, surroundings };
}

/** Waits until the program has sent so many requests. @returns False if it ended before. */
async function waitForRequests(
  program: RunningProgram,
  { countRequests }: Surroundings,
  requests: number,
): Promise<boolean> {
  const wanted = (await countRequests()) + requests;
  while (program.alive) if ((await countRequests()) >= wanted) return true;
  return false;
}

/** The values that each user was written, in order. */
function valuesByUser(entries: readonly LedgerEntry[]): Map<string, unknown[]> {
  const byUser = Map.groupBy(entries, ({ userId }) => userId ?? "nobody");
  return new Map(Array.from(byUser, ([userId, writes]) => [userId, writes.map(({ value }) => value)]));
}

/** Each user got the planned value once; the canary's proof of the way back may stand beside it for one user. */
function expectEachValueOnce(entries: readonly LedgerEntry[], company: Company): void {
  expect(entries.filter(({ applied, status }) => !applied || status !== 204)).toEqual([]);
  const values = valuesByUser(entries);
  const proved = Array.from(values).filter(([, written]) => written.includes(null));
  expect(proved.length).toBeLessThanOrEqual(1);
  const planned = company.expected.map(({ target, immutableId }) => [target?.id, [immutableId]]);
  const written = Array.from(values, ([userId, each]) => [userId, each.includes(null) ? [each.at(-1)] : each]);
  expect(Object.fromEntries(written)).toEqual(Object.fromEntries(planned));
}

function countStatuses(surroundings: Surroundings): Record<string, number> {
  const lines = surroundings.readRunCsv(RUN, "results.csv");
  return Object.fromEntries(
    Array.from(
      Map.groupBy(lines, ({ status = "" }) => status),
      ([status, each]) => [status, each.length],
    ),
  );
}

test(`an apply of ${PEOPLE} rows that is killed ${KILLS} times writes each value once and can be rolled back`, async () => {
  const { company, surroundings } = await planCleanCompany();
  // Each apply reads both sides again as plan did, before it writes.
  const reading = await surroundings.countRequests();
  let killed = 0;
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const program = surroundings.start(...APPLY);
    // A row takes about three requests; so drawn, some kills fall into the reading and most all along the writing.
    const left = PEOPLE - valuesByUser(await surroundings.ledger()).size;
    const writing = drawNumber(SEED, `kill ${kill}`, Math.ceil((3 * left) / (KILLS - kill + 2)));
    const requests = kill % 4 === 1 ? 1 + drawNumber(SEED, `kill ${kill}`, reading) : reading + writing;
    if (await waitForRequests(program, surroundings, requests)) killed += 1;
    program.kill("SIGKILL");
    await program.ended;
    if (kill === Math.ceil(KILLS / 2)) {
      await surroundings.run("status", RUN);
      expect(surroundings.readRunCsv(RUN, "results.csv").length).toBe(PEOPLE);
    }
  }
  expect(killed).toBe(KILLS);
  const writtenByKilled = valuesByUser(await surroundings.ledger()).size;
  expect(writtenByKilled).toBeGreaterThan(0);
  expect(writtenByKilled).toBeLessThan(PEOPLE);

  const finished = await surroundings.run(...APPLY);
  expect(finished, finished.stderr).toMatchObject({ code: 0 });
  expectEachValueOnce(await surroundings.ledger(), company);
  expect(countStatuses(surroundings)).toEqual({ verified: PEOPLE });

  const back = await surroundings.run("rollback", RUN, "--run", "runs/back", "--confirm", String(PEOPLE));
  expect(back, back.stderr).toMatchObject({ code: 0 });
  const byId = (users: readonly { id: string }[]) => users.toSorted((left, right) => (left.id < right.id ? -1 : 1));
  expect(byId(await surroundings.users())).toEqual(byId(company.tenant.users));
}, 300_000);

test("one Ctrl-C drains: exit code 130, results.csv whole, and the same command goes on", async () => {
  const { company, surroundings } = await planCleanCompany();
  const program = surroundings.start(...APPLY);
  expect(await waitForRequests(program, surroundings, 150)).toBe(true);
  program.kill("SIGINT");
  const stopped = await program.ended;
  expect(stopped, stopped.stderr).toMatchObject({ code: 130 });

  const entries = await surroundings.ledger();
  expect(entries.filter(({ status }) => status === null)).toEqual([]);
  const written = valuesByUser(entries).size;
  expect(written).toBeLessThan(PEOPLE);
  expect(countStatuses(surroundings)).toEqual({ verified: written, pending: PEOPLE - written });

  const finished = await surroundings.run(...APPLY);
  expect(finished, finished.stderr).toMatchObject({ code: 0 });
  expectEachValueOnce(await surroundings.ledger(), company);
}, 120_000);
