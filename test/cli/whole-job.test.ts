/**
 * The whole job, as an operator does it: plan, apply, status, verify, rollback, each a process of its own against a
 * simulated directory and tenant. What was written is asked of the tenant's own ledger.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AD_GUID, CLOUD_ID, idOf } from "../support/facts.ts";
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
    expect(stdout).toMatch(/^ {2}set +2 {2}to be written/m);
    expect(stdout).toMatch(/^ {2}already +1 {2}nothing to do/m);
    expect(stdout).toContain("hardmatch apply runs/a --confirm 2\n");
    expect(stdout).toContain("Rollback works only until sync takes a user over");
    expect(company.tenant.ledger.entries).toEqual([]);
    expect(readdirSync(company.path("runs/a")).sort()).toEqual([
      "log.ndjson",
      "plan.csv",
      "report.html",
      "run.lock",
      "run.sqlite",
    ]);
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

  test("with a source key finds the accounts by it, says so, and the rest of the job keeps to it", async () => {
    const mapping = company.write(
      "mappings/by-mail.csv",
      "source,upn\nADA@contoso.example,ada@contoso.example\nnobody@contoso.example,ben@contoso.example\n",
    );
    const { code, stdout } = await run("plan", mapping, "--source-key", "mail", "--run", "runs/a");
    expect(code).toBe(3);
    expect(stdout).toMatch(/^ {2}accounts by +mail$/m);
    expect(stdout).toContain("row 3  nobody@contoso.example -> ben@contoso.example: source-not-found");
    expect(readFileSync(company.path("runs/a/plan.csv"), "utf8")).toContain(
      "\r\n2,ada,CORP,ada@contoso.example,cloud,set,",
    );
    const applied = await run("apply", "runs/a", "--confirm", "1", "--skip-blocked");
    expect([applied.code, company.held("ada", "ben")]).toEqual([0, [idOf("ada"), null]]);
    const again = await run("plan", "runs/a/retry.csv", "--source-key", "mail", "--json");
    expect(JSON.parse(again.stdout)).toMatchObject({
      rows: 1,
      sourceKey: "mail",
      blockedRows: [{ findings: ["source-not-found"] }],
    });
  });

  test("takes the source key of the configuration, and the flag's before it", async () => {
    company.write("by-guid.yaml", `${readFileSync(company.path("hardmatch.yaml"), "utf8")}sourceKey: objectGUID\n`);
    const byGuid = company.write("mappings/by-guid.csv", `source,upn\n${AD_GUID("ada")},ada@contoso.example\n`);
    const configured = await run("plan", byGuid, "--config", "by-guid.yaml", "--json");
    expect([configured.code, JSON.parse(configured.stdout).rowsToWrite]).toEqual([0, 1]);
    const byName = company.writeMapping(["ada"]);
    expect((await run("plan", byName, "--config", "by-guid.yaml")).stderr).toContain("write the objectGUID as");
    const flagged = await run("plan", byName, "--config", "by-guid.yaml", "--source-key", "samaccountname");
    expect(flagged.code).toBe(0);
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

  test("two at once with the same name each get a folder of their own", async () => {
    const mapping = company.writeMapping(["ada"]);
    const plans = await Promise.all([1, 2, 3].map(() => run("plan", mapping, "--json")));
    expect(plans.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(new Set(plans.map(({ stdout }) => JSON.parse(stdout).run)).size).toBe(3);
  });

  test("says that a row counts under several codes where it does", async () => {
    company.write(
      "mappings/twice.csv",
      "sAMAccountName,userPrincipalName\ngus,gus@contoso.example\ngus,gus@contoso.example\n",
    );
    expect((await run("plan", "mappings/twice.csv")).stdout).toContain("Blocked by (a row can count under several)\n");
    expect((await plan(["gus"])).stdout).toContain("Blocked by\n");
  });

  test("plans the purge of a duplicate only where row and --allow both name it, and apply wants it confirmed", async () => {
    company.tenant.changeUser(CLOUD_ID("gus"), { onPremisesImmutableId: idOf("ada") });
    company.tenant.deleteUser(CLOUD_ID("gus"));
    company.write(
      "mappings/actions.csv",
      "sAMAccountName,userPrincipalName,onConflict\nada,ada@contoso.example,purge-deleted-holder\nben,ben@contoso.example,\n",
    );
    const unnamed = await run("plan", "mappings/actions.csv");
    expect([unnamed.code, unnamed.stdout]).toEqual([3, expect.stringContaining("is not named in --allow")]);

    const { code, stdout } = await run(
      "plan",
      "mappings/actions.csv",
      "--allow",
      "purge-deleted-holder",
      "--run",
      "runs/a",
    );
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^ {2}row 2 {2}purge .*gus@contoso\.example {2}IRREVERSIBLE$/m),
    ]);
    expect(stdout).toContain("hardmatch apply runs/a --confirm 2 --confirm-holders 1\n");

    const unconfirmed = await run("apply", "runs/a", "--confirm", "2");
    expect([unconfirmed.code, unconfirmed.stderr]).toEqual([2, expect.stringContaining("--confirm-holders 1")]);
    const miscounted = await run("apply", "runs/a", "--confirm", "2", "--confirm-holders", "2");
    expect([miscounted.code, miscounted.stderr]).toEqual([7, expect.stringContaining("--confirm-holders 1")]);
    expect(company.tenant.ledger.entries.filter(({ kind }) => kind === "purge")).toEqual([]);

    const applied = await run("apply", "runs/a", "--confirm", "2", "--confirm-holders", "1");
    expect(applied.code, applied.stderr).toBe(0);
    expect(company.held("ada", "ben")).toEqual([idOf("ada"), idOf("ben")]);
    expect(company.tenant.deletedUsers()).toEqual([]);
    const saved = readdirSync(company.path("runs/a")).filter((name) => name.startsWith("saved-"));
    expect(saved).toEqual([`saved-row-2-step-1-${CLOUD_ID("gus")}.json`]);
    expect(JSON.parse(readFileSync(company.path(`runs/a/${saved[0]}`), "utf8"))).toMatchObject({
      row: 2,
      action: "purge",
      before: "deleted",
    });

    // The record alone is enough: what cannot be taken back is known from results.csv too.
    const recorded = await run("rollback", "runs/a/results.csv", "--plan-only", "--run", "runs/seen");
    expect([recorded.code, recorded.stdout + recorded.stderr]).toEqual([
      6,
      expect.stringContaining("row 2  rollback-irreversible: purge"),
    ]);
    const back = await run("rollback", "runs/a", "--confirm", "2");
    expect([back.code, back.stdout + back.stderr]).toEqual([6, expect.stringContaining("rollback-irreversible")]);
    expect(company.held("ada", "ben")).toEqual([null, null]);
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
    expect(wrongToken.stderr).toContain(
      "error: Graph refused the access token from the environment variable HARDMATCH_ACCESS_TOKEN: it is no token at all",
    );
    expect(wrongToken.stderr).toContain("Nothing was written.");
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

  test("the refusal of blocked rows has the ready command that leaves them out", async () => {
    await plan(["ada", "gus"]);
    const { stderr } = await run("apply", "runs/a", "--confirm", "1");
    expect(stderr).toContain("or leave them out: hardmatch apply runs/a --confirm 1 --skip-blocked\n");
  });

  test("rows that were left out knowingly are one line, here and in status", async () => {
    await plan(["ada", "gus"]);
    const applied = await run("apply", "runs/a", "--confirm", "1", "--skip-blocked");
    const shown = await run("status", "runs/a");
    for (const { stdout } of [applied, shown]) {
      expect(stdout).toContain("\n1 blocked row left out, see runs/a/results.csv.\n");
      expect(stdout).not.toContain("row 3  gus");
      expect(stdout).toMatch(/^To undo it: +hardmatch rollback runs\/a$/m);
      expect(stdout).toContain("hardmatch plan runs/a/retry.csv\n");
    }
  });

  test("a second one says that everything was written before, and shows no stage of writing", async () => {
    await plan(["ada", "ben"]);
    const first = await run("apply", "runs/a", "--confirm", "2");
    expect(first.stderr).toContain("canary: 2 in ");
    const { stderr } = await run("apply", "runs/a", "--confirm", "2");
    expect(stderr).toContain("All 2 rows were written before, and are looked at again.");
    expect(stderr).not.toMatch(/canary|writing:|proving/);
  });

  test("a resume that fails before it writes does not say that the run is done", async () => {
    await plan(["ada"]);
    await run("apply", "runs/a", "--confirm", "1");
    const { code, stderr } = await company.run(["apply", "runs/a", "--confirm", "1"], {
      environment: { HARDMATCH_ACCESS_TOKEN: company.tenant.mintToken({ lifetimeSeconds: -60 }) },
    });
    expect(code).toBe(5);
    expect(stderr).toContain(": it was done before, and this apply failed\n");
    expect(stderr).toContain("Nothing was written by this apply.");
  });

  test("a resume holds to what was decided first, and refuses another canary", async () => {
    await plan(["ada", "gus"]);
    expect((await run("apply", "runs/a", "--confirm", "1", "--skip-blocked", "--canary", "1")).code).toBe(0);
    expect((await run("apply", "runs/a", "--confirm", "1")).code).toBe(0);
    const { code, stderr } = await run("apply", "runs/a", "--confirm", "1", "--canary", "2");
    expect(code).toBe(7);
    expect(stderr).toBe(
      "error: This run was started with other decisions: canary: 1 at the first apply, now 2. Nothing was written.\n" +
        "Go on with those of the first apply: hardmatch apply runs/a --confirm 1 --skip-blocked\n",
    );
  });

  test("a swap goes through null and ends with both IDs in their places", async () => {
    await plan(["ada", "dee", "eve"], "--replace");
    expect((await run("apply", "runs/a", "--confirm", "3")).code).toBe(0);
    expect(company.held("dee", "eve")).toEqual([idOf("dee"), idOf("eve")]);
  });

  test("a row of a cycle counts once among the rows and twice among the steps", async () => {
    await plan(["ada", "dee", "eve"], "--replace");
    const { stdout } = await run("apply", "runs/a", "--confirm", "3");
    expect(stdout).toMatch(/^ {2}verified +3 {2}written and read back$/m);
    expect(stdout).toContain("4 steps: 1 row took more than one.");
    expect(JSON.parse((await run("status", "runs/a", "--json")).stdout)).toMatchObject({
      rows: 3,
      rowCounts: { verified: 3 },
      steps: 4,
      stepCounts: { verified: 4 },
    });
  });

  test("a row that somebody changed since the plan is left alone", async () => {
    await plan(["ada", "ben"]);
    company.tenant.changeUser(CLOUD_ID("ada"), { onPremisesImmutableId: "somebody else's" });
    const refused = await run("apply", "runs/a", "--confirm", "2");
    expect(refused.code).toBe(3);
    const { code, stdout } = await run("apply", "runs/a", "--confirm", "2", "--skip-blocked");
    expect(code).toBe(6);
    expect(stdout).toContain("drift: left alone");
    // Another apply would leave the row alone again: what helps is a new plan.
    expect(stdout).toContain("hardmatch plan runs/a/retry.csv\n");
    expect(stdout).not.toContain("To go on");
    const shown = await run("status", "runs/a");
    expect(shown.stdout).toMatch(/^ {2}state +ended at \S+; 1 row left alone$/m);
    expect(shown.stdout).toContain("hardmatch plan runs/a/retry.csv\n");
    expect((await run("plan", "runs/a/retry.csv")).code).toBe(3);
    expect(company.held("ada", "ben")).toEqual(["somebody else's", idOf("ben")]);
  });

  test("a tenant that refuses in the middle ends with a whole results.csv and the next command", async () => {
    await plan(["ada", "ben"]);
    company.tenant.addFault({ match: { method: "PATCH" }, action: { kind: "status", status: 403, applied: false } });
    const { code, stdout } = await run("apply", "runs/a", "--confirm", "2");
    expect(code).toBe(6);
    expect(stdout).toContain("failed: surely not written");
    expect(stdout).toContain("hardmatch plan runs/a/retry.csv");
    expect(stdout).not.toContain("hardmatch apply");
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
      rowCounts: { verified: 1 },
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

test("a damaged record is refused without a word about what the run has written before", async () => {
  await plan(["ada"]);
  await run("apply", "runs/a", "--confirm", "1");
  const file = company.path("runs/a/run.sqlite");
  const bytes = readFileSync(file);
  writeFileSync(file, Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length - 4096)]));
  const { code, stderr } = await run("status", "runs/a");
  expect(code).toBe(7);
  expect(stderr).toContain("run.sqlite is damaged");
  expect(stderr).toContain("Nothing was changed now.");
  expect(stderr).not.toContain("Nothing was written");
});

describe("verify", () => {
  test("of a plan that was never applied says so, and how it is applied", async () => {
    await plan(["ada", "ben", "fay"]);
    const { code, stdout } = await run("verify", "runs/a");
    expect(code).toBe(6);
    expect(stdout).toMatch(/^Run a, plan \w+: never applied; 2 rows are not written yet, 1 hold$/m);
    expect(stdout).toMatch(/^To apply it: {2}hardmatch apply runs\/a --confirm 2$/m);
    expect(stdout).not.toMatch(/Rows that do not hold|hardmatch status/);
    expect(await run("verify", "runs/a", "--wait-for-sync", "1m")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/not been applied yet.*\nApply it first: hardmatch apply runs\/a --confirm 2\n/),
    });
  });

  test("holds after apply, and names a row that somebody changed", async () => {
    await plan(["ada", "ben"]);
    await run("apply", "runs/a", "--confirm", "2");
    expect(await run("verify", "runs/a")).toMatchObject({ code: 0, stdout: expect.stringContaining("all 2 hold") });
    company.tenant.changeUser(CLOUD_ID("ben"), { onPremisesImmutableId: "foreign" });
    const { code, stdout } = await run("verify", "runs/a");
    expect(code).toBe(6);
    expect(stdout).toContain("row 3  ben -> ben@contoso.example: drifted, the user holds foreign");
    // verify writes to no directory, and its look does not count as a run that was taken up again and cut off.
    expect(company.applied()).toHaveLength(4);
    expect((await run("status", "runs/a")).stdout).not.toContain("cut off");
  });

  test("of a run that was never applied says so row by row", async () => {
    await plan(["ada"]);
    const { code, stdout } = await run("verify", "runs/a");
    expect(code).toBe(6);
    expect(stdout).toContain("not-done");
    expect(stdout).not.toContain("results.csv");
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

  test("of some rows leaves the run to the others, and says how retry.csv comes to name them", async () => {
    await appliedRun();
    expect((await run("rollback", "runs/a", "--rows", "2", "--confirm", "1", "--run", "runs/part")).code).toBe(0);
    const line = "To have retry.csv name the rows that were set back:  hardmatch verify runs/a\n";
    const shown = (await run("status", "runs/a")).stdout;
    expect(shown).toMatch(/^ {2}state +done at /m);
    expect(shown).toMatch(/^ {2}rolled back +by runs\/part at .* UTC \(1 row\)$/m);
    expect(shown).toContain(line);
    await run("verify", "runs/a");
    expect((await run("status", "runs/a")).stdout).not.toContain(line);
    expect(readFileSync(company.path("runs/a/retry.csv"), "utf8")).toMatch(/^ada,/m);
  });

  test("is told of wherever the run is looked at, and the run is applied no more", async () => {
    await appliedRun();
    const back = await run("rollback", "runs/a", "--confirm", "4", "--run", "runs/back");
    expect(back).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("To have the files of runs/a say so:  hardmatch verify runs/a\n"),
    });
    const reads = company.tenant.ledger.entries.length;
    const applied = await run("apply", "runs/a", "--confirm", "4");
    expect(applied).toMatchObject({
      code: 7,
      stderr: expect.stringMatching(
        /This run was rolled back by runs\/back at \S+ \S+ UTC \(4 rows\)\. Nothing was read or written\./,
      ),
    });
    expect(company.tenant.ledger.entries).toHaveLength(reads);
    const unseen = await run("status", "runs/a");
    expect(unseen.stdout, "before verify has looked").toMatch(
      /^ {2}state +rolled back by runs\/back at .* \(4 rows\)$/m,
    );
    expect(unseen.stdout).toContain("What the run had come to before it was rolled back:\n  verified");

    const waited = await run("verify", "runs/a", "--wait-for-sync", "10m");
    expect(waited).toMatchObject({ code: 2, stdout: "" });
    expect(waited.stderr).toMatch(/This run was rolled back by runs\/back at .*so there is no takeover to wait for\./);
    expect(waited.stderr).toMatch(/plan anew: hardmatch plan mappings\//);

    const verified = await run("verify", "runs/a");
    expect(verified.code).toBe(6);
    expect(verified.stdout).toMatch(/^ {2}rolled-back +4 {2}the user holds its old value again$/m);
    expect(verified.stdout).toContain(": 4 of 5 rolled back\n");
    expect(verified.stdout).not.toContain("drift");
    const results = readFileSync(company.path("runs/a/results.csv"), "utf8");
    expect(results.match(/,verified,.*set back to its old value since/gm)).toHaveLength(4);
    expect(results).not.toContain("drift");
    expect(readFileSync(company.path("runs/a/report.html"), "utf8")).toContain("has been rolled back since");

    const shown = await run("status", "runs/a");
    expect(shown.stdout).toMatch(
      /^ {2}state +rolled back by runs\/back at .*\n {2}before that +applied, ended at \S+$/m,
    );
    for (const { stdout } of [unseen, verified, shown]) {
      expect(stdout).toMatch(/^To write its rows again, plan anew: +hardmatch plan mappings\//m);
      expect(stdout).not.toMatch(/To undo it|To go on|retry\.csv/);
    }
  });

  test("of one row alone leaves the run to be gone on with, and the row as it is", async () => {
    await plan(["ada", "ben"]);
    await run("apply", "runs/a", "--confirm", "2");
    expect((await run("rollback", "runs/a", "--rows", "2", "--confirm", "1")).code).toBe(0);
    const { code, stdout } = await run("apply", "runs/a", "--confirm", "2");
    expect(code).toBe(6);
    expect(stdout).toContain("set back: 1 user holds its old value again");
    expect(stdout).toContain("row 2  ada -> ada@contoso.example: set back to its old value since");
    expect(company.held("ada", "ben")).toEqual([null, idOf("ben")]);
  });

  test("works from a results.csv alone, and is itself rolled back", async () => {
    const start = await appliedRun();
    const after = valuesNow();
    company.write("mailed.csv", readFileSync(company.path("runs/a/results.csv"), "utf8"));
    expect((await run("rollback", "mailed.csv", "--confirm", "4", "--run", "runs/back")).code).toBe(0);
    expect(valuesNow()).toEqual(start);
    const verified = await run("verify", "runs/back");
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining("the user holds its old value again") });
    expect(verified.stdout).not.toContain("AD");
    for (const command of ["status", "verify"]) {
      expect((await run(command, "runs/a")).stdout).toMatch(/rolled back by runs\/back at .* \(4 rows\)$/m);
    }
    expect((await run("rollback", "runs/back", "--confirm", "4", "--run", "runs/forth")).code).toBe(0);
    expect(valuesNow()).toEqual(after);
    const taken = (await run("status", "runs/back")).stdout;
    expect(taken).toMatch(/^ {2}state +rolled back by runs\/forth at /m);
    expect(taken, "a rollback was made from no mapping").not.toContain("hardmatch plan");
    // The rollback was itself taken back: the run stands again.
    expect((await run("status", "runs/a")).stdout).not.toContain("rolled back");
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

  test("from a file that was cut at a line end names the missing lines first, ends with 6 and claims no more", async () => {
    await plan(["ada", "ben", "cyd"]);
    await run("apply", "runs/a", "--confirm", "3");
    const lines = readFileSync(company.path("runs/a/results.csv"), "utf8").split("\r\n");
    company.write("mailed.csv", `${lines.slice(0, 3).join("\r\n")}\r\n`);
    const said =
      "The results file is not whole: rows in lines that are missing or cannot be trusted are not rolled back\n" +
      "  line 3 of 3 is missing, after a line of row 3: what stood there is not known\n";
    const planned = await run("rollback", "mailed.csv", "--plan-only", "--run", "runs/back");
    expect(planned.code).toBe(6);
    expect(planned.stdout.startsWith(said)).toBe(true);
    // Whoever applies the plan later has not seen the file.
    const applied = await run("apply", "runs/back", "--confirm", "2");
    expect(applied.code).toBe(6);
    expect(applied.stdout.startsWith(said)).toBe(true);
    expect(applied.stdout).toContain(": what could be read of the record is written back;");
    expect(applied.stdout).not.toMatch(/: done|every row/);
    expect(company.held("ada", "ben", "cyd")).toEqual([null, null, idOf("cyd")]);
  });

  test("of a run that restored a user says that it stays, however the plan is applied", async () => {
    company.tenant.deleteUser(CLOUD_ID("ada"));
    company.write(
      "mappings/actions.csv",
      "sAMAccountName,userPrincipalName,onConflict\nada,ada@contoso.example,restore-target\n",
    );
    await run("plan", "mappings/actions.csv", "--allow", "restore-target", "--run", "runs/a");
    const first = await run("apply", "runs/a", "--confirm", "1", "--confirm-holders", "1");
    expect(first.code, first.stderr).toBe(0);
    await run("rollback", "runs/a", "--plan-only", "--run", "runs/back");
    const { code, stdout } = await run("apply", "runs/back", "--confirm", "1");
    expect(code).toBe(0);
    expect(stdout).toContain(
      "1 user that was restored stays: rollback does not delete it again\n  row 2  rollback-restored-stays: ada@contoso.example was brought back",
    );
    expect(company.held("ada")).toEqual([null]);
    expect(company.tenant.deletedUsers()).toEqual([]);
  });

  test("uses no other step of a row of which one line is damaged", async () => {
    await plan(["ada", "dee", "eve"], "--replace");
    await run("apply", "runs/a", "--confirm", "3");
    const text = readFileSync(company.path("runs/a/results.csv"), "utf8");
    company.write("mailed.csv", text.replace(/^(3,2,dee.*?)verified/m, "$1failed"));
    const { code, stdout } = await run("rollback", "mailed.csv", "--plan-only", "--run", "runs/back", "--json");
    expect(code).toBe(6);
    expect(JSON.parse(stdout)).toMatchObject({ damagedLines: [{ row: 3 }], leftAlone: { drifted: [], takenOver: [] } });
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

  test("from results.csv says that it is the file that keeps silent about an answer, and nothing was lost", async () => {
    await plan(["ada", "ben"]);
    await run("apply", "runs/a", "--confirm", "2");
    const { stderr } = await run("rollback", "runs/a/results.csv", "--plan-only", "--run", "runs/back");
    expect(stderr).toContain("results.csv does not say how the 3 attempts of row 2 ended");
    expect(stderr).toContain("From the run folder there would be no wait");
    expect(stderr).not.toContain("was lost at");
  });

  test.each(["runs/rollback-first", "runs/first", "elsewhere"])(
    "a second one is refused by name while the first in %s is unfinished",
    async (folder) => {
      await plan(["ada", "ben"]);
      await run("apply", "runs/a", "--confirm", "2");
      company.tenant.addFault({
        match: { method: "PATCH" },
        action: { kind: "status", status: 429, applied: false, retryAfter: "7200" },
      });
      company.write("results.csv", readFileSync(company.path("runs/a/results.csv"), "utf8"));
      const first = await run("rollback", "runs/a", "--confirm", "2", "--run", folder);
      expect(first.code).toBe(6);
      // From the file in the folder above, which is beside every one of them.
      const { code, stderr } = await run(
        "rollback",
        folder === "elsewhere" ? "results.csv" : "runs/a",
        "--confirm",
        "2",
      );
      expect(code).toBe(7);
      expect(stderr).toContain(`Finish it: hardmatch apply ${folder} --confirm 2`);
    },
  );

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
