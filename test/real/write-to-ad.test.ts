/**
 * 300 people moved between two real domains: the IDs of their cloud users, which are synced from OLD, written into
 * mS-DS-ConsistencyGuid of their accounts in CORP by the whole program, with ldapsearch as the witness.
 */
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLdapDirectory } from "../../src/adapters/ldap/ldap-directory.ts";
import { guidFromBytes } from "../../src/core/guid.ts";
import { sidFromBytes } from "../../src/core/security-identifier.ts";
import { readCsv } from "../../src/sim/demo/read-csv.ts";
import { APPLICATION_ROLES, PERMISSIONS } from "../../src/sim/demo/simulation.ts";
import { type RunningTenant, startSimulatedTenant } from "../../src/sim/tenant/server.ts";
import { describeTenant, describeUser } from "../../src/sim/tenant/world.ts";
import { CLOUD_ID } from "../support/facts.ts";
import { type RunOptions, runProgram } from "../support/small-company.ts";
import { ADDRESSES } from "./addresses.ts";
import { searchEntries, USER_FILTER } from "./ldapsearch.ts";
import { formatLine, textValues } from "./ldif.ts";
import {
  formatMembership,
  MOVING_COUNT,
  makeMovingPeople,
  SERVICE,
  toNewEntries,
  toOldEntries,
} from "./moving-people.ts";
import { type SambaDomain, startSambaDomain } from "./samba-domain.ts";
import { describeWithSamba } from "./samba-missing.ts";

const LIMIT_MS = 300_000;
const [CORP_ADDRESS, OLD_ADDRESS] = ADDRESSES.writeToAd;
/** limits.inFlight, as it is where nobody says another. */
const MOST_UNDER_WAY = 16;
const never = () => new AbortController().signal;

type Printed = {
  readonly guid: string;
  readonly anchor: string | null;
  readonly sid: string;
  readonly dn: string;
};

