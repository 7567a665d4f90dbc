/** `init` on a terminal of its own, as a person meets it: questions, tests of the answers, and what is written. */
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readSettings } from "../../src/cli/config.ts";
import { requireDocument } from "../support/json-schemas.ts";
import { type SmallCompany, startSmallCompany } from "../support/small-company.ts";
import {
  CLEAR,
  CTRL_C,
  DOWN,
  ENTER,
  hasTerminals,
  type Keystroke,
  runInTerminal,
  type TerminalEnd,
  UP,
} from "../support/terminal.ts";

const ACCOUNT = "svc-hardmatch@corp.contoso.example";
const FILES = ["new.yaml", "hardmatch.schema.json"];

let company: SmallCompany;
beforeEach(async () => {
  company = await startSmallCompany();
});
afterEach(() => company.close());

const typedIn = (pattern: RegExp) => pattern.exec(company.configuration())?.[1] ?? "";
const init = (keystrokes: readonly Keystroke[]): Promise<TerminalEnd> =>
  runInTerminal(["init", "--config", "new.yaml"], company, keystrokes);
const written = () => FILES.filter((name) => existsSync(company.path(name)));

function answerTenant(): Keystroke[] {
  return [
    [/Which tenant/, `contoso.example${ENTER}`],
    [/In which cloud/, `${UP}${ENTER}`],
    [/Where does it listen/, `${typedIn(/endpoint: (.*)/)}${ENTER}`],
    [/How does the program sign in/, `${DOWN.repeat(7)}${ENTER}`],
    [/Where does the token come from/, ENTER],
    [/Name of the variable/, ENTER],
  ];
}

function answerDirectory(account = ACCOUNT): Keystroke[] {
  return [
    [/How is the directory read/, `${DOWN.repeat(2)}${ENTER}`],
    [/Which domain controller/, `${typedIn(/url: ldap:\/\/(.*)/)}${ENTER}`],
    [/NetBIOS name/, ENTER],
    [/Search base/, ENTER],
    [/Account that reads/, `${account}${ENTER}`],
    [/Where does its password come from/, ENTER],
    [/Name of the variable/, ENTER],
  ];
}

async function findClosedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

const NO_OTHER: Keystroke = [/Is there another domain/, ENTER];

