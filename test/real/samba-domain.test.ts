/**
 * Proves the test domain itself, by OpenLDAP's tools alone: if these facts fail, a failure of our own LDAP code against
 * Samba says nothing.
 */
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ADDRESSES } from "./addresses.ts";
import { readGuidsByLdapsearch, runLdapsearch, searchEntries, USER_FILTER } from "./ldapsearch.ts";
import { type SambaEntry, textValues } from "./ldif.ts";
import { formatConsistencyGuidChange, makeBystanders, makePeople, PEOPLE_COUNT, toEntries } from "./people.ts";
import { type SambaDomain, startSambaDomain } from "./samba-domain.ts";
import { describeWithSamba } from "./samba-missing.ts";

const [ADDRESS, SECOND_ADDRESS] = ADDRESSES.sambaDomain;
const START_LIMIT_MS = 300_000;

describeWithSamba("a Samba domain", () => {
  const people = makePeople();
  const bystanders = makeBystanders();
  const started: SambaDomain[] = [];
  let corp: SambaDomain;
  let lab: SambaDomain;

  async function start(realm: string, netbiosName: string, address: string, entries: SambaEntry[]) {
    const domain = await startSambaDomain({ realm, netbiosName, address, entries });
    started.push(domain);
    return domain;
  }

  beforeAll(async () => {
    [corp, lab] = await Promise.all([
      start("CORP.CONTOSO.EXAMPLE", "CORP", ADDRESS, toEntries(people, bystanders)),
      start("LAB.FABRIKAM.EXAMPLE", "LAB", SECOND_ADDRESS, toEntries(people.slice(0, 10), [])),
    ]);
  }, START_LIMIT_MS);

  afterAll(() => Promise.all(started.map((domain) => domain.close())), START_LIMIT_MS);

  test("holds all 500 users with every name exactly as described", async () => {
    const attributes = ["sAMAccountName", "userPrincipalName", "mail", "givenName", "sn", "displayName", "cn"];
    const baseDn = `OU=People,${corp.baseDn}`;
    const entries = await searchEntries(corp, USER_FILTER, [...attributes, "proxyAddresses"], { baseDn });
    const printed = entries.map((entry) => [
      ...attributes.flatMap((attribute) => textValues(entry, attribute)),
      textValues(entry, "proxyAddresses").sort(),
    ]);
    const described = people.map((person) => [
      ...[person.account, person.userPrincipalName, person.mail, person.givenName, person.surname],
      ...[person.displayName, person.commonName, [...person.proxyAddresses].sort()],
    ]);
    const byAccount = (one: unknown[], other: unknown[]) => (String(one[0]) < String(other[0]) ? -1 : 1);
    expect(printed.sort(byAccount)).toEqual(described.sort(byAccount));
    expect(printed).toHaveLength(PEOPLE_COUNT);
  });

  test("gives every user an objectGUID of its own, 16 bytes long", async () => {
    const guids = await readGuidsByLdapsearch(corp);
    const ours = people.map(({ account }) => guids.get(account)?.objectGuidBase64 ?? `no GUID for ${account}`);
    expect(ours.filter((guid) => !/^[A-Za-z0-9+/]{21}[AQgw]==$/.test(guid))).toEqual([]);
    expect(new Set(ours).size).toBe(PEOPLE_COUNT);
  });

  test("keeps a consistency GUID of another forest, junk, and one written while it runs", async () => {
    const before = await readGuidsByLdapsearch(corp);
    for (const person of people) {
      expect(before.get(person.account)?.consistencyGuidBase64, person.account).toBe(person.consistencyGuidBase64);
    }
    const own = people.filter(({ consistencyGuidOrigin }) => consistencyGuidOrigin === "own objectGUID");
    for (const person of own) {
      const { objectGuidBase64 } = before.get(person.account) ?? { objectGuidBase64: "" };
      await corp.ldbModify(formatConsistencyGuidChange(person, corp.baseDn, objectGuidBase64));
      const after = (await readGuidsByLdapsearch(corp)).get(person.account);
      expect(after).toEqual({ objectGuidBase64, consistencyGuidBase64: objectGuidBase64 });
    }
    expect(own).toHaveLength(1);
  });

  test("has one disabled user among the 500", async () => {
    const filter = `(&${USER_FILTER}(userAccountControl:1.2.840.113556.1.4.803:=2))`;
    const entries = await searchEntries(corp, filter, ["sAMAccountName"], { baseDn: `OU=People,${corp.baseDn}` });
    const disabled = people.filter(({ isEnabled }) => !isEnabled).map(({ account }) => account);
    expect(entries.flatMap((entry) => textValues(entry, "sAMAccountName"))).toEqual(disabled);
  });

  for (const { kind, relativeDn } of bystanders) {
    test(`holds a ${kind} that a search for users leaves out`, async () => {
      const baseDn = `${relativeDn},${corp.baseDn}`;
      expect(await searchEntries(corp, "(objectClass=*)", ["objectGUID"], { baseDn })).toHaveLength(1);
      expect(await searchEntries(corp, USER_FILTER, ["objectGUID"], { baseDn })).toEqual([]);
    });
  }

  test("answers a subtree search with referrals too", async () => {
    const { stdout } = await runLdapsearch(corp, "(sAMAccountName=Administrator)", ["cn"]);
    expect(stdout).toMatch(/^# refldaps?:\/\/corp\.contoso\.example\/CN=Configuration/m);
  });

  const refusals = [
    { name: "a simple bind without TLS with code 8", overPlain: true, password: null, exitCode: 8, says: "encryption" },
    { name: "a wrong password with code 49", overPlain: false, password: "wrong", exitCode: 49, says: "data 52e" },
  ];
  for (const { name, overPlain, password, exitCode, says } of refusals) {
    test(`refuses ${name}`, async () => {
      const options = { url: overPlain ? corp.plainUrl : corp.url, password: password ?? corp.password };
      const result = await runLdapsearch(corp, USER_FILTER, ["cn"], options);
      expect(result).toMatchObject({ exitCode, stdout: "", stderr: expect.stringContaining(says) });
    });
  }

  const names = [
    { name: "proves its DNS name to a client that asks for it", asksForName: true, error: null },
    {
      name: "is refused by a client that asks for the address",
      asksForName: false,
      error: "ERR_TLS_CERT_ALTNAME_INVALID",
    },
  ];
  for (const { name, asksForName, error } of names) {
    test(name, async () => {
      const servername = asksForName ? { servername: corp.serverName } : {};
      const socket = connect({ host: ADDRESS, port: 636, ca: readFileSync(corp.caFile), ...servername });
      const shaken = once(socket, "secureConnect").then(() => null);
      expect(await shaken.catch((failure: NodeJS.ErrnoException) => failure.code)).toBe(error);
      socket.destroy();
    });
  }

  test("is not trusted by a client that knows another authority only", async () => {
    const result = await runLdapsearch(corp, USER_FILTER, ["cn"], { caFile: lab.caFile });
    expect(result).toMatchObject({ exitCode: 255, stdout: "", stderr: expect.stringContaining("Can't contact") });
  });

  test("runs beside a second domain that holds the same accounts with other GUIDs", async () => {
    const [inCorp, inLab] = await Promise.all([readGuidsByLdapsearch(corp), readGuidsByLdapsearch(lab)]);
    for (const { account } of people.slice(0, 10)) {
      expect(inLab.get(account)?.objectGuidBase64).toMatch(/==$/);
      expect(inLab.get(account)?.objectGuidBase64).not.toBe(inCorp.get(account)?.objectGuidBase64);
    }
    expect([lab.baseDn, lab.serverName]).toEqual(["DC=lab,DC=fabrikam,DC=example", "dc1.lab.fabrikam.example"]);
  });

  test("is not started where something listens already", async () => {
    const start = startSambaDomain({ realm: "X.EXAMPLE", netbiosName: "X", address: ADDRESS, entries: [] });
    await expect(start).rejects.toThrow(/needs 127\.0\.0\.11:389.*EADDRINUSE/);
  });

  test("leaves neither listener nor folder behind when closed", async () => {
    await lab.close();
    await lab.close();
    expect(await runLdapsearch(lab, USER_FILTER, ["cn"])).toMatchObject({ exitCode: 255, stdout: "" });
    expect(existsSync(dirname(lab.caFile))).toBe(false);
  });
});
