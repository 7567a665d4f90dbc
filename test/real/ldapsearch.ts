/**
 * What OpenLDAP's `ldapsearch` reads from a test domain: the independent witness for our own LDAP code.
 *
 * It shares no line with the adapter, prints a GUID's bytes in base64 as the server sent them, and that base64 is by
 * definition the immutable ID. Source: ldapsearch(1) and ldap.conf(5) of OpenLDAP 2.5, checked 2026-11.
 */
import { type PrintedEntry, parseLdif, textValues } from "./ldif.ts";
import { type ProgramResult, runProgram } from "./run-program.ts";
import type { SambaDomain } from "./samba-domain.ts";

export interface SearchOptions {
  /** Where to connect; the domain's ldaps URL unless told. */
  readonly url?: string;
  readonly password?: string;
  readonly caFile?: string;
  /** The domain's base DN unless told. */
  readonly baseDn?: string;
}

export interface PrintedGuids {
  /** The text after `objectGUID::`. */
  readonly objectGuidBase64: string;
  /** The text after `mS-DS-ConsistencyGuid::`, whatever its length; null when the attribute is absent. */
  readonly consistencyGuidBase64: string | null;
}

/** Users as Active Directory means it: no computer, no managed service account, no contact. */
export const USER_FILTER = "(&(objectCategory=person)(objectClass=user))";

/** Runs one subtree search with a simple bind and returns what the program said; it ends with the LDAP result code. */
export function runLdapsearch(
  domain: SambaDomain,
  filter: string,
  attributes: readonly string[],
  options: SearchOptions = {},
): Promise<ProgramResult> {
  const { url = domain.url, password = domain.password, caFile = domain.caFile, baseDn = domain.baseDn } = options;
  const programArguments = ["-LLL", "-o", "ldif-wrap=no", "-x", "-H", url, "-D", domain.bindDn, "-w", password];
  return runProgram("ldapsearch", [...programArguments, "-E", "pr=500/noprompt", "-b", baseDn, filter, ...attributes], {
    LDAPTLS_CACERT: caFile,
    LDAPTLS_REQCERT: "demand",
    LDAPTLS_REQSAN: "allow", // see certificate.ts: the address is the common name
  });
}

/**
 * The entries that a search finds over ldaps.
 *
 * @throws {Error} The search did not end with code 0; entries before the failure are not returned.
 */
export async function searchEntries(
  domain: SambaDomain,
  filter: string,
  attributes: readonly string[],
  options: SearchOptions = {},
): Promise<PrintedEntry[]> {
  const { exitCode, stdout, stderr } = await runLdapsearch(domain, filter, attributes, options);
  if (exitCode !== 0) throw new Error(`ldapsearch ended with ${exitCode}: ${stderr}`);
  return parseLdif(stdout);
}

/**
 * Both GUIDs of every user of the domain, the built-in ones too, by sAMAccountName as stored.
 *
 * @throws {Error} The search failed, or an entry came without exactly one sAMAccountName and one objectGUID.
 */
export async function readGuidsByLdapsearch(domain: SambaDomain): Promise<Map<string, PrintedGuids>> {
  const attributes = ["sAMAccountName", "objectGUID", "mS-DS-ConsistencyGuid"];
  const guids = new Map<string, PrintedGuids>();
  for (const entry of await searchEntries(domain, USER_FILTER, attributes)) {
    const [account, ...otherAccounts] = textValues(entry, "sAMAccountName");
    const [objectGuidBase64, ...otherGuids] = entry.base64Values.get("objectguid") ?? [];
    if (account === undefined || objectGuidBase64 === undefined || otherAccounts.length + otherGuids.length > 0) {
      throw new Error(`ldapsearch printed no single account name and GUID for ${entry.dn}`);
    }
    const consistencyGuidBase64 = entry.base64Values.get("ms-ds-consistencyguid")?.[0] ?? null;
    guids.set(account, { objectGuidBase64, consistencyGuidBase64 });
  }
  return guids;
}
