/**
 * Our LDAP adapter against a real Active Directory domain, with ldapsearch as the witness for every GUID.
 */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { openLdapDirectory } from "../../src/adapters/ldap/ldap-directory.ts";
import type { LdapSettings } from "../../src/adapters/ldap/ldap-settings.ts";
import { immutableIdFromGuid } from "../../src/core/immutable-id.ts";
import { type DirectoryExpectations, describeDirectory } from "../conformance/directory.ts";
import { ADDRESSES } from "./addresses.ts";
import { readGuidsByLdapsearch } from "./ldapsearch.ts";
import { formatConsistencyGuidChange, makeBystanders, makePeople, PEOPLE_COUNT, toEntries } from "./people.ts";
import { type SambaDomain, startSambaDomain } from "./samba-domain.ts";
import { describeWithSamba } from "./samba-missing.ts";

type SettingsChanges = Partial<LdapSettings> & {
  readonly url?: string;
  readonly password?: () => Promise<string>;
};

const [ADDRESS] = ADDRESSES.ldapDirectory;
const START_LIMIT_MS = 300_000;

describeWithSamba("the LDAP directory on a Samba domain", () => {
  const people = makePeople();
  const bystanders = makeBystanders();
  let corp: SambaDomain;
  let expected: DirectoryExpectations;

  beforeAll(async () => {
    corp = await startSambaDomain({
      ...{ realm: "CORP.CONTOSO.EXAMPLE", netbiosName: "CORP", address: ADDRESS },
      entries: toEntries(people, bystanders),
    });
    for (const person of people.filter(({ consistencyGuidOrigin }) => consistencyGuidOrigin === "own objectGUID")) {
      const guid = (await readGuidsByLdapsearch(corp)).get(person.account)?.objectGuidBase64 ?? "";
      await corp.ldbModify(formatConsistencyGuidChange(person, corp.baseDn, guid));
    }
    const guids = await readGuidsByLdapsearch(corp);
    expected = {
      domain: "CORP",
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
      others: bystanders.flatMap(({ account, kind }) =>
        account === null || kind === "contact"
          ? []
          : [
              {
                accountName: account,
                kind: kind === "managed service account" ? ("managed-service-account" as const) : kind,
              },
            ],
      ),
    };
  }, START_LIMIT_MS);

  afterAll(() => corp?.close(), START_LIMIT_MS);

  function settingsFor(changes: SettingsChanges = {}): LdapSettings {
    const { url = corp.url, password = async () => corp.password, ...others } = changes;
    return {
      ...{ domain: "CORP", urls: [url], startTls: false, baseDn: null },
      ...{ ca: readFileSync(corp.caFile, "utf8"), serverName: corp.serverName },
      signIn: { method: "simple", bindDn: corp.bindDn, password },
      ...{ connectTimeoutMs: 10_000, operationTimeoutMs: 30_000, retryPausesMs: [0, 0, 0] },
      ...others,
    };
  }

  async function identify(changes: SettingsChanges) {
    const directory = openLdapDirectory(settingsFor(changes));
    try {
      return await directory.identify(new AbortController().signal);
    } finally {
      await directory.close();
    }
  }

  describeDirectory("LDAP on Samba", async () => ({ directory: openLdapDirectory(settingsFor()), expected }));

  test("the immutable ID of all 500 people is the base64 that ldapsearch prints", async () => {
    const directory = openLdapDirectory(settingsFor());
    const signal = new AbortController().signal;
    const ids = new Map<string, string>();
    for (let start = 0; start < people.length; start += directory.groupSize) {
      const names = people.slice(start, start + directory.groupSize).map(({ account }) => account);
      for (const { accountName, objectGuid } of await directory.findAccounts("sAMAccountName", names, signal)) {
        ids.set(accountName, immutableIdFromGuid(objectGuid));
      }
    }
    await directory.close();
    expect(ids.size).toBe(PEOPLE_COUNT);
    expect(ids).toEqual(
      new Map(expected.users.map(({ accountName, objectGuidBase64 }) => [accountName, objectGuidBase64])),
    );
  });

  test("identifies the domain by ldaps and by StartTLS alike", async () => {
    const overTls = await identify({});
    expect(overTls).toMatchObject({ domain: "CORP", baseDn: corp.baseDn, server: corp.serverName });
    expect(await identify({ url: corp.plainUrl, startTls: true })).toEqual({ ...overTls, url: corp.plainUrl });
  });

  test("takes a base DN below the domain, and refuses one beside it or none at all", async () => {
    const baseDn = `OU=People,${corp.baseDn}`;
    expect(await identify({ baseDn })).toMatchObject({ baseDn });
    await expect(identify({ baseDn: "DC=lab,DC=fabrikam,DC=example" })).rejects.toMatchObject({ code: "config" });
    await expect(identify({ baseDn: `OU=Nobody,${corp.baseDn}` })).rejects.toThrow(/search base does not exist/);
  });

  test("protects the built-in administrator, guest and krbtgt", async () => {
    const directory = openLdapDirectory(settingsFor());
    const found = await directory.findAccounts(
      "sAMAccountName",
      ["Administrator", "Guest", "krbtgt"],
      new AbortController().signal,
    );
    await directory.close();
    expect(found.map(({ kind, protectedAccount }) => [kind, protectedAccount])).toEqual(
      Array.from({ length: 3 }, () => ["user", true]),
    );
  });

  test("verifies the certificate although NODE_TLS_REJECT_UNAUTHORIZED is 0", async () => {
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    await expect(identify({ ca: null })).rejects.toThrow(/authority that is not trusted/);
    await expect(identify({ serverName: "dc2.corp.contoso.example" })).rejects.toThrow(/certificate is not for dc2/);
  });

  const refusals: readonly [title: string, changes: () => SettingsChanges, code: string, message: RegExp][] = [
    [
      "a wrong password",
      () => ({ password: async () => "not the password" }),
      "directory",
      /name or the password is wrong/,
    ],
    ["an unknown authority", () => ({ ca: null }), "directory", /authority that is not trusted/],
    ["the address as the server's name", () => ({ serverName: null }), "directory", /certificate is not for 127/],
    ["another domain's name", () => ({ domain: "LAB" }), "config", /domain is called CORP/],
    [
      "StartTLS with an unknown authority",
      () => ({ url: corp.plainUrl, startTls: true, ca: null }),
      "directory",
      /not trusted/,
    ],
    ["a plain sign-in", () => ({ url: corp.plainUrl }), "directory", /asks for an encrypted connection/],
  ];
  for (const [title, changes, code, message] of refusals) {
    test(`B16: refuses ${title}`, async () => {
      const refused = identify(changes());
      await expect(refused).rejects.toMatchObject({ name: "BatchError", code });
      await expect(refused).rejects.toThrow(message);
    });
  }
});
