/** An account as a sync engine imports it: what it would export, read from a directory entry. */
import { bytesToGuid } from "../directory/guid-and-sid.ts";
import type { SimulatedDomain, SimulatedEntry } from "../directory/world.ts";

export type SyncedAccount = {
  /** Knows the account again, whatever is renamed: objectGUID in base64. */
  readonly key: string;
  readonly dn: string;
  /** Source anchor in base64. */
  readonly anchor: string;
  /** objectGUID as text. */
  readonly objectGuid: string;
  readonly sid: string | null;
  readonly accountName: string;
  readonly domainName: string;
  readonly userPrincipalName: string | null;
  readonly displayName: string | null;
  readonly givenName: string | null;
  readonly surname: string | null;
  readonly mail: string | null;
  readonly proxyAddresses: readonly string[];
  readonly enabled: boolean;
  readonly managerDn: string | null;
};

/** Which attribute is the anchor: mS-DS-ConsistencyGuid where it is set, or always objectGUID. */
export type AnchorAttribute = "mS-DS-ConsistencyGuid" | "objectGUID";

/**
 * The users of a domain that are in scope, in the order of the directory. Computers, groups and contacts are no users.
 *
 * @param scope DNs of containers; everything below one is in scope. `null` is the whole domain.
 */
export function listAccounts(
  domain: SimulatedDomain,
  anchor: AnchorAttribute,
  scope: readonly string[] | null,
): SyncedAccount[] {
  return domain.entries.flatMap((entry) => {
    const classes = entry.objectClass.map((name) => name.toLowerCase());
    if (!classes.includes("user") || classes.includes("computer") || !isInScope(entry.dn, scope)) return [];
    const account = readAccount(entry, domain, anchor);
    return account === null ? [] : [account];
  });
}

function isInScope(dn: string, scope: readonly string[] | null): boolean {
  return scope === null || scope.some((container) => dn.toLowerCase().endsWith(`,${container.toLowerCase()}`));
}

function readAccount(entry: SimulatedEntry, domain: SimulatedDomain, anchor: AnchorAttribute): SyncedAccount | null {
  const texts = new Map(Object.entries(entry.attributes).map(([name, values]) => [name.toLowerCase(), values]));
  const octets = new Map(Object.entries(entry.binary).map(([name, values]) => [name.toLowerCase(), values[0] ?? null]));
  const text = (name: string) => texts.get(name.toLowerCase())?.[0] ?? null;
  const key = octets.get("objectguid") ?? null;
  const accountName = text("sAMAccountName");
  if (key === null || accountName === null) return null;
  const consistency = octets.get("ms-ds-consistencyguid") ?? null;
  const sid = octets.get("objectsid") ?? null;
  return {
    key,
    dn: entry.dn,
    anchor: anchor === "objectGUID" || consistency === null ? key : consistency,
    objectGuid: bytesToGuid(Buffer.from(key, "base64")),
    sid: sid === null ? null : sidText(Buffer.from(sid, "base64")),
    accountName,
    domainName: domain.dnsName,
    userPrincipalName: text("userPrincipalName"),
    displayName: text("displayName"),
    givenName: text("givenName"),
    surname: text("sn"),
    mail: text("mail"),
    proxyAddresses: texts.get("proxyaddresses") ?? [],
    managerDn: text("manager"),
    enabled: (Number(text("userAccountControl") ?? "512") & 2) === 0,
  };
}

function sidText(bytes: Buffer): string {
  const count = bytes[1] ?? 0;
  const parts = Array.from({ length: count }, (_, index) => bytes.readUInt32LE(8 + 4 * index));
  return ["S", bytes[0] ?? 1, bytes.readUIntBE(2, 6), ...parts].join("-");
}
