/**
 * What an operator reads at 2 a.m. when something went wrong: what happened, to which row, what state things are in,
 * and the command to type next, ready to be copied.
 */
import { appendFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { FaultAction } from "../../src/sim/tenant/faults.ts";
import { CLOUD_ID, idOf } from "../support/facts.ts";
import { type SmallCompany, startSmallCompany } from "../support/small-company.ts";

let company: SmallCompany;
beforeEach(async () => {
  company = await startSmallCompany();
});
afterEach(() => company.close());

const run = (...words: string[]) => company.run(words);
const plan = (...names: string[]) => run("plan", company.writeMapping(names), "--replace", "--run", "runs/a");
const strike = (action: FaultAction) => company.tenant.addFault({ match: { method: "PATCH" }, action });
const STATUS_OF = "hardmatch status runs/a";
const apply = (rows: number, ...more: string[]) => ["hardmatch apply runs/a --confirm", rows, ...more].join(" ");

test("a row that somebody changed since the plan: who it is, and the command that leaves it out", async () => {
  await plan("ada", "ben");
  company.tenant.changeUser(CLOUD_ID("ada"), { onPremisesImmutableId: "foreign" });
  const { code, stderr } = await run("apply", "runs/a", "--confirm", "2");
  expect(code).toBe(3);
  expect(stderr).toContain(
    "error: 1 row has changed since the plan was made. Nothing was written now.\n" +
      "  row 2  ada -> ada@contoso.example: the user holds another immutable ID than when the plan was made: foreign\n" +
      `Plan again, or leave these rows out: ${apply(2, "--skip-blocked")}\n`,
  );
});

test("an open breaker: the row, the state, the command to look and the command to go on", async () => {
  await plan("ada", "ben", "cyd", "dee", "eve");
  strike({ kind: "status", status: 403, applied: false });
  const stopped = await run("apply", "runs/a", "--confirm", "5");
  expect(stopped.stdout).toMatch(/^ {2}row 2 {2}ada -> ada@contoso\.example: .+ \(request .+\)$/m);
  expect(stopped.stdout).toContain(apply(5, "--acknowledge equal-refusals"));
  expect(stopped.stdout).not.toContain("To undo it"); // nothing was written
  const again = await run("apply", "runs/a", "--confirm", "5");
  expect([again.code, again.stderr]).toEqual([7, expect.stringContaining("Nothing was written now.")]);
  expect(again.stderr).toContain(
    `Look at the rows in question: ${STATUS_OF}\nIf the run may go on all the same, run: ${apply(5, "--acknowledge equal-refusals")}\n`,
  );
});

test("an answer that was lost: the canary's row, what came of it, and the command that goes on", async () => {
  await plan("ada", "ben");
  strike({ kind: "reset", applied: false });
  const { code, stdout } = await run("apply", "runs/a", "--confirm", "2");
  expect(code).toBe(6);
  expect(stdout).toMatch(/^ {2}pending +2 {2}not written yet$/m);
  expect(stdout).toMatch(
    /^It stopped early: canary row 2 is pending, not verified \(its answer was lost, and the value was not there when the user was read again\): nothing beyond the canary was written$/m,
  );
  expect(stdout).toMatch(/^To go on: +hardmatch apply runs\/a --confirm 2$/m);
});

test("a token that is refused: that and not the network, and the command that goes on", async () => {
  await plan("ada");
  strike({ kind: "status", status: 401, applied: false });
  const { code, stdout } = await run("apply", "runs/a", "--confirm", "1");
  expect(code).toBe(6);
  expect(stdout).toMatch(/^It stopped early: row 2 could not be written now, nor anything after it: ./m);
  expect(stdout).not.toContain("could not be reached");
  expect(stdout).toMatch(/^To go on: +hardmatch apply runs\/a --confirm 1$/m);
});

test("a pause of an hour: how long it is, and the command to type afterwards", async () => {
  await plan("ada");
  strike({ kind: "status", status: 429, applied: false, retryAfter: "3600" });
  const { code, stdout } = await run("apply", "runs/a", "--confirm", "1");
  expect(code).toBe(6);
  expect(stdout).toContain(
    "It stopped early: row 2 could not be written now, nor anything after it: the tenant asks for a pause of 60 minutes",
  );
  expect(stdout).toMatch(/^To go on: +hardmatch apply runs\/a --confirm 1$/m);
});

test("a plan.csv that was edited: that the edit does not count, and the command that writes the file anew", async () => {
  await plan("ada");
  appendFileSync(company.path("runs/a/plan.csv"), "x");
  const { code, stderr } = await run("apply", "runs/a", "--confirm", "1");
  expect(code).toBe(7);
  expect(stderr).toMatch(/plan\.csv was changed after the plan was made, .* Nothing was written\.$/m);
  expect(stderr).toMatch(/have the file written anew first: hardmatch status runs\/a$/m);
});

test("a run that another process works on: which, that nothing was changed, and the command that shows how far it is", async () => {
  await plan("ada", "ben");
  strike({ kind: "delay", ms: 3000 });
  const first = run("apply", "runs/a", "--confirm", "2");
  while (company.tenant.ledger.entries.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const second = await run("apply", "runs/a", "--confirm", "2");
  expect([second.code, second.stderr]).toEqual([
    7,
    expect.stringMatching(
      /process \d+ of .+ works on this run\. Nothing was changed now\.\n.*: hardmatch status runs\/a\n$/,
    ),
  ]);
  const shown = await run("status", "runs/a");
  expect(shown.stderr).toContain("A write that is under way is shown as undecided until its answer is recorded.");
  company.tenant.clearFaults();
  expect((await first).code).toBe(0);
});

test("a signal when every row is done already: that they are, and not that the run is not", async () => {
  await plan("ada");
  strike({ kind: "delay", ms: 1000 });
  let sent = false;
  const { code, stdout } = await company.run(["apply", "runs/a", "--confirm", "1"], {
    nudgeMs: 50,
    watch: (_stderr, kill) => {
      if (sent || company.tenant.ledger.entries.length === 0) return;
      sent = true;
      kill("SIGINT");
    },
  });
  expect(code).toBe(130);
  expect(stdout).toMatch(/^Run a, plan \w+: every row was done when it was stopped$/m);
  expect(company.held("ada")).toEqual([idOf("ada")]);
});

test("another tenant: which the run belongs to, that nothing was written, and what to say", async () => {
  await plan("ada");
  const other = await startSmallCompany();
  try {
    writeFileSync(company.path("other.yaml"), other.configuration());
    const { code, stderr } = await company.run(["apply", "runs/a", "--confirm", "1", "--config", "other.yaml"], {
      environment: { HARDMATCH_ACCESS_TOKEN: other.environment.HARDMATCH_ACCESS_TOKEN },
    });
    expect(code).toBe(7);
    expect(stderr).toContain(
      `This run belongs to the tenant ${company.tenant.tenantId}, but you are signed in to ${other.tenant.tenantId}. Nothing was written.`,
    );
    expect(stderr).toContain("--config <file>");
  } finally {
    await other.close();
  }
});

test("a damaged run.sqlite: that nothing was changed now, and the command that takes the run back without it", async () => {
  await plan("ada");
  writeFileSync(company.path("runs/a/run.sqlite"), "no database at all, however long one looks at it");
  const { code, stderr } = await run("apply", "runs/a", "--confirm", "1");
  expect([code, stderr]).toEqual([7, expect.stringMatching(/run\.sqlite is damaged\. .* Nothing was changed now\.$/m)]);
  expect(stderr).toMatch(/: hardmatch rollback <run folder>\/results\.csv$/m);
});
