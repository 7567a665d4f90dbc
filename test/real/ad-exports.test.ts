/**
 * The same 500 people from a real domain over LDAP and from every kind of export of it: the same immutable IDs, byte for
 * byte, and the same plan.
 *
 * LDIF comes from ldapsearch and ldbsearch themselves. ldifde, csvde and PowerShell run on Windows only; their files are
 * made of the entries that ldapsearch printed, by the writers of test/support/ad-exports, which say what their form was
 * compared with.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openExportDirectory } from "../../src/adapters/ad-export/export-directory.ts";
import { openLdapDirectory } from "../../src/adapters/ldap/ldap-directory.ts";
import { SignInGate } from "../../src/adapters/ldap/sign-in-gate.ts";
import { type AdAccount, PROFILE_ATTRIBUTES } from "../../src/core/ad-account.ts";
import { parseGuid } from "../../src/core/guid.ts";
import { immutableIdFromGuid } from "../../src/core/immutable-id.ts";
import { countRowsToWrite, type Plan } from "../../src/core/plan.ts";
import { planBatch } from "../../src/pipeline.ts";
import type { Directory } from "../../src/ports/directory.ts";
import type { ExportedEntry } from "../support/ad-exports/exported-entry.ts";
import { writeCsvde } from "../support/ad-exports/write-csvde.ts";
import { writeExportCsv } from "../support/ad-exports/write-export-csv.ts";
import { writeLdifde } from "../support/ad-exports/write-ldifde.ts";
import { cloudUser, digest, FLOWS, guidFor, HEADER } from "../support/facts.ts";
import { ManualClock, SILENT_LOG, SILENT_PROGRESS } from "../support/memory-run.ts";
import { MemoryTenant } from "../support/memory-world.ts";
import { ADDRESSES } from "./addresses.ts";
import { readGuidsByLdapsearch, runLdapsearch, USER_FILTER } from "./ldapsearch.ts";
import { type PrintedEntry, parseLdif } from "./ldif.ts";
import {
  formatConsistencyGuidChange,
  formatManagerChange,
  makeBystanders,
  makePeople,
  PEOPLE_COUNT,
  toEntries,
} from "./people.ts";
import { type SambaDomain, startSambaDomain } from "./samba-domain.ts";
import { describeWithSamba } from "./samba-missing.ts";

const [ADDRESS] = ADDRESSES.adExports;
const START_LIMIT_MS = 300_000;
/** Users, computers and service accounts, and the domain's head. */
const FILTER = "(|(objectClass=user)(objectClass=domainDNS))";
const BYTES = ["objectGUID", "objectSid", "mS-DS-ConsistencyGuid", "sIDHistory"];
const TEXTS = [
  ...["objectClass", "instanceType", "uSNCreated", "codePage", "countryCode", "sAMAccountName", "userPrincipalName"],
  ...["displayName", "givenName", "sn", "mail", "employeeID", "userAccountControl", "adminCount"],
  ...["isCriticalSystemObject", "proxyAddresses", ...PROFILE_ATTRIBUTES],
];
const never = new AbortController().signal;