describeWithSamba("users that move between two Samba domains", () => {
  const people = makeMovingPeople();
  const started: SambaDomain[] = [];
  let corp: SambaDomain;
  let old: SambaDomain;
  let tenant: RunningTenant;
  let folder: string;
  /** What each person's cloud user holds: the ID that stands for the account in OLD. */
  let ids: ReadonlyMap<string, string>;

  beforeAll(async () => {
    const start = async (
      realm: string,
      netbiosName: string,
      address: string,
      entries: ReturnType<typeof toOldEntries>,
    ) => {
      const domain = await startSambaDomain({ realm, netbiosName, address, entries });
      started.push(domain);
      return domain;
    };
    [corp, old] = await Promise.all([
      start("CORP.CONTOSO.EXAMPLE", "CORP", CORP_ADDRESS, toNewEntries(people)),
      start("OLD.FABRIKAM.EXAMPLE", "OLD", OLD_ADDRESS, toOldEntries(people)),
    ]);
    await corp.ldbModify(formatMembership(corp.baseDn));
    const before = await readPeople(old);
    ids = new Map(people.map(({ account }) => [account, before.get(account)?.guid ?? "not found"]));
    const users = people.map(({ account, upn, displayName }) =>
      describeUser({
        ...{ id: CLOUD_ID(account), userPrincipalName: upn, displayName, mail: upn },
        ...{ onPremisesImmutableId: ids.get(account) ?? null, onPremisesSyncEnabled: true },
        onPremisesSecurityIdentifier: before.get(account)?.sid ?? null,
      }),
    );
    tenant = await startSimulatedTenant(describeTenant({ id: randomUUID(), users }));
    folder = mkdtempSync(join(tmpdir(), "hardmatch-moving-"));
    configure("hardmatch.yaml", corp.bindDn);
    configure("limited.yaml", `${SERVICE.account}@corp.contoso.example`);
    const rows = people.map(({ account, upn }) => `CORP\\${account},${upn}`);
    writeFileSync(join(folder, "people.csv"), ["sAMAccountName,userPrincipalName", ...rows, ""].join("\n"));
  }, LIMIT_MS);

  afterAll(async () => {
    await Promise.all([...started, ...(tenant === undefined ? [] : [tenant])].map((server) => server.close()));
    if (folder !== undefined) rmSync(folder, { recursive: true });
  }, LIMIT_MS);

  function configure(name: string, bindDn: string): void {
    const entry = (domain: SambaDomain, bind: string, secret: string) =>
      `  - domain: ${domain.netbiosName}\n    url: ${domain.url}\n    serverName: ${domain.serverName}\n    caFile: ${domain.caFile}\n    bindDN: ${bind}\n    passwordEnv: ${secret}\n`;
    const directories = `${entry(corp, bindDn, "CORP_PASSWORD")}${entry(old, old.bindDn, "OLD_PASSWORD")}`;
    const auth = "  auth:\n    method: access-token\n    tokenEnv: GRAPH_TOKEN\n";
    const limits = "limits:\n  requestTimeoutSeconds: 5\n  settleSeconds: 0.1\n  quarantineSeconds: 6\n";
    writeFileSync(
      join(folder, name),
      `tenant:\n  id: contoso.example\n  endpoint: ${tenant.endpoint}\n${auth}directories:\n${directories}${limits}`,
    );
  }

  const run = (words: readonly string[], options: RunOptions = {}, password = corp.password) => {
    const token = tenant.mintToken({ roles: PERMISSIONS, directoryRoles: APPLICATION_ROLES });
    const environment = {
      ...{ GRAPH_TOKEN: token, CORP_PASSWORD: password, OLD_PASSWORD: old.password },
      XDG_STATE_HOME: join(folder, ".state"),
    };
    return runProgram(words, { folder, environment, options });
  };
  const linesOf = (folderOfRun: string, file: string) => readCsv(readFileSync(join(folder, folderOfRun, file), "utf8"));
  const anchors = async () => {
    const printed = await readPeople(corp);
    return new Map(people.map(({ account }) => [account, printed.get(account)?.anchor ?? null]));
  };
  const setByAdministrator = async (account: string, value: string | null) => {
    const dn = formatLine("dn", (await readPeople(corp)).get(account)?.dn ?? "");
    const attribute = "mS-DS-ConsistencyGuid";
    const values = value === null ? "" : `${attribute}:: ${value}\n`;
    await corp.ldbModify(`${dn}\nchangetype: modify\nreplace: ${attribute}\n${values}-\n`);
  };

  test(
    "whoever may write on half of the OUs is told so before the first write, and exactly that half is planned",
    async () => {
      const words = ["plan", "people.csv", "--write-to", "ad", "--run", "runs/limited", "--config", "limited.yaml"];
      const planned = await run(words, {}, SERVICE.password);
      expect(planned, planned.stderr).toMatchObject({ code: 3 });
      const rows = linesOf("runs/limited", "plan.csv");
      const byOffice = Map.groupBy(
        rows,
        ({ sAMAccountName }) => people.find(({ account }) => account === sAMAccountName)?.office,
      );
      expect(byOffice.get("North")?.map(({ action }) => action)).toEqual(Array(150).fill("set-consistency-guid"));
      expect(byOffice.get("South")?.map(({ action }) => action)).toEqual(Array(150).fill("blocked"));
      expect(byOffice.get("South")?.every(({ findings }) => findings?.includes("write-not-permitted"))).toBe(true);
      expect(new Set((await anchors()).values())).toEqual(new Set([null]));

      const apply = ["apply", "runs/limited", "--confirm", "150", "--skip-blocked", "--config", "limited.yaml"];
      const applied = await run(apply, {}, SERVICE.password);
      expect(applied, applied.stderr).toMatchObject({ code: 0 });
      const written = await anchors();
      for (const { account, office } of people)
        expect(written.get(account)).toBe(office === "North" ? ids.get(account) : null);
      const back = await run(["rollback", "runs/limited", "--run", "runs/limited-back", "--confirm", "150"]);
      expect(back, back.stderr).toMatchObject({ code: 0 });
      expect(new Set((await anchors()).values())).toEqual(new Set([null]));
    },
    LIMIT_MS,
  );

  test(
    "plan, apply, a kill -9 in the middle, resume, verify and a rollback from results.csv alone",
    async () => {
      const planned = await run(["plan", "people.csv", "--write-to", "ad", "--run", "runs/night"]);
      expect(planned, planned.stderr).toMatchObject({ code: 0 });
      const plan = linesOf("runs/night", "plan.csv");
      expect(new Set(plan.map(({ findings }) => findings))).toEqual(new Set(["old-account-remains"]));
      expect(plan.map(({ immutableId }) => immutableId)).toEqual(people.map(({ account }) => ids.get(account)));

      const apply = ["apply", "runs/night", "--confirm", String(MOVING_COUNT)];
      let looks = 0;
      const killed = await run(apply, {
        nudgeMs: 5,
        watch(stderr, kill) {
          if (/canary: \d+ in/.test(stderr)) looks += 1;
          if (looks === 10) kill("SIGKILL");
        },
      });
      expect(killed.code).toBeNull();
      const half = [...(await anchors()).values()].filter((value) => value !== null).length;
      expect(half).toBeGreaterThan(0);
      expect(half).toBeLessThan(MOVING_COUNT);

      const resumed = await run(apply);
      expect(resumed, resumed.stderr).toMatchObject({ code: 0 });
      expect(await anchors()).toEqual(ids);
      const results = linesOf("runs/night", "results.csv");
      expect(results.map(({ status }) => status)).toEqual(Array(MOVING_COUNT).fill("verified"));
      expect(new Set(results.map(({ side, previousWas }) => `${side} ${previousWas}`))).toEqual(new Set(["ad unset"]));
      // The answer to what was under way when the process died was never read: a read has settled it.
      const answered = results.filter(({ requestId }) => requestId === corp.serverName).length;
      expect(answered).toBeGreaterThanOrEqual(MOVING_COUNT - MOST_UNDER_WAY);
      expect(results.map(({ otherSideValue }) => otherSideValue)).toEqual(
        people.map(({ account }) => ids.get(account)),
      );
      const verified = await run(["verify", "runs/night"]);
      expect(verified, verified.stdout).toMatchObject({ code: 0 });
      expect(tenant.ledger.entries).toEqual([]);

      writeFileSync(join(folder, "results.csv"), readFileSync(join(folder, "runs/night/results.csv")));
      rmSync(join(folder, "runs/night"), { recursive: true });
      const rollback = ["rollback", "results.csv", "--confirm", String(MOVING_COUNT)];
      const barred = await run([...rollback, "--run", "runs/barred", "--config", "limited.yaml"], {}, SERVICE.password);
      expect(barred, barred.stderr).toMatchObject({ code: 4 });
      expect(barred.stderr).toContain(`of ${MOVING_COUNT / 2} accounts that this run writes. Nothing was written now.`);
      expect(await anchors()).toEqual(ids);
      const back = await run([...rollback, "--run", "runs/back"]);
      expect(back, back.stderr).toMatchObject({ code: 0 });
      expect(new Set((await anchors()).values())).toEqual(new Set([null]));
      expect([...(await readPeople(old)).values()].filter(({ anchor }) => anchor !== null)).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    "a value that an administrator has set meanwhile is refused by the server, whatever the write rests on",
    async () => {
      const [first] = people;
      const account = first?.account ?? "";
      const settings = {
        ...{ domain: "CORP", urls: [corp.url], baseDn: null, startTls: false },
        ...{ ca: readFileSync(corp.caFile, "utf8"), serverName: corp.serverName },
        signIn: { method: "simple", bindDn: corp.bindDn, password: async () => corp.password } as const,
        ...{ connectTimeoutMs: 10_000, operationTimeoutMs: 30_000 },
      };
      const directory = openLdapDirectory(settings);
      try {
        const printed = (await readPeople(corp)).get(account);
        const objectId = guidFromBytes(Buffer.from(printed?.guid ?? "", "base64"));
        if (objectId === null || directory.side === null) throw new Error("nothing to write to");
        const { side } = directory;
        const [ours, foreign] = [ids.get(account) ?? "", Buffer.alloc(16, 0xf0).toString("base64")];
        const write = async (before: string | null, after: string | null) => {
          const { meaning, errorCode, requestId } = await side.writeValue(
            { objectId, before, after },
            "request",
            never(),
          );
          return [meaning, errorCode, requestId, (await anchors()).get(account)];
        };
        const server = corp.serverName;
        await setByAdministrator(account, foreign);
        expect(await write(null, ours)).toEqual([
          "changed-meanwhile",
          expect.stringMatching(/^ldap-/),
          server,
          foreign,
        ]);
        expect(await write(ours, null)).toEqual(["changed-meanwhile", "ldap-16", server, foreign]);
        expect(await write(ours, ids.get("person002") ?? "")).toEqual([
          "changed-meanwhile",
          "ldap-16",
          server,
          foreign,
        ]);
        expect(await write(foreign, ours)).toEqual(["accepted", null, server, ours]);
        await setByAdministrator(account, null);
        expect(await write(ours, null)).toEqual(["changed-meanwhile", "ldap-16", server, null]);
        expect(await side.readValue(objectId, never())).toEqual({
          objectId,
          name: `CORP\\${account}`,
          value: null,
          synced: false,
        });
        expect(await side.readWhole(objectId, never())).toMatchObject({ dn: printed?.dn });
      } finally {
        await directory.close();
      }
    },
    LIMIT_MS,
  );
});

/** The people of a domain as ldapsearch prints them. */
async function readPeople(domain: SambaDomain): Promise<Map<string, Printed>> {
  const attributes = ["sAMAccountName", "objectGUID", "mS-DS-ConsistencyGuid", "objectSid"];
  const entries = await searchEntries(domain, USER_FILTER, attributes);
  return new Map(
    entries.map((entry) => {
      const firstOf = (name: string) => entry.base64Values.get(name)?.[0] ?? null;
      const sid = sidFromBytes(Buffer.from(firstOf("objectsid") ?? "", "base64")) ?? "";
      const printed = {
        guid: firstOf("objectguid") ?? "",
        anchor: firstOf("ms-ds-consistencyguid"),
        sid,
        dn: entry.dn,
      };
      return [textValues(entry, "sAMAccountName")[0] ?? "", printed];
    }),
  );
}
