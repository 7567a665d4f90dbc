/**
 * Active Directory, read live from one domain controller over LDAP.
 *
 * It only reads. Which domain answers is found out from the domain controller itself and compared with the
 * configuration, because a url under the wrong name would tie people of one domain to accounts of another.
 *
 * Source: MS-ADTS 3.1.1.3.2 (rootDSE), 6.1.1.2.1.1 (crossRef objects), checked 2026-11.
 */
import { type Entry, PresenceFilter } from "ldapts";
import type { AdAccount, DirectoryIdentity } from "../../core/ad-account.ts";
import { isUnderDn, sameDn } from "../../core/distinguished-name.ts";
import { BatchError } from "../../core/errors.ts";
import type { Guid } from "../../core/guid.ts";
import type { SourceKey } from "../../core/source-key.ts";
import type { Directory } from "../../ports/directory.ts";
import type { DirectorySearch } from "./connection.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { ACCOUNT_ATTRIBUTES, decodeAccount, decodeObjectGuid, decodeTexts } from "./entry.ts";
import { filterByBeginnings, filterBySourceValues } from "./filter.ts";
import { parseTarget } from "./ldap-target.ts";

export type LdapSettings = {
  /** NetBIOS name, as rows name the domain. */
  readonly domain: string;
  readonly url: string;
  readonly startTls: boolean;
  /** Where searches begin; `null` for the whole domain. */
  readonly baseDn: string | null;
  /** PEM text of the certificates that may sign the server's; `null` for those that Node trusts. */
  readonly ca: string | null;
  /** The name that must stand in the server's certificate; `null` for the url's host. */
  readonly serverName: string | null;
  readonly bindDn: string;
  /** Asked once, before the first connection; never logged, never part of a message. */
  readonly password: () => Promise<string>;
  /** For name resolution, connection and TLS together. */
  readonly connectTimeoutMs: number;
  /** For one search or sign-in, from request to whole answer. */
  readonly operationTimeoutMs: number;
  /** How many connections at most. Default 4. */
  readonly connections?: number;
  /** Waits before a search on a lost connection is tried again, milliseconds; their number bounds the tries. */
  readonly retryPausesMs?: readonly number[];
};

const DEFAULT_CONNECTIONS = 4;
const DEFAULT_RETRY_PAUSES_MS = [250, 1_000, 4_000] as const;
/** Well below the 1,000 entries that a domain controller sends at once, and measured as fast as larger groups. */
const GROUP_SIZE = 100;

/**
 * Makes the adapter; nothing connects before the first call.
 *
 * @throws {BatchError} config: the url or another setting is refused; see {@link parseTarget}.
 */
export function openLdapDirectory(settings: LdapSettings): Directory {
  return new LdapDirectory(settings);
}

class LdapDirectory implements Directory {
  readonly domain: string;
  readonly groupSize = GROUP_SIZE;
  readonly concurrency: number;
  readonly #baseDn: string | null;
  readonly #host: string;
  readonly #pool: ConnectionPool;
  #identity: DirectoryIdentity | null = null;

  constructor(settings: LdapSettings) {
    const { password, connections = DEFAULT_CONNECTIONS, retryPausesMs = DEFAULT_RETRY_PAUSES_MS } = settings;
    const target = parseTarget(settings);
    this.domain = settings.domain;
    this.concurrency = connections;
    this.#baseDn = settings.baseDn;
    this.#host = target.host;
    this.#pool = new ConnectionPool({ target, password, connections, retryPausesMs });
  }

  async identify(signal: AbortSignal): Promise<DirectoryIdentity> {
    const root = await this.#readOne("", ["defaultNamingContext", "configurationNamingContext", "dnsHostName"], signal);
    const domainDn = decodeTexts(root, "defaultNamingContext")[0];
    const configurationDn = decodeTexts(root, "configurationNamingContext")[0];
    if (domainDn === undefined) {
      throw this.#misnamed("directory", "the server is no Active Directory domain controller", "Check url.");
    }
    await this.#compareName(domainDn, configurationDn, signal);
    const baseDn = this.#baseDn ?? domainDn;
    if (!isUnderDn(baseDn, domainDn)) {
      throw this.#misnamed(
        "config",
        `baseDN ${baseDn} does not lie in the domain, which is ${domainDn}`,
        "Correct baseDN, or leave it out to search the whole domain.",
      );
    }
    const head = await this.#readOne(domainDn, ["objectGUID"], signal);
    if (!sameDn(baseDn, domainDn)) await this.#readOne(baseDn, ["objectGUID"], signal);
    const server = decodeTexts(root, "dnsHostName")[0] ?? this.#host;
    this.#identity = { domain: this.domain, domainId: decodeObjectGuid(head), baseDn, server };
    return this.#identity;
  }

  async findAccounts(key: SourceKey, values: readonly string[], signal: AbortSignal): Promise<readonly AdAccount[]> {
    const { baseDn } = this.#identity ?? (await this.identify(signal));
    const filter = filterBySourceValues(key, values);
    if (filter === null) return [];
    const entries = await this.#pool.search({ baseDn, scope: "sub", filter, attributes: ACCOUNT_ATTRIBUTES }, signal);
    const accounts = new Map<Guid, AdAccount>();
    for (const entry of entries) {
      const account = decodeAccount(entry, this.domain);
      accounts.set(account.objectGuid, account);
    }
    return Array.from(accounts.values());
  }

  async findNamesBeginningWith(beginnings: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
    const { baseDn } = this.#identity ?? (await this.identify(signal));
    const filter = filterByBeginnings(beginnings);
    if (filter === null) return [];
    const search: DirectorySearch = { baseDn, scope: "sub", filter, attributes: ["sAMAccountName"] };
    const entries = await this.#pool.searchWhatFits(search, signal);
    return [...new Set(entries.flatMap((entry) => decodeTexts(entry, "sAMAccountName")))];
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  /** @throws {BatchError} config: Active Directory calls this domain by another NetBIOS name. */
  async #compareName(domainDn: string, configurationDn: string | undefined, signal: AbortSignal): Promise<void> {
    if (configurationDn === undefined) return;
    const crossRefs = await this.#pool.searchIfReadable(
      {
        baseDn: `CN=Partitions,${configurationDn}`,
        scope: "one",
        filter: new PresenceFilter({ attribute: "nETBIOSName" }),
        attributes: ["nCName", "nETBIOSName"],
      },
      signal,
    );
    const crossRef = crossRefs?.find((entry) => decodeTexts(entry, "nCName").some((dn) => sameDn(dn, domainDn)));
    const name = crossRef === undefined ? undefined : decodeTexts(crossRef, "nETBIOSName")[0];
    if (name === undefined || name.toLowerCase() === this.domain.toLowerCase()) return;
    throw this.#misnamed(
      "config",
      `the server's domain is called ${name} (${domainDn})`,
      `Write domain: ${name}, or correct url if that is not the domain you mean.`,
    );
  }

  async #readOne(baseDn: string, attributes: readonly string[], signal: AbortSignal): Promise<Entry> {
    const [entry] = await this.#pool.search({ baseDn, scope: "base", filter: null, attributes }, signal);
    if (entry !== undefined) return entry;
    const place = baseDn === "" ? "the server's root" : baseDn;
    throw this.#misnamed("directory", `${place} cannot be read`, "Give the account of bindDN read permission.");
  }

  #misnamed(code: "config" | "directory", reason: string, hint: string): BatchError {
    return new BatchError(code, `Directory ${this.domain}: ${reason}.`, hint);
  }
}
