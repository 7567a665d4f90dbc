/**
 * The whole job, as an operator does it: plan, apply, status, verify, rollback, each a process of its own against a
 * simulated directory and tenant. What was written is asked of the tenant's own ledger.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CLOUD_ID, idOf } from "../support/facts.ts";
import { type SmallCompany, startSmallCompany } from "../support/small-company.ts";

let company: SmallCompany;
beforeEach(async () => {
  company = await startSmallCompany();
});
afterEach(async () => {
  await company.close();
});

const run = (...words: string[]) => company.run(words);
const plan = async (names: readonly string[], ...words: string[]) =>
  await run("plan", company.writeMapping(names), "--run", "runs/a", ...words);

describe("plan", () => {
  test("ends with a summary and the ready apply line, and writes nothing", async () => {
    const { code, stdout } = await plan(["ada", "ben", "fay"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Plan [0-9a-f]{12}$/m);
    expect(stdout).toMatch(/^ {2}to set +2$/m);
    expect(stdout).toMatch(/^ {2}already matched +1$/m);
    expect(stdout).toContain("hardmatch apply runs/a --confirm 2\n");
    expect(stdout).toContain("Rollback works only until sync takes a user over");
    expect(company.tenant.ledger.entries).toEqual([]);
    expect(readdirSync(company.path("runs/a")).sort()).toEqual(["log.ndjson", "plan.csv", "run.lock", "run.sqlite"]);
  });

  test("with a blocked row ends with 3 and says which row and why", async () => {
    const { code, stdout } = await plan(["ada", "gus"]);
    expect(code).toBe(3);
    expect(stdout).toContain("row 3  gus -> gus@contoso.example: target-guest");
    expect(stdout).toContain("hardmatch apply runs/a --confirm 1 --skip-blocked");
  });

  test("under --json prints one document and nothing else on stdout", async () => {
    const { code, stdout } = await plan(["ada", "gus"], "--json");
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      run: "runs/a",
      rows: 2,
      rowsToWrite: 1,
      toSet: 1,
      writes: 3,
      blockedRows: [{ row: 3, findings: ["target-guest"] }],
    });
  });

  test("is byte for byte the same for the same input and state", async () => {
    const planHash = async (folder: string) =>
      JSON.parse(
        (await run("plan", company.writeMapping(["ada", "dee", "eve"]), "--replace", "--run", folder, "--json")).stdout,
      ).planHash;
    expect(await planHash("runs/a")).toBe(await planHash("runs/b"));
  });

  test("names its folder for the mapping and the time, and takes the first rows of a pilot only", async () => {
    const { code, stdout } = await run("plan", company.writeMapping(["ada", "ben"]), "--limit", "1", "--json");
    const document = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(document.run).toMatch(/^runs\/people-\d{8}T\d{6}Z$/);
    expect(document).toMatchObject({ rows: 1, limit: 1 });
  });

  test("says that no action on holders is carried out where the mapping names one", async () => {
    company.write(
      "mappings/actions.csv",
      "sAMAccountName,userPrincipalName,onConflict\nada,ada@contoso.example,clear-holder\n",
    );
    const { stdout } = await run("plan", "mappings/actions.csv");
    expect(stdout).toContain("This version carries out no action on holders");
  });

  test("refuses a run folder that exists, before it reads anything", async () => {
    await plan(["ada"]);
    const { code, stderr } = await plan(["ada"]);
    expect(code).toBe(2);
    expect(stderr).toContain("runs/a exists already");
    expect(stderr).not.toContain("reading");
  });

  test("names every problem of the mapping at once", async () => {
    company.write("mappings/bad.csv", "sAMAccountName,userPrincipalName\nada\n,ben@contoso.example\n");
    const { code, stderr } = await run("plan", "mappings/bad.csv");
    expect(code).toBe(2);
    expect(stderr).toContain("bad.csv:2:");
    expect(stderr).toContain("bad.csv:3:");
  });

  test("without a configuration ends with 2 and says what to write", async () => {
    const { code, stderr } = await company.run(["plan", company.writeMapping(["ada"]), "--config", "none.yaml"]);
    expect(code).toBe(2);
    expect(stderr).toContain("There is no configuration file");
  });

  test("ends with 4 when the password is wrong and with 5 when the token is refused", async () => {
    const mapping = company.writeMapping(["ada"]);
    const wrongPassword = await company.run(["plan", mapping], { environment: { HARDMATCH_LDAP_PASSWORD: "wrong" } });
    expect(wrongPassword.code).toBe(4);
    const wrongToken = await company.run(["plan", mapping], { environment: { HARDMATCH_ACCESS_TOKEN: "a.b.c" } });
    expect(wrongToken.code).toBe(5);
    expect(existsSync(company.path("runs"))).toBe(false);
  });
});

describe("apply", () => {
  test("writes exactly the plan, then nothing more", async () => {
    await plan(["ada", "ben", "fay"]);
    const { code, stdout } = await run("apply", "runs/a", "--confirm", "2");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}verified +2 {2}written and read back$/m);
    expect(company.held("ada", "ben", "fay")).toEqual([idOf("ada"), idOf("ben"), idOf("fay")]);
    // Two rows, and the canary set back and set again.
    expect(company.applied()).toHaveLength(4);
    expect((await run("apply", "runs/a", "--confirm", "2")).code).toBe(0);
    expect(company.applied()).toHaveLength(4);
    expect(readFileSync(company.path("runs/a/results.csv"), "utf8").split("\r\n")).toHaveLength(5);
  });

  test("without a terminal wants the number and names it", async () => {
    await plan(["ada", "ben"]);
    const { code, stderr } = await run("apply", "runs/a");
    expect(code).toBe(2);
    expect(stderr).toContain("This plan writes 2 rows");
    expect(stderr).toContain("hardmatch apply runs/a --confirm 2");
  });

  const refusals = [
    { name: "another number", words: ["--confirm", "3"], code: 7, says: "This plan writes 1 row, not 3." },
    { name: "a blocked row", words: ["--confirm", "1"], code: 3, says: "row 3 gus: target-guest" },
  ];
  test.each(refusals)("$name is refused and nothing is written", async ({ words, code, says }) => {
    await plan(code === 3 ? ["ada", "gus"] : ["ada"]);
    const ended = await run("apply", "runs/a", ...words);
    expect(ended.stderr).toContain(says);
    expect(ended.code).toBe(code);
    expect(company.tenant.ledger.entries).toEqual([]);
    expect(existsSync(company.path("runs/a/results.csv"))).toBe(false);
  });

  test("a plan.csv that was edited is refused until status has written it anew", async () => {
    await plan(["ada"]);
    const file = company.path("runs/a/plan.csv");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("ada", "ben"));
    const { code, stderr } = await run("apply", "runs/a", "--confirm", "1");
    expect(code).toBe(7);
    expect(stderr).toContain("plan.csv was changed after the plan was made");
    expect((await run("status", "runs/a")).code).toBe(0);
    expect(readFileSync(file, "utf8")).toBe(text);
    expect((await run("apply", "runs/a", "--confirm", "1")).code).toBe(0);
  });

  test("a resume holds to what was decided first, and refuses another canary", async () => {
    await plan(["ada", "gus"]);
    expect((await run("apply", "runs/a", "--confirm", "1", "--skip-blocked", "--canary", "1")).code).toBe(0);
    expect((await run("apply", "runs/a", "--confirm", "1")).code).toBe(0);
    const { code, stderr } = await run("apply", "runs/a", "--confirm", "1", "--canary", "2");
    expect(code).toBe(7);
    expect(stderr).toContain("other decisions");
  });

  test("a swap goes through null and ends with both IDs in their places", async () => {
    await plan(["ada", "dee", "eve"], "--replace");
    expect((await run("apply", "runs/a", "--confirm", "3")).code).toBe(0);
    expect(company.held("dee", "eve")).toEqual([idOf("dee"), idOf("eve")]);
  });

  test("a row that somebody changed since the plan is left alone", async () => {
    await plan(["ada", "ben"]);
    company.tenant.changeUser(CLOUD_ID("ada"), { onPremisesImmutableId: "somebody else's" });
    const refused = await run("apply", "runs/a", "--confirm", "2");
    expect(refused.code).toBe(3);
    const { code, stdout } = await run("apply", "runs/a", "--confirm", "2", "--skip-blocked");
    expect(code).toBe(6);
    expect(stdout).toContain("drift: left alone");
    expect(company.held("ada", "ben")).toEqual(["somebody else's", idOf("ben")]);
  });

  test("a tenant that refuses in the middle ends with a whole results.csv and the next command", async () => {
    await plan(["ada", "ben"]);
    company.tenant.addFault({ match: { method: "PATCH" }, action: { kind: "status", status: 403, applied: false } });
    const { code, stdout } = await run("apply", "runs/a", "--confirm", "2");
    expect(code).toBe(6);
    expect(stdout).toContain("failed: surely not written");
    expect(stdout).toContain("hardmatch apply runs/a --confirm 2");
    expect(readFileSync(company.path("runs/a/results.csv"), "utf8")).toContain("failed");
    expect(company.applied()).toEqual([]);
  });
});

describe("status", () => {
  test("shows a plan, a finished run and nothing of the network", async () => {
    await plan(["ada"]);
    expect((await run("status", "runs/a")).stdout).toContain("planned, not applied");
    await run("apply", "runs/a", "--confirm", "1");
    const { code, stdout } = await company.run(["status", "runs/a", "--json", "--config", "none.yaml"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      state: "done",
      counts: { verified: 1 },
      decisions: { confirmed: 1, canary: 5 },
    });
  });

  test("makes a results.csv that was lost anew, byte for byte", async () => {
    await plan(["ada"]);
    await run("apply", "runs/a", "--confirm", "1");
    const file = company.path("runs/a/results.csv");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, "lost");
    await run("status", "runs/a");
    expect(readFileSync(file, "utf8")).toBe(text);
  });
});

describe("verify", () => {
  test("holds after apply, and names a row that somebody changed", async () => {
    await plan(["ada", "ben"]);
    await run("apply", "runs/a", "--confirm", "2");
    expect(await run("verify", "runs/a")).toMatchObject({ code: 0, stdout: expect.stringContaining("all 2 hold") });
    company.tenant.changeUser(CLOUD_ID("ben"), { onPremisesImmutableId: null });
    const { code, stdout } = await run("verify", "runs/a");
    expect(code).toBe(6);
    expect(stdout).toContain("row 3  ben -> ben@contoso.example: drifted, the user holds no ID");
    // verify writes to no directory, and its look does not count as a run that was taken up again and cut off.
    expect(company.applied()).toHaveLength(4);
    expect((await run("status", "runs/a")).stdout).not.toContain("cut off");
  });

  test("of a run that was never applied says so row by row", async () => {
    await plan(["ada"]);
    const { code, stdout } = await run("verify", "runs/a");
    expect(code).toBe(6);
    expect(stdout).toContain("not-done");
  });
});

describe("rollback", () => {
  const valuesNow = () => company.held("ada", "ben", "dee", "eve", "fay");
  const appliedRun = async () => {
    const start = valuesNow();
    await plan(["ada", "ben", "dee", "eve", "fay"], "--replace");
    expect((await run("apply", "runs/a", "--confirm", "4")).code).toBe(0);
    return start;
  };

  test("restores every old value, null included, in a run of its own, and then finds nothing more to do", async () => {
    const start = await appliedRun();
    const { code, stdout } = await run("rollback", "runs/a", "--confirm", "4");
    expect(code).toBe(0);
    expect(valuesNow()).toEqual(start);
    expect(stdout).toMatch(/^Rollback rollback-people-\d{8}T\d{6}Z, plan [0-9a-f]{12}: done$/m);
    const again = await run("rollback", "runs/a");
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining("There is nothing to roll back") });
    expect(readdirSync(company.path("runs")).filter((name) => name.startsWith("rollback-"))).toHaveLength(1);
  });

  test("works from a results.csv alone, and is itself rolled back", async () => {
    const start = await appliedRun();
    const after = valuesNow();
    company.write("mailed.csv", readFileSync(company.path("runs/a/results.csv"), "utf8"));
    expect((await run("rollback", "mailed.csv", "--confirm", "4", "--run", "runs/back")).code).toBe(0);
    expect(valuesNow()).toEqual(start);
    expect((await run("verify", "runs/back")).code).toBe(0);
    expect((await run("rollback", "runs/back", "--confirm", "4", "--run", "runs/forth")).code).toBe(0);
    expect(valuesNow()).toEqual(after);
  });

  test("names a damaged line, leaves its row out and ends with 6", async () => {
    await plan(["ada", "ben"]);
    await run("apply", "runs/a", "--confirm", "2");
    const text = readFileSync(company.path("runs/a/results.csv"), "utf8");
    company.write("mailed.csv", text.replace("ada@contoso.example", "eve@contoso.example"));
    const { code, stdout } = await run("rollback", "mailed.csv", "--confirm", "1", "--run", "runs/back");
    expect(code).toBe(6);
    expect(stdout).toContain("line 2, row 2: its check does not fit");
    expect(company.held("ada", "ben")).toEqual([idOf("ada"), null]);
  });

  test("uses no other step of a row of which one line is damaged", async () => {
    await plan(["ada", "dee", "eve"], "--replace");
    await run("apply", "runs/a", "--confirm", "3");
    const text = readFileSync(company.path("runs/a/results.csv"), "utf8");
    company.write("mailed.csv", text.replace(/^(3,2,dee.*?)verified/m, "$1failed"));
    const { code, stdout } = await run("rollback", "mailed.csv", "--plan-only", "--run", "runs/back", "--json");
    expect(code).toBe(6);
    expect(JSON.parse(stdout)).toMatchObject({ damagedLines: [{ row: 3 }], drifted: [], takenOver: [] });
    expect(readFileSync(company.path("runs/back/plan.csv"), "utf8")).not.toMatch(/^3,/m);
  });

  test("lists users that sync took over first, leaves changed ones alone, and reverts the others", async () => {
    await plan(["ada", "ben", "cyd"]);
    await run("apply", "runs/a", "--confirm", "3");
    company.tenant.changeUser(CLOUD_ID("ada"), { onPremisesSyncEnabled: true });
    company.tenant.changeUser(CLOUD_ID("ben"), { onPremisesImmutableId: "somebody else's" });
    const { code, stdout } = await run("rollback", "runs/a", "--confirm", "1");
    expect(code).toBe(6);
    expect(stdout.split("\n")[0]).toBe("1 row cannot be rolled back any more: sync has taken the user over");
    expect(stdout).toContain("1 row left alone: somebody else has changed the user since");
    expect(company.held("ada", "ben", "cyd")).toEqual([idOf("ada"), "somebody else's", null]);
  });

  test("of chosen rows takes along what hangs together with them, and refuses rows that are not there", async () => {
    await appliedRun();
    const { code, stderr } = await run("rollback", "runs/a", "--rows", "4", "--plan-only", "--run", "runs/back");
    expect(code).toBe(0);
    expect(stderr).toContain("come along: 5.");
    expect(await run("rollback", "runs/a", "--rows", "4,99")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--rows names 99"),
    });
  });

  test("--plan-only writes nothing, and its folder is applied like any run", async () => {
    const start = await appliedRun();
    const writes = company.applied().length;
    const { code, stdout } = await run("rollback", "runs/a", "--plan-only", "--run", "runs/back");
    expect(code).toBe(0);
    expect(stdout).toContain("hardmatch apply runs/back --confirm 4");
    expect(company.applied()).toHaveLength(writes);
    expect((await run("apply", "runs/back", "--confirm", "4")).code).toBe(0);
    expect(valuesNow()).toEqual(start);
  });

  test("a second one is refused by name while the first is unfinished", async () => {
    await plan(["ada", "ben"]);
    await run("apply", "runs/a", "--confirm", "2");
    company.tenant.addFault({
      match: { method: "PATCH" },
      action: { kind: "status", status: 429, applied: false, retryAfter: "7200" },
    });
    const first = await run("rollback", "runs/a", "--confirm", "2", "--run", "runs/rollback-first");
    expect(first.code).toBe(6);
    const { code, stderr } = await run("rollback", "runs/a", "--confirm", "2");
    expect(code).toBe(7);
    expect(stderr).toContain("runs/rollback-first --confirm 2");
  });

  test("without a terminal wants the number, and leaves no folder behind", async () => {
    await plan(["ada"]);
    await run("apply", "runs/a", "--confirm", "1");
    const { code, stderr } = await run("rollback", "runs/a", "--rows", "2");
    expect(code).toBe(2);
    expect(stderr).toContain("hardmatch rollback runs/a --confirm 1 --rows 2");
    expect(readdirSync(company.path("runs"))).toEqual(["a"]);
  });
});

test("no output and no file holds a secret", async () => {
  await plan(["ada", "gus"]);
  const ended = [
    await run("apply", "runs/a", "--confirm", "1", "--skip-blocked"),
    await run("verify", "runs/a", "--verbose"),
  ];
  const token = company.tenant.mintToken().slice(0, 30);
  const files = readdirSync(company.path("runs/a")).map((name) => readFileSync(company.path("runs/a", name), "latin1"));
  for (const text of [...ended.flatMap(({ stdout, stderr }) => [stdout, stderr]), ...files]) {
    expect(text).not.toContain("only-for-tests");
    expect(text).not.toContain(token);
  }
});
