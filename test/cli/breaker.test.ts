/** A run that its breaker has stopped: what is said, what is refused, and how it goes on. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CLOUD_ID, idOf } from "../support/facts.ts";
import { type SmallCompany, startSmallCompany } from "../support/small-company.ts";

const NAMES = ["ada", "ben", "cyd", "dee", "eve"] as const;
const APPLY = ["apply", "runs/a", "--confirm", "5"] as const;

let company: SmallCompany;
beforeEach(async () => {
  company = await startSmallCompany();
  await run("plan", company.writeMapping(NAMES), "--replace", "--run", "runs/a");
});
afterEach(async () => {
  await company.close();
});

const run = (...words: string[]) => company.run(words);
const refuseWrites = (times: number) =>
  company.tenant.addFault({
    match: { method: "PATCH", times },
    action: { kind: "status", status: 403, applied: false, body: { error: { code: "Forbidden", message: "no" } } },
  });
const writes = () => company.tenant.ledger.entries.length;

test("a run that the breaker has stopped is applied again only with the reason, and the word is kept", async () => {
  refuseWrites(3);
  const stopped = await run(...APPLY, "--canary", "5");
  expect(stopped.code).toBe(6);
  expect(stopped.stdout).toContain("It stopped early: stopped by the breaker: 3 writes in a row were refused with");
  expect(stopped.stdout).toContain("goes on only when --acknowledge equal-refusals says that it may");
  const sent = writes();

  const silent = await run(...APPLY);
  expect([silent.code, silent.stderr]).toEqual([7, expect.stringContaining("Nothing was written now.")]);
  expect(silent.stderr).toContain("hardmatch apply runs/a --confirm 5 --acknowledge equal-refusals");
  const other = await run(...APPLY, "--acknowledge", "drift");
  expect([other.code, other.stderr]).toEqual([7, expect.stringContaining("for equal-refusals, which is not drift")]);
  const unknown = await run(...APPLY, "--acknowledge", "whatever");
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining("equal-refusals")]);
  expect(writes()).toBe(sent);
  expect((await run("status", "runs/a")).stdout).toMatch(/^ {2}breaker +open since .* for equal-refusals: 3 writes/m);

  const gone = await run(...APPLY, "--acknowledge", "equal-refusals", "--json");
  // The refused rows stay as they are, and hold up none of the others.
  expect(gone.code).toBe(6);
  expect(JSON.parse(gone.stdout)).toMatchObject({ breaker: null, stoppedEarly: null, rowCounts: { failed: 3 } });
  expect(company.held(...NAMES)).toEqual([null, null, null, idOf("dee"), idOf("eve")]);
  const { breaker } = JSON.parse((await run("status", "runs/a", "--json")).stdout);
  expect(breaker).toMatchObject([{ reason: "equal-refusals", acknowledged: { at: expect.any(String) } }]);
});

test("with nothing to acknowledge the flag is refused, and nothing is written", async () => {
  const { code, stderr } = await run(...APPLY, "--acknowledge", "drift");
  expect([code, stderr]).toEqual([7, expect.stringContaining("the breaker of this run has never opened")]);
  expect(writes()).toBe(0);
});

describe("drift of a canary row", () => {
  /** Somebody changes the first row's user between the check of the batch and the write. */
  const meddle = () =>
    company.tenant.addFault({
      match: { method: "GET", userId: CLOUD_ID("ada"), pathIncludes: "/users/", times: 1 },
      action: { kind: "foreign-write-before", value: "foreign" },
    });

  test("D27: one drifted row of the canary opens the breaker, and the acknowledged run leaves it alone", async () => {
    meddle();
    const stopped = await run(...APPLY);
    expect([stopped.code, stopped.stdout]).toEqual([6, expect.stringContaining("canary row 2 is drift")]);
    expect((await run(...APPLY)).code).toBe(7);
    const gone = await run(...APPLY, "--acknowledge", "drift");
    expect(gone.code, gone.stderr).toBe(6);
    expect(company.held(...NAMES)).toEqual(["foreign", ...["ben", "cyd", "dee", "eve"].map(idOf)]);
    const again = await run(...APPLY, "--acknowledge", "drift");
    expect(again.stderr).not.toContain("refused");
    expect(again.code).toBe(6);
  });

  test("D27: a drifted row beyond the canary does not open it", async () => {
    company.tenant.addFault({
      match: { method: "GET", userId: CLOUD_ID("cyd"), pathIncludes: "/users/", times: 1 },
      action: { kind: "foreign-write-before", value: "foreign" },
    });
    const { code, stdout } = await run(...APPLY, "--canary", "1");
    expect([code, stdout]).toEqual([6, expect.not.stringContaining("breaker")]);
    expect(company.held(...NAMES)).toEqual([idOf("ada"), idOf("ben"), "foreign", idOf("dee"), idOf("eve")]);
  });
});

describe("D27: the confirmed number of rows", () => {
  test.each([
    [4, 7],
    [5, 0],
    [6, 7],
  ])("%i of a plan of 5 ends with exit code %i", async (count, exitCode) => {
    const { code } = await run("apply", "runs/a", "--confirm", String(count));
    expect(code).toBe(exitCode);
    expect(writes() > 0).toBe(exitCode === 0);
  });
});
