/**
 * Two real domains side by side, with the same people in both: a bare name is ambiguous, a qualified one is right.
 *
 * The whole program runs `plan` on them, with ldapsearch as the witness for the immutable IDs.
 */
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openGlobalCatalog } from "../../src/adapters/ldap/global-catalog.ts";
import { openLdapDirectory } from "../../src/adapters/ldap/ldap-directory.ts";
import { DOCTOR_DOCUMENT } from "../../src/cli/documents/doctor-document.ts";
import { readCsv } from "../../src/sim/demo/read-csv.ts";
import { APPLICATION_ROLES, PERMISSIONS } from "../../src/sim/demo/simulation.ts";
import { bytesToGuid } from "../../src/sim/directory/guid-and-sid.ts";
import { type RunningTenant, startSimulatedTenant } from "../../src/sim/tenant/server.ts";
import { describeTenant, describeUser } from "../../src/sim/tenant/world.ts";
import { type DirectoryExpectations, describeDirectory } from "../conformance/directory.ts";
import { describeForest } from "../conformance/forest.ts";
import { CLOUD_ID } from "../support/facts.ts";
import { runProgram } from "../support/small-company.ts";
import { ADDRESSES } from "./addresses.ts";
import { readGuidsByLdapsearch } from "./ldapsearch.ts";
import { makeBystanders, makePeople, toEntries } from "./people.ts";
import { type SambaDomain, startSambaDomain } from "./samba-domain.ts";
import { describeWithSamba } from "./samba-missing.ts";

const [CORP_ADDRESS, OLD_ADDRESS] = ADDRESSES.twoDomains;

const START_LIMIT_MS = 300_000;

