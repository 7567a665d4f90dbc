/**
 * A Global Catalog: in which domains of a forest accounts lie.
 *
 * What it answers is never an account to match. It lacks mS-DS-ConsistencyGuid, which would look like an account without
 * one and give a wrong immutable ID; so only names leave this file.
 *
 * Source: Microsoft Learn, Global Catalog and LDAP Searches (a search of the whole forest has an empty base); MS-ADA2, checked
 * 2026-11.
 */
import type { Entry } from "ldapts";
import { BatchError } from "../../core/errors.ts";
import { domainOfDn, type ForestIdentity, type LocatedAccount } from "../../core/forest.ts";
import type { SourceKey } from "../../core/source-key.ts";
import type { Forest } from "../../ports/forest.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { decodeObjectGuid, decodeTexts } from "./entry.ts";
import { filterBySourceValues } from "./filter.ts";
import { type CatalogSettings, DEFAULT_CONNECTIONS, DEFAULT_RETRY_PAUSES_MS, GROUP_SIZE } from "./ldap-settings.ts";
import { type LdapTarget, parseTarget } from "./ldap-target.ts";
import { readForestDomains } from "./read-partitions.ts";

/**
 * Makes the adapter; nothing connects before the first call.
 *
 * @throws {BatchError} config: the url or another setting is refused; see {@link parseTarget}.
 */
export function openGlobalCatalog(settings: CatalogSettings): Forest {
  return new GlobalCatalog(settings);
}

class GlobalCatalog implements Forest {
  readonly groupSize = GROUP_SIZE;
  readonly concurrency: number;
  readonly #target: LdapTarget;
  readonly #pool: ConnectionPool;
  #identity: ForestIdentity | null = null;

  constructor(settings: CatalogSettings) {
    const { connections = DEFAULT_CONNECTIONS, retryPausesMs = DEFAULT_RETRY_PAUSES_MS } = settings;
    this.#target = parseTarget(settings, "catalog");
    this.concurrency = connections;
    this.#pool = new ConnectionPool({ ...settings, targets: [this.#target], connections, retryPausesMs });
  }

  async identify(signal: AbortSignal): Promise<ForestIdentity> {
    const attributes = ["configurationNamingContext", "dnsHostName"];
    const [root] = await this.#pool.search({ baseDn: "", scope: "base", filter: null, attributes }, signal);
    const configurationDn = root === undefined ? undefined : decodeTexts(root, "configurationNamingContext")[0];
    if (root === undefined || configurationDn === undefined)
      throw this.#refuse("the server is no Active Directory domain controller", "Check globalCatalog.");
    const domains = await readForestDomains(this.#pool, configurationDn, signal);
    if (domains === null || domains.length === 0)
      throw this.#refuse(
        `CN=Partitions,${configurationDn} cannot be read, which names the forest's domains`,
        "Give the account read permission, or leave globalCatalog out.",
      );
    const server = decodeTexts(root, "dnsHostName")[0] ?? this.#target.host;
    this.#identity = { domains, server };
    return this.#identity;
  }

  async locateAccounts(
    key: SourceKey,
    values: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly LocatedAccount[]> {
    const { domains } = this.#identity ?? (await this.identify(signal));
    const filter = filterBySourceValues(key, values);
    if (filter === null) return [];
    const attributes = ["objectGUID", "sAMAccountName", key];
    const entries = await this.#pool.searchIfReadable({ baseDn: "", scope: "sub", filter, attributes }, signal);
    if (entries === null)
      throw this.#refuse(
        "the server does not search the whole forest, so it is no Global Catalog",
        "Name a Global Catalog in globalCatalog: port 3269 for ldaps://, port 3268 for ldap:// with startTls.",
      );
    return entries.flatMap((entry) => this.#locate(entry, key, domains));
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  /** @throws {BatchError} directory: the account lies in none of the forest's domains, so nobody knows whom to ask. */
  #locate(entry: Entry, key: SourceKey, domains: ForestIdentity["domains"]): LocatedAccount[] {
    const { dn } = entry;
    const domain = domainOfDn(dn, domains);
    if (domain === null)
      throw this.#refuse(
        `${dn} lies in no domain that the forest's Partitions container names`,
        "Check globalCatalog.",
      );
    const accountName = decodeTexts(entry, "sAMAccountName")[0] ?? dn;
    return readValues(entry, key).map((value) => ({ domain, dn, accountName, value }));
  }

  #refuse(reason: string, hint: string): BatchError {
    return new BatchError("directory", `Global Catalog ${this.#target.url}: ${reason}.`, hint);
  }
}

function readValues(entry: Entry, key: SourceKey): readonly string[] {
  if (key === "objectGUID") return [decodeObjectGuid(entry)];
  return key === "distinguishedName" ? [entry.dn] : decodeTexts(entry, key);
}