describeWithSamba("exports of a Samba domain", () => {
  const people = makePeople();
  const folder = mkdtempSync(join(tmpdir(), "hardmatch-real-exports-"));
  let corp: SambaDomain;
  let printedIds: Map<string, string>;

  beforeAll(async () => {
    corp = await startSambaDomain({
      ...{ realm: "CORP.CONTOSO.EXAMPLE", netbiosName: "CORP", address: ADDRESS },
      entries: toEntries(people, makeBystanders()),
    });
    for (const person of people.filter(({ consistencyGuidOrigin }) => consistencyGuidOrigin === "own objectGUID")) {
      const guid = (await readGuidsByLdapsearch(corp)).get(person.account)?.objectGuidBase64 ?? "";
      await corp.ldbModify(formatConsistencyGuidChange(person, corp.baseDn, guid));
    }
    await corp.ldbModify(formatManagerChange(people, corp.baseDn));
    const guids = await readGuidsByLdapsearch(corp);
    printedIds = new Map(people.map(({ account }) => [account, guids.get(account)?.objectGuidBase64 ?? "not printed"]));
    const { stdout, exitCode } = await runLdapsearch(corp, FILTER, []);
    expect(exitCode).toBe(0);
    const entries = parseLdif(stdout).map(asExported);
    const users = parseLdif((await runLdapsearch(corp, USER_FILTER, [])).stdout).map(asExported);
    const files = {
      "ldapsearch.ldf": stdout,
      "ldbsearch.ldf": await corp.ldbSearch(FILTER),
      "ldifde.ldf": writeLdifde(entries, { unicode: false }),
      "ldifde-unicode.ldf": writeLdifde(entries, { unicode: true }),
      "csvde.csv": writeCsvde(entries, { unicode: false }),
      "csvde-unicode.csv": writeCsvde(entries, { unicode: true }),
      "export-csv.csv": `\uFEFF${writeExportCsv(users, { profile: true })}`,
    };
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  }, START_LIMIT_MS);

  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await corp?.close();
  }, START_LIMIT_MS);

  const openExport = (name: string) => openExportDirectory({ domain: "CORP", path: join(folder, name) });
  const openLive = () =>
    openLdapDirectory({
      ...{ domain: "CORP", urls: [corp.url], startTls: false, baseDn: null, gate: new SignInGate() },
      ...{ ca: readFileSync(corp.caFile, "utf8"), serverName: corp.serverName },
      signIn: { method: "simple", bindDn: corp.bindDn, password: async () => corp.password },
      ...{ connectTimeoutMs: 10_000, operationTimeoutMs: 30_000 },
    });

  const withHead = [
    "ldapsearch.ldf",
    "ldbsearch.ldf",
    "ldifde.ldf",
    "ldifde-unicode.ldf",
    "csvde.csv",
    "csvde-unicode.csv",
  ];
  const exports = [...withHead, "export-csv.csv"];

  test.each(exports)("%s gives all 500 people the immutable ID that ldapsearch prints", async (name) => {
    const found = await findPeople(openExport(name));
    const ids = new Map(found.map(({ accountName, objectGuid }) => [accountName, immutableIdFromGuid(objectGuid)]));
    expect(ids.size).toBe(PEOPLE_COUNT);
    expect(ids).toEqual(printedIds);
  });

  test.each(exports)("%s gives the accounts that LDAP gives", async (name) => {
    const live = openLive();
    expect((await findPeople(openExport(name))).map(comparable).sort(byName)).toEqual(
      (await findPeople(live)).map(comparable).sort(byName),
    );
    await live.close();
  });

  test("every export gives the plan that LDAP gives; only the domain's id may be made of its SID", async () => {
    const live = openLive();
    const { plan, identity } = await planWith(live);
    await live.close();
    expect(countRowsToWrite(plan)).toBeGreaterThan(300);
    expect(plan.findings.map(({ code }) => code)).toEqual(expect.arrayContaining(["anchor-invalid", "anchor-differs"]));
    for (const name of withHead) expect((await planWith(openExport(name))).plan, name).toEqual(plan);
    const { plan: last, identity: ofUsersOnly } = await planWith(openExport("export-csv.csv"));
    expect(ofUsersOnly?.domainId).not.toBe(identity?.domainId);
    expect(withoutDomain(last)).toEqual(withoutDomain(plan));
  });

  async function findPeople(directory: Directory): Promise<AdAccount[]> {
    const found: AdAccount[] = [];
    for (let start = 0; start < people.length; start += directory.groupSize) {
      const names = people.slice(start, start + directory.groupSize).map(({ account }) => account);
      found.push(...(await directory.findAccounts("sAMAccountName", names, never)));
    }
    return found;
  }

  /** Every third person holds the ID of their account already, and every third the one of the next person. */
  async function planWith(directory: Directory) {
    const users = people.map(({ account, userPrincipalName, mail, displayName }, index) => {
      const holder = index % 3 === 0 ? null : people[index % 3 === 1 ? index : index + 1];
      const immutableId = holder == null ? null : (printedIds.get(holder.account) ?? null);
      return cloudUser(account, { id: guidFor(account), userPrincipalName, mail, displayName, immutableId });
    });
    const header = HEADER;
    const { plan, ground } = await planBatch(
      {
        mapping: header.mapping,
        mappings: people.map(({ account, userPrincipalName: upn }, index) => ({
          ...{ row: index + 2, account, domain: null, upn, onConflict: [], writeTo: null, extra: [] },
        })),
        options: { ...header.options, replace: true },
      },
      {
        ...{ directories: [directory], forests: [], tenant: new MemoryTenant(users), clock: new ManualClock() },
        ...{ digest, flows: FLOWS, log: SILENT_LOG, progress: SILENT_PROGRESS },
        chance: { uuid: () => "request", fraction: () => 0.5 },
        limits: { inFlight: 4, settleMs: 10_000, quarantineMs: 180_000 },
        stop: { drain: never, abort: never },
      },
    );
    return { plan, identity: ground.directories[0] };
  }
});

function withoutDomain({ header, hash: _, ...plan }: Plan) {
  return { ...plan, header: { ...header, directories: [] } };
}

function comparable({ consistencyGuid, proxyAddresses, ...account }: AdAccount) {
  return {
    ...account,
    objectGuid: parseGuid(account.objectGuid),
    consistencyGuid: consistencyGuid === null ? null : Buffer.from(consistencyGuid).toString("hex"),
    proxyAddresses: [...proxyAddresses].sort(),
  };
}

function byName(one: { readonly accountName: string }, other: { readonly accountName: string }): number {
  return one.accountName < other.accountName ? -1 : 1;
}

function asExported({ dn, base64Values }: PrintedEntry): ExportedEntry {
  const attributes = [...TEXTS, ...BYTES].flatMap((name) => {
    const values = (base64Values.get(name.toLowerCase()) ?? []).map((value) => Buffer.from(value, "base64"));
    return values.length === 0 ? [] : [[name, BYTES.includes(name) ? values : values.map(String)] as const];
  });
  return { dn, attributes: Object.fromEntries(attributes) };
}