describe.skipIf(!hasTerminals)("init", () => {
  test("asks, tests each answer and writes a configuration that doctor finds nothing wrong with", async () => {
    const { code, screen, missed } = await init([...answerTenant(), ...answerDirectory(), NO_OTHER]);
    expect([code, missed], screen).toEqual([0, []]);
    expect(screen).toMatch(/ok +tenant +"Contoso"/);
    expect(screen).toMatch(/ok +sample-search .*5 accounts read/);
    expect(screen).toContain("hardmatch doctor --config new.yaml");
    expect(written()).toEqual(FILES);
    const text = readFileSync(company.path("new.yaml"), "utf8");
    expect(text).toMatch(/^# yaml-language-server: \$schema=\.\/hardmatch\.schema\.json\n/);
    // the name was left out, and learnt from the forest
    expect(text).toMatch(/- domain: CORP #/);
    for (const secret of [company.environment.HARDMATCH_LDAP_PASSWORD, company.environment.HARDMATCH_ACCESS_TOKEN])
      expect(`${text}${screen}`).not.toContain(secret);
    const { tenant, directories } = readSettings(company.path("new.yaml"), {
      environment: company.environment,
      interactive: false,
    });
    const byHand = readSettings(company.path("hardmatch.yaml"), {
      environment: company.environment,
      interactive: false,
    });
    expect([tenant, directories]).toEqual([byHand.tenant, byHand.directories]);
    expect((await company.run(["doctor", "--config", "new.yaml"])).code).toBe(0);
  });

  test("an account that was refused is not tried again unasked, and the answers can be corrected", async () => {
    const keystrokes: Keystroke[] = [
      ...answerTenant(),
      ...answerDirectory("svc-wrong@corp.contoso.example"),
      [/Something failed. What now/, `${DOWN}${ENTER}`],
      [/was refused once.*Sign in again/s, ENTER],
      [/Something failed. What now/, ENTER],
      [/How is the directory read/, ENTER],
      [/Which domain controller/, ENTER],
      [/NetBIOS name/, ENTER],
      [/Search base/, ENTER],
      [/Account that reads/, `${CLEAR}${ACCOUNT}${ENTER}`],
      [/Where does its password come from/, ENTER],
      [/Name of the variable/, ENTER],
      NO_OTHER,
    ];
    const { code, screen, missed } = await init(keystrokes);
    expect([code, missed], screen).toEqual([0, []]);
    expect(screen.match(/failure +bind /g)).toHaveLength(2);
    expect(readFileSync(company.path("new.yaml"), "utf8")).toContain(`bindDN: ${ACCOUNT} #`);
  });

  test("an address that nobody answers at is told before anything else is asked, and can be corrected at once", async () => {
    const [id, cloud, endpoint, ...signIn] = answerTenant();
    const [reading, server, ...account] = answerDirectory();
    if (!(id && cloud && endpoint && reading && server)) throw new Error("the questions are others by now");
    const closed = `127.0.0.1:${await findClosedPort()}`;
    const keystrokes: Keystroke[] = [
      ...[id, cloud],
      [/Where does it listen/, `http://${closed}${ENTER}`],
      [/Something failed. What now/, ENTER],
      [/In which cloud/, ENTER],
      [/Where does it listen/, `${CLEAR}${endpoint[1]}`],
      ...signIn,
      reading,
      [/Which domain controller/, `${closed}${ENTER}`],
      [/Something failed. What now/, ENTER],
      [/Which domain controller/, `${CLEAR}${server[1]}`],
      ...account,
      NO_OTHER,
    ];
    const { code, screen, missed } = await init(keystrokes);
    expect([code, missed], screen).toEqual([0, []]);
    expect(screen).toMatch(/failure +graph +127\.0\.0\.1:\d+ cannot be reached: nothing listens/);
    expect(screen).toMatch(/failure +tcp +127\.0\.0\.1: Directory /);
    // what was seen early is not shown again with the rest
    expect([screen.match(/ok +graph /g)?.length, screen.match(/ok +tcp /g)?.length]).toEqual([1, 1]);
  });

  test("what was waved through early is not fought over again when the rest is known", async () => {
    const [id, cloud, _endpoint, ...signIn] = answerTenant();
    if (!(id && cloud)) throw new Error("the questions are others by now");
    const { code, screen, missed } = await init([
      ...[id, cloud],
      [/Where does it listen/, `http://127.0.0.1:${await findClosedPort()}${ENTER}`],
      [/Something failed. What now/, `${DOWN.repeat(2)}${ENTER}`],
      ...signIn,
      ...answerDirectory(),
      NO_OTHER,
    ]);
    expect([code, missed], screen).toEqual([0, []]);
    expect(screen).toContain("Not everything that was tested is as it must be.");
  });

  test("a malformed address is asked for again, and nothing stands there to be typed behind", async () => {
    const [id, cloud, endpoint] = answerTenant();
    if (!(id && cloud && endpoint)) throw new Error("the questions are others by now");
    const { code, screen } = await init([
      ...[id, cloud],
      [/Where does it listen/, `localhost 8401${ENTER}`],
      [/It must be a URL, such as http:\/\/127\.0\.0\.1:8401/, `${CLEAR}${endpoint[1]}`],
      [/How does the program sign in/, CTRL_C],
    ]);
    expect(code, screen).toBe(130);
    expect(screen).toMatch(/ok +graph /);
    expect(screen).not.toContain("Test the same answers again");
  });

  test("goes on despite a failure where the operator says so, and says so at the end", async () => {
    const { code, screen, missed } = await init([
      ...answerTenant(),
      ...answerDirectory("svc-wrong@corp.contoso.example"),
      [/Something failed. What now/, `${DOWN.repeat(2)}${ENTER}`],
      NO_OTHER,
    ]);
    expect([code, missed], screen).toEqual([0, []]);
    expect(screen).toContain("Not everything that was tested is as it must be.");
    expect(written()).toEqual(FILES);
  });

  test("a file that is there is left as it is unless the operator has it replaced", async () => {
    company.write("new.yaml", "mine: true\n");
    const { code, screen } = await init([[/new\.yaml is here already\. Replace it/, ENTER]]);
    expect([code, screen]).toEqual([7, expect.stringContaining("new.yaml is left as it is.")]);
    expect(readFileSync(company.path("new.yaml"), "utf8")).toBe("mine: true\n");
    expect(existsSync(company.path("hardmatch.schema.json"))).toBe(false);

    const replaced = await init([[/Replace it/, `y`], ...answerTenant(), ...answerDirectory(), NO_OTHER]);
    expect(replaced.code, replaced.screen).toBe(0);
    expect(readFileSync(company.path("new.yaml"), "utf8")).toContain("id: contoso.example");
  });

  test("under --json what was written and tested is one document", async () => {
    const keystrokes = [...answerTenant(), ...answerDirectory(), NO_OTHER];
    const { code, screen } = await runInTerminal(["init", "--config", "new.yaml", "--json"], company, keystrokes);
    expect(code, screen).toBe(0);
    const printed = /^\{[\s\S]*^\}/m.exec(screen.replaceAll("\r", ""))?.[0] ?? screen;
    requireDocument("init", printed);
    expect(JSON.parse(printed)).toMatchObject({
      config: company.path("new.yaml"),
      variables: ["HARDMATCH_ACCESS_TOKEN", "HARDMATCH_LDAP_PASSWORD"],
    });
  });

  test.each([0, 3, 6, 12, 13])("Ctrl-C at question %i leaves nothing behind", async (index) => {
    const before = readdirSync(company.folder).sort();
    const all = [...answerTenant(), ...answerDirectory(), NO_OTHER];
    const keystrokes = all
      .slice(0, index + 1)
      .map(([seen, keys], at): Keystroke => [seen, at === index ? CTRL_C : keys]);
    const { code, screen } = await init(keystrokes);
    expect([code, screen]).toEqual([130, expect.stringContaining("Stopped at a question. Nothing was written.")]);
    expect(readdirSync(company.folder).sort()).toEqual(before);
  });
});

test("without a terminal init is refused with what to do", async () => {
  const { code, stderr } = await company.run(["init"]);
  expect([code, stderr]).toEqual([2, expect.stringContaining("there is no terminal to ask on")]);
  expect(stderr).toContain("hardmatch doctor");
});
