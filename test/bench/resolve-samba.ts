/** Finding 5,000 accounts in a real directory, a Samba domain controller: as plan does it, beside one search at a time. */
import { readFileSync } from "node:fs";
import { openLdapDirectory } from "../../src/adapters/ldap/ldap-directory.ts";
import { findInGroups } from "../../src/stages/find-in-groups.ts";
import type { SambaEntry } from "../real/ldif.ts";
import { startSambaDomain } from "../real/samba-domain.ts";
import { sambaMissing } from "../real/samba-missing.ts";
import { compare, type Figure, note } from "./figure.ts";

const USERS = 5_000;
/** So many are searched for one at a time, and scaled. */
const ONE_BY_ONE = 500;
const ADDRESS = "127.0.0.51";
const NEVER = new AbortController().signal;
const NAMES = Array.from({ length: USERS }, (_, index) => `user${index}`);

export async function benchResolveSamba(): Promise<readonly Figure[]> {
  const name = "resolve-samba";
  const missing = sambaMissing();
  if (missing !== null) return [note({ case: name, what: `not run: ${missing}`, unit: "", ours: 0 })];
  const corp = await startSambaDomain({
    ...{ realm: "CORP.CONTOSO.EXAMPLE", netbiosName: "CORP", address: ADDRESS },
    entries: NAMES.map(describeUser),
  });
  const directory = openLdapDirectory({
    ...{ domain: "CORP", urls: [corp.url], startTls: false, baseDn: null },
    ...{ ca: readFileSync(corp.caFile, "utf8"), serverName: corp.serverName },
    signIn: { method: "simple", bindDn: corp.bindDn, password: async () => corp.password },
    ...{ connectTimeoutMs: 10_000, operationTimeoutMs: 60_000 },
  });
  try {
    await directory.identify(NEVER);
    const find = (names: readonly string[]) => directory.findAccounts("sAMAccountName", names, NEVER);
    const oneStartedMs = performance.now();
    for (const each of NAMES.slice(0, ONE_BY_ONE)) await find([each]);
    const comparison = ((performance.now() - oneStartedMs) / ONE_BY_ONE) * USERS;
    const startedMs = performance.now();
    const found = await findInGroups(directory, NAMES, find);
    const ours = performance.now() - startedMs;
    if (found.length !== USERS) throw new Error(`${found.length} of ${USERS} accounts were found`);
    return [
      compare(
        {
          ...{ case: name, what: `${USERS} accounts in a Samba domain`, unit: "s", ours: ours / 1000 },
          comparison: comparison / 1000,
          comparedWith: `one search at a time, measured on ${ONE_BY_ONE} and scaled`,
        },
        { ratio: "comparison/ours", atLeast: 5 },
      ),
    ];
  } finally {
    await directory.close();
    await corp.close();
  }
}

function describeUser(account: string): SambaEntry {
  return {
    relativeDn: `CN=${account},CN=Users`,
    attributes: {
      objectClass: ["user"],
      sAMAccountName: [account],
      userPrincipalName: [`${account}@corp.contoso.example`],
      displayName: [account],
      userAccountControl: ["544"],
    },
  };
}
