/** Runs that are stopped, killed, watched or started twice: what the program shows and how it goes on. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { idOf } from "../support/facts.ts";
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
/** Each write takes so long that a run is surely caught in the middle. */
const slowDown = (ms: number) => company.tenant.addFault({ match: { method: "PATCH" }, action: { kind: "delay", ms } });
const finish = async () => {
  company.tenant.clearFaults();
  const { code } = await run(...APPLY);
  expect(code).toBe(0);
  expect(company.held(...NAMES)).toEqual(NAMES.map(idOf));
};

describe("signals", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("%s drains an apply, which then goes on where it stopped", async (signal, exitCode) => {
    slowDown(500);
    let sent = false;
    const { code, stdout, stderr } = await company.run([...APPLY, "--canary", "1"], {
      watch: (seen, kill) => {
        if (sent || !seen.includes("canary: 1")) return;
        sent = true;
        kill(signal);
      },
    });
    expect(code).toBe(exitCode);
    expect(stderr).toContain(`${signal}: taking on nothing new`);
    expect(stdout).toContain("It stopped early: stopped by a signal");
    expect(stdout).toMatch(/^ {2}pending +4 {2}not written yet$/m);
    expect(stdout).toContain("hardmatch apply runs/a --confirm 5");
    expect(readFileSync(company.path("runs/a/results.csv"), "utf8")).toContain("pending");
    company.tenant.clearFaults();
    const resumed = await run(...APPLY);
    expect(resumed.stderr).toContain("writing: 4 to go, 1 done before");
    expect(resumed.stderr).not.toContain("canary");
    await finish();
  });

  test("a second signal stops at once, and a resume settles what was under way", async () => {
    slowDown(4_000);
    const sent = new Set<string>();
    const once = (kill: (signal: NodeJS.Signals) => void, name: string) => {
      if (!sent.has(name)) kill("SIGINT");
      sent.add(name);
    };
    const { code, stderr } = await company.run(APPLY, {
      watch: (seen, kill) => {
        if (seen.includes("finishing what is under way")) once(kill, "second");
        else if (company.tenant.ledger.entries.length > 0) once(kill, "first");
      },
      nudgeMs: 50,
    });
    expect(code).toBe(130);
    expect(stderr).toContain("Stopping at once");
    expect((await run("status", "runs/a")).stdout).toContain("undecided");
    await finish();
  });

  test("a signal while both sides are read ends at once with nothing written", async () => {
    company.tenant.addFault({ match: { method: "GET" }, action: { kind: "delay", ms: 10_000 } });
    const countRequests = () =>
      Object.values(company.tenant.ledger.requestCounts()).reduce((sum, count) => sum + count, 0);
    const before = countRequests();
    let sent = false;
    const { code, stdout } = await company.run(["verify", "runs/a", "--json"], {
      watch: (_seen, kill) => {
        if (sent || countRequests() === before) return;
        sent = true;
        kill("SIGTERM");
      },
      nudgeMs: 50,
    });
    expect(code).toBe(143);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "interrupted" } });
  });
});

test("a run that was killed is shown as cut off, its results.csv is made whole, and apply finishes it", async () => {
  slowDown(2_000);
  const { code } = await company.run(APPLY, {
    watch: (_seen, kill) => {
      if (company.tenant.ledger.entries.length > 0) kill("SIGKILL");
    },
    nudgeMs: 50,
  });
  expect(code).toBe(null);
  const { stdout } = await run("status", "runs/a");
  expect(stdout).toContain("cut off without an end");
  expect(stdout).toMatch(/^ {2}undecided +\d/m);
  expect(readFileSync(company.path("runs/a/results.csv"), "utf8").split("\r\n")).toHaveLength(8);
  await finish();
});

test("while an apply runs, status shows it, and a second apply and a rollback are refused", async () => {
  slowDown(3_000);
  const meanwhile: Promise<void>[] = [];
  const look = async () => {
    const [status, second, rollback, verify] = await Promise.all([
      run("status", "runs/a", "--json"),
      run(...APPLY),
      run("rollback", "runs/a", "--confirm", "5"),
      run("verify", "runs/a"),
    ]);
    expect(status.code).toBe(0);
    expect(JSON.parse(status.stdout)).toMatchObject({
      state: "in progress",
      heldBy: expect.stringContaining("process"),
    });
    expect([second.code, rollback.code]).toEqual([7, 7]);
    expect(second.stderr).toContain("works on this run");
    expect(verify.stderr).toMatch(/process \d+.* works on this run: what was seen is not kept in its files/);
    company.tenant.clearFaults();
  };
  const { code } = await company.run(APPLY, {
    watch: () => {
      if (meanwhile.length === 0 && company.tenant.ledger.entries.length > 0) meanwhile.push(look());
    },
    nudgeMs: 50,
  });
  await Promise.all(meanwhile);
  expect(meanwhile).toHaveLength(1);
  expect(code).toBe(0);
});

