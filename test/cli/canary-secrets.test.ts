/**
 * Secrets that are searched for in every byte that comes out: screen, JSON, files, crash reports, the list of processes.
 *
 * Each is planted where the program reads it, and is known to have been used: the directory lets the account in, the
 * tenant takes the token.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { CLOUD_ID } from "../support/facts.ts";
import {
  type Ended,
  PASSWORD,
  type RunOptions,
  type SmallCompany,
  startSmallCompany,
} from "../support/small-company.ts";

/** Stand in the environment for other programs; this one has no business with them. */
const BYSTANDERS = { AZURE_CLIENT_SECRET: "canary-of-another-program", GITHUB_TOKEN: "canary-of-yet-another" };

let company: SmallCompany;
let planted: Set<string>;
beforeAll(async () => {
  company = await startSmallCompany();
  mkdirSync(company.path("tmp"));
  const file = company.path(company.write("ldap-password.txt", `${PASSWORD}\n`));
  chmodSync(file, 0o600);
  company.write(
    "with-file.yaml",
    company.configuration().replace("passwordEnv: HARDMATCH_LDAP_PASSWORD", "passwordFile: ./ldap-password.txt"),
  );
  planted = new Set([file]);
});
afterAll(() => company.close());

/** Every spelling in which a secret could come out. */
function spellings(): string[] {
  const [, payload = "", signature = ""] = (company.environment.HARDMATCH_ACCESS_TOKEN ?? "").split(".");
  const plain = [PASSWORD, payload, signature, ...Object.values(BYSTANDERS)];
  return plain.flatMap((text) => [
    text,
    ...(["base64", "base64url", "hex"] as const).map((encoding) => Buffer.from(text).toString(encoding).slice(0, 60)),
    Buffer.from(text, "utf16le").toString("latin1"),
    encodeURIComponent(text),
  ]);
}

function expectClean(text: string, where: string): void {
  for (const [index, secret] of spellings().entries())
    expect(text.includes(secret), `secret ${index} in ${where}`).toBe(false);
}

function expectCleanFiles(): number {
  const files = readdirSync(company.folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(company.folder, name))
    .filter((path) => statSync(path).isFile() && !planted.has(path));
  for (const path of files) expectClean(readFileSync(path, "latin1"), path);
  return files.length;
}

const ended: Ended[] = [];
async function run(words: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const environment = { ...BYSTANDERS, TMPDIR: company.path("tmp"), ...options.environment };
  const result = await company.run([...words, "--verbose"], { ...options, environment });
  ended.push(result);
  expectClean(result.stdout, `stdout of ${words.join(" ")}`);
  expectClean(result.stderr, `stderr of ${words.join(" ")}`);
  return result;
}

test("E01: the whole job, from a variable and from a file, leaves no secret behind", async () => {
  const mapping = company.writeMapping(["ada", "ben", "gus"]);
  const processes: string[] = [];
  const watch = () => processes.push(execFileSync("ps", ["-ww", "-eo", "args"], { encoding: "utf8" }));
  expect((await run(["plan", mapping, "--run", "runs/a"])).code).toBe(3);
  expect((await run(["plan", mapping, "--run", "runs/b", "--config", "with-file.yaml", "--json"])).code).toBe(3);
  const applied = await run(["apply", "runs/a", "--confirm", "2", "--skip-blocked"], { watch, nudgeMs: 100 });
  expect(applied.code, applied.stderr).toBe(0);
  await run(["status", "runs/a"]);
  await run(["verify", "runs/a", "--json"]);
  expect((await run(["rollback", "runs/a", "--confirm", "2", "--run", "runs/back"])).code).toBe(0);
  expect(processes.some((list) => list.includes("apply runs/a"))).toBe(true);
  for (const list of processes) expectClean(list, "the list of processes");
  // Three runs, each with a database, a log and files for people, and the configurations.
  expect(expectCleanFiles()).toBeGreaterThan(15);
});

test("E01: sign-ins and writes that fail tell no secret", async () => {
  const mapping = company.writeMapping(["ada"]);
  const other = { HARDMATCH_LDAP_PASSWORD: `${PASSWORD}-and-wrong` };
  expect((await run(["plan", mapping], { environment: other })).code).toBe(4);
  const broken = `${company.environment.HARDMATCH_ACCESS_TOKEN ?? ""}x`;
  expect((await run(["plan", mapping], { environment: { HARDMATCH_ACCESS_TOKEN: broken } })).code).toBe(5);
  expect((await run(["plan", mapping, "--run", "runs/c"])).code).toBe(0);
  company.tenant.addFault({ match: { method: "PATCH" }, action: { kind: "status", status: 403, applied: false } });
  expect((await run(["apply", "runs/c", "--confirm", "1"])).code).toBe(6);
  company.tenant.clearFaults();
  company.tenant.changeUser(CLOUD_ID("ada"), { onPremisesImmutableId: null });
  expectCleanFiles();
});

test.each([400, 401, 403, 200])(
  "E01: a server or proxy that answers %i and throws the request's headers back has them printed nowhere",
  async (status) => {
    const server = createServer((request, response) => {
      const message = `You sent ${JSON.stringify(request.headers)} ${request.headers.authorization}`;
      response.writeHead(status, { "content-type": "application/json", "request-id": request.headers.authorization });
      response.end(JSON.stringify({ error: { code: "Mirror", message }, value: [{ id: message }] }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const configuration = company.configuration().replace(/endpoint: .*/, `endpoint: http://127.0.0.1:${port}`);
    const config = company.write("mirror.yaml", configuration);
    expect((await run(["plan", company.writeMapping(["ada"]), "--config", config])).code).toBe(5);
    expectCleanFiles();
  },
);

test("E01: a crash, and a report that Node writes about it, hold no secret", async () => {
  // Of what the program catches itself Node writes no report, so it is asked for one.
  const crash = 'process.report.writeReport(); throw new Error("crash on purpose");';
  company.write("crash.mjs", `setTimeout(() => { ${crash} }, 700);\n`);
  const words = [`--report-directory=${company.folder}`, `--import ${company.path("crash.mjs")}`];
  company.tenant.addFault({ match: {}, action: { kind: "delay", ms: 3_000 } });
  const { code } = await run(["plan", company.writeMapping(["ada"])], {
    environment: { NODE_OPTIONS: words.join(" ") },
  });
  company.tenant.clearFaults();
  expect(code).toBe(1);
  expect(readdirSync(company.folder).filter((name) => name.startsWith("report."))).toHaveLength(1);
  expectCleanFiles();
});