describeWithSamba("two Samba domains side by side", () => {
  const people = makePeople();
  const [plainPerson] = people.filter(({ account }) => /^[\w.-]+$/.test(account));
  const shared = plainPerson?.account ?? "";
  const started: SambaDomain[] = [];
  let corp: SambaDomain;
  let old: SambaDomain;
  let tenant: RunningTenant;
  let folder: string;

  beforeAll(async () => {
    const start = async (realm: string, netbiosName: string, address: string, bystanders = makeBystanders()) => {
      const entries = toEntries(people, bystanders);
      const domain = await startSambaDomain({ realm, netbiosName, address, entries });
      started.push(domain);
      return domain;
    };
    [corp, old] = await Promise.all([
      start("CORP.CONTOSO.EXAMPLE", "CORP", CORP_ADDRESS),
      start("OLD.FABRIKAM.EXAMPLE", "OLD", OLD_ADDRESS, []),
    ]);
    tenant = await startSimulatedTenant(
      describeTenant({
        id: randomUUID(),
        users: ["ada", "ben", "cyd"].map((name) =>
          describeUser({ id: CLOUD_ID(name), userPrincipalName: `${name}@contoso.example`, displayName: name }),
        ),
      }),
    );
    folder = mkdtempSync(join(tmpdir(), "hardmatch-two-domains-"));
    writeFileSync(join(folder, "hardmatch.yaml"), describeConfiguration());
  }, START_LIMIT_MS);

  afterAll(async () => {
    await Promise.all([...started, ...(tenant === undefined ? [] : [tenant])].map((server) => server.close()));
    if (folder !== undefined) rmSync(folder, { recursive: true });
  }, START_LIMIT_MS);

  /** The second entry leaves its name to be learnt. */
  function describeConfiguration(): string {
    const entry = (domain: SambaDomain, first: string) =>
      `  - ${first}url: ${domain.url}\n    serverName: ${domain.serverName}\n    caFile: ${domain.caFile}\n    bindDN: ${domain.bindDn}\n    passwordEnv: SAMBA_PASSWORD\n`;
    const auth = `  auth:\n    method: access-token\n    tokenEnv: GRAPH_TOKEN\n`;
    const directories = `${entry(corp, "domain: CORP\n    ")}${entry(old, "")}`;
    return `tenant:\n  id: contoso.example\n  endpoint: ${tenant.endpoint}\n${auth}directories:\n${directories}`;
  }

  async function plan(rows: readonly string[], ...words: string[]) {
    writeFileSync(join(folder, "people.csv"), ["source,upn,domain", ...rows, ""].join("\n"));
    const token = tenant.mintToken({ roles: PERMISSIONS, directoryRoles: APPLICATION_ROLES });
    const environment = { GRAPH_TOKEN: token, SAMBA_PASSWORD: corp.password, XDG_STATE_HOME: join(folder, ".state") };
    const run = `runs/${randomUUID()}`;
    const ended = await runProgram(["plan", "people.csv", "--anchor", "objectGUID", "--run", run, "--json", ...words], {
      ...{ folder, environment, options: {} },
    });
    if (ended.stdout === "") throw new Error(ended.stderr);
    const lines = readCsv(readFileSync(join(folder, run, "plan.csv"), "utf8"));
    return { document: JSON.parse(ended.stdout), ids: lines.map(({ immutableId }) => immutableId) };
  }

  const guidOf = async (domain: SambaDomain, account: string) =>
    (await readGuidsByLdapsearch(domain)).get(account)?.objectGuidBase64 ?? "not found by ldapsearch";

  test(
    "doctor finds nothing wrong with either, names the certificates, and tells a wrong password",
    async () => {
      const doctor = async (password: string) => {
        const token = tenant.mintToken({ roles: PERMISSIONS, directoryRoles: APPLICATION_ROLES });
        const environment = { GRAPH_TOKEN: token, SAMBA_PASSWORD: password };
        const { stdout } = await runProgram(["doctor", "--json"], { folder, environment, options: {} });
        const { lines } = DOCTOR_DOCUMENT.parse(JSON.parse(stdout));
        return lines.filter(({ part }) => part === "directory");
      };
      const lines = await doctor(corp.password);
      const checks = ["dns", "tcp", "tls", "bind", "search-base", "sample-search"];
      expect(lines.map(({ check }) => check)).toEqual([...checks, ...checks]);
      expect(lines.filter(({ state }) => state === "failure" || state === "not-checked")).toEqual([]);
      const says = (check: string) => lines.filter((line) => line.check === check).map((line) => line.says);
      expect(says("tls")).toEqual([expect.stringContaining("trusted over TLS"), expect.stringContaining("valid 20")]);
      expect(says("search-base")).toEqual([
        expect.stringContaining("Domain CORP"),
        expect.stringContaining("Domain OLD"),
      ]);
      expect(says("sample-search")).toEqual(Array(2).fill(expect.stringMatching(/^5 accounts read, with objectGUID/)));
      const refused = (await doctor("not the password")).filter(({ state }) => state === "failure");
      expect(refused.map(({ check, mend }) => [check, mend])).toEqual(
        Array(2).fill(["bind", expect.stringContaining("Check bindDN and the password")]),
      );
    },
    START_LIMIT_MS,
  );

  test(
    "a bare name of both is ambiguous with both named, a qualified one gets its own domain's immutable ID",
    async () => {
      const { document, ids } = await plan([
        `${shared},ada@contoso.example,`,
        `OLD\\${shared},ben@contoso.example,`,
        `${shared},cyd@contoso.example,corp`,
      ]);
      expect(document.blockedRows).toMatchObject([
        {
          row: 2,
          findings: ["source-ambiguous"],
          reason: `source-ambiguous: found as CORP\\${shared} and OLD\\${shared}`,
        },
      ]);
      expect(ids).toEqual(["", await guidOf(old, shared), await guidOf(corp, shared)]);
      expect(await guidOf(old, shared)).not.toBe(await guidOf(corp, shared));
    },
    START_LIMIT_MS,
  );

  test(
    "a DN and a GUID find one account of two that are called the same",
    async () => {
      const guid = await guidOf(old, shared);
      const dn = `${plainPerson?.relativeDn.toLowerCase()},${corp.baseDn}`.replaceAll('"', '""');
      const byDn = await plan([`"${dn}",ada@contoso.example,`], "--source-key", "distinguishedName");
      expect(byDn.document.blockedRows).toEqual([]);
      expect(byDn.ids).toEqual([await guidOf(corp, shared)]);
      const byGuid = await plan(
        [`${bytesToGuid(Buffer.from(guid, "base64"))},ada@contoso.example,`],
        "--source-key",
        "objectguid",
      );
      expect([byGuid.document.blockedRows, byGuid.ids]).toEqual([[], [guid]]);
      const byMail = await plan([`${plainPerson?.mail},ada@contoso.example,`], "--source-key", "mail");
      expect(byMail.document.blockedRows).toMatchObject([{ findings: ["source-ambiguous"] }]);
      const byUpn = await plan(
        [`${plainPerson?.userPrincipalName},ada@contoso.example,OLD`],
        "--source-key",
        "userPrincipalName",
      );
      expect(byUpn.ids).toEqual([guid]);
    },
    START_LIMIT_MS,
  );

  const settingsOf = (domain: SambaDomain) => ({
    ...{ ca: readFileSync(domain.caFile, "utf8"), serverName: domain.serverName, startTls: false },
    signIn: { method: "simple", bindDn: domain.bindDn, password: async () => domain.password } as const,
    ...{ connectTimeoutMs: 10_000, operationTimeoutMs: 30_000, retryPausesMs: [0, 0, 0] },
  });

  describeDirectory("LDAP on a Samba domain beside another, its name learnt", async () => {
    const guids = await readGuidsByLdapsearch(old);
    const expected: DirectoryExpectations = {
      domain: "OLD",
      users: people.map((person) => ({
        accountName: person.account,
        objectGuidBase64: guids.get(person.account)?.objectGuidBase64 ?? "not found by ldapsearch",
        consistencyGuidBase64: guids.get(person.account)?.consistencyGuidBase64 ?? null,
        disabled: !person.isEnabled,
        userPrincipalName: person.userPrincipalName,
        displayName: person.displayName,
        proxyAddresses: [...person.proxyAddresses].sort(),
      })),
      awkwardNames: people.slice(0, 10).map(({ account }) => account),
      others: [{ accountName: "Domain Admins", kind: "group" }],
    };
    const settings = { ...settingsOf(old), domain: null, urls: [old.url], baseDn: null };
    return { directory: openLdapDirectory(settings), expected };
  });

  describe("its Global Catalog port", () => {
    describeForest("LDAP on Samba", async () => ({
      forest: openGlobalCatalog({ ...settingsOf(corp), domain: "CORP", url: `${corp.url}:3269` }),
      expected: {
        domains: ["CORP"],
        accounts: people
          .map(({ account }) => `CORP\\${account}`)
          .filter((place) => /^[\w\\.-]+$/.test(place))
          .slice(0, 50),
      },
    }));
  });
});