test("another run that writes to the same tenant is refused meanwhile", async () => {
  await run("plan", company.writeMapping(["ada"]), "--run", "runs/b");
  slowDown(2_000);
  const meanwhile: Promise<void>[] = [];
  const look = async () => {
    const { code, stderr } = await run("apply", "runs/b", "--confirm", "1");
    expect(code).toBe(7);
    expect(stderr).toContain("writes to this tenant");
    company.tenant.clearFaults();
  };
  await company.run(APPLY, {
    watch: () => {
      if (meanwhile.length === 0 && company.tenant.ledger.entries.length > 0) meanwhile.push(look());
    },
    nudgeMs: 50,
  });
  await Promise.all(meanwhile);
  expect(meanwhile).toHaveLength(1);
});

test("a lost answer makes a rollback wait until the write cannot land any more", async () => {
  slowDown(2_000);
  await company.run(APPLY, {
    watch: (_seen, kill) => {
      if (company.tenant.ledger.entries.length > 0) kill("SIGKILL");
    },
    nudgeMs: 50,
  });
  company.tenant.clearFaults();
  // How many writes were under way when it died is up to the machine: the plan of the way back says it.
  const planned = await run("rollback", "runs/a", "--plan-only", "--run", "runs/way-back", "--json");
  expect(planned.stderr).toMatch(/The answer to a write of this run was lost at .*Waiting \d+ s/);
  const { rowsToWrite } = JSON.parse(planned.stdout);
  expect(rowsToWrite).toBeGreaterThan(0);
  const { code, stderr } = await run("apply", "runs/way-back", "--confirm", String(rowsToWrite));
  expect(code, stderr).toBe(0);
  expect(company.held(...NAMES)).toEqual([null, null, null, idOf("eve"), idOf("dee")]);
});

test("an apply whose screen is gone goes on to its end", async () => {
  const child = spawn(
    "sh",
    ["-c", `"$0" "$1" apply runs/a --confirm 5 2>&1 | head -n 1`, process.execPath, company.program],
    {
      cwd: company.folder,
      env: company.environment,
    },
  );
  await text(child.stdout);
  for (
    let tries = 0;
    tries < 100 && (await run("status", "runs/a", "--json")).stdout.includes("in progress");
    tries += 1
  );
  expect(company.held(...NAMES)).toEqual(NAMES.map(idOf));
});

describe.skipIf(process.platform === "win32")("on a terminal", () => {
  /** `script` gives the program a terminal of its own. */
  const onTerminal = async (words: string, typed: string) => {
    const command = `"${process.execPath}" "${company.program}" ${words}`;
    const child = spawn("script", ["-qec", command, "/dev/null"], { cwd: company.folder, env: company.environment });
    let shown = "";
    child.stdout.on("data", (chunk: Buffer) => {
      const asked = shown.includes("Type the number of rows");
      shown += chunk.toString();
      if (!asked && shown.includes("Type the number of rows")) child.stdin.write(typed);
    });
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return { code, shown };
  };

  test("the operator types the number of rows", async () => {
    const { code, shown } = await onTerminal("apply runs/a", "5\r");
    expect(shown).toContain("Type the number of rows to write them: ");
    expect(code).toBe(0);
    expect(company.held(...NAMES)).toEqual(NAMES.map(idOf));
  });

  test.each([
    ["another number", "6\r", 7],
    ["a word", "yes\r", 7],
    ["Ctrl-D", "\u0004", 7],
    ["Ctrl-C", "\u0003", 130],
  ])("%s refuses, and nothing is written", async (_name, typed, exitCode) => {
    const { code, shown } = await onTerminal("apply runs/a", typed);
    expect(code).toBe(exitCode);
    expect(shown).not.toContain("finishing what is under way");
    expect(company.tenant.ledger.entries).toEqual([]);
  });
});
