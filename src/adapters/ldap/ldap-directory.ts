/**
 * Active Directory, read live from one domain controller over LDAP.
 *
 * It only reads; its side (ldap-side.ts) writes through the same connections. Which domain answers is found out from the domain controller itself and compared with the
 * configuration, because a url under the wrong name would tie people of one domain to accounts of another.
 *
 * Source: MS-ADTS 3.1.1.3.2 (rootDSE), 6.1.1.2.1.1 (crossRef objects), checked 2026-11.
 */
import type { Entry } from "ldapts";
import type { AdAccount, DirectoryIdentity } from "../../core/ad-account.ts";
import { type AnchorHolder, listPossibleIds } from "../../core/ad-facts.ts";
import { LIVE } from "../../core/directory-source.ts";
import { isUnderDn, sameDn } from "../../core/distinguished-name.ts";
import { BatchError } from "../../core/errors.ts";
import type { Guid } from "../../core/guid.ts";
import { foldCase } from "../../core/names.ts";
import type { SourceKey } from "../../core/source-key.ts";
import type { Directory } from "../../ports/directory.ts";
import type { WritableSide } from "../../ports/writable-side.ts";
import type { DirectorySearch } from "./connection.ts";
import { ConnectionPool } from "./connection-pool.ts";
import {
  ACCOUNT_ATTRIBUTES,
  ANCHOR_ATTRIBUTES,
  decodeAccount,
  decodeAnchorHolder,
  decodeObjectGuid,
  decodeTexts,
  mayWriteAnchor,
  RIGHTS_ATTRIBUTE,
} from "./entry.ts";
import { filterAllUsers, filterByBeginnings, filterBySourceValues } from "./filter.ts";
import { DEFAULT_CONNECTIONS, DEFAULT_RETRY_PAUSES_MS, GROUP_SIZE, type LdapSettings } from "./ldap-settings.ts";
import { type FoundDomain, LdapSide } from "./ldap-side.ts";
import { parseTarget } from "./ldap-target.ts";
import { readForestDomains } from "./read-partitions.ts";

/**
 * Makes the adapter; nothing connects before the first call.
 *
 * @throws {BatchError} config: the url or another setting is refused; see {@link parseTarget}.
 */
export function openLdapDirectory(settings: LdapSettings): Directory {
  return new LdapDirectory(settings);
}

class LdapDirectory implements Directory {
  readonly groupSize = GROUP_SIZE;
  readonly concurrency: number;
  readonly side: WritableSide;
  readonly #domain: string | null;
  readonly #baseDn: string | null;
  readonly #pool: ConnectionPool;
  #identity: DirectoryIdentity | null = null;
  /** Of the whole domain: the base of searches may lie below it. */
  #domainDn: string | null = null;

  constructor({ urls, ...settings }: LdapSettings) {
    const { connections = DEFAULT_CONNECTIONS, retryPausesMs = DEFAULT_RETRY_PAUSES_MS } = settings;
    const targets = urls.map((url) => parseTarget({ ...settings, url }, "domain"));
    this.concurrency = connections;
    this.#domain = settings.domain;
    this.#baseDn = settings.baseDn;
    this.#pool = new ConnectionPool({ ...settings, targets, connections, retryPausesMs });
    const { monotonicMs = () => performance.now() } = settings;
    this.side = new LdapSide(this.#pool, { monotonicMs, findDomain: (signal) => this.#findDomain(signal) });
  }

  async identify(signal: AbortSignal): Promise<DirectoryIdentity> {
    const root = await this.#readOne("", ["defaultNamingContext", "configurationNamingContext", "dnsHostName"], signal);
    const domainDn = decodeTexts(root, "defaultNamingContext")[0];
    const configurationDn = decodeTexts(root, "configurationNamingContext")[0];
    if (domainDn === undefined) {
      throw this.#refuse("directory", "the server is no Active Directory domain controller", "Check url.");
    }
    const domain = await this.#settleName(domainDn, configurationDn, signal);
    const baseDn = this.#baseDn ?? domainDn;
    if (!isUnderDn(baseDn, domainDn)) {
      throw this.#refuse(
        "config",
        `baseDN ${baseDn} does not lie in the domain, which is ${domainDn}`,
        "Correct baseDN, or leave it out to search the whole domain.",
      );
    }
    const head = await this.#readOne(domainDn, ["objectGUID"], signal);
    if (!sameDn(baseDn, domainDn)) await this.#readOne(baseDn, ["objectGUID"], signal);
    const { host, url } = this.#pool.target;
    const server = decodeTexts(root, "dnsHostName")[0] ?? host;
    this.#domainDn = domainDn;
    this.#identity = { domain, domainId: decodeObjectGuid(head), baseDn, server, url, source: LIVE };
    return this.#identity;
  }

  async findAccounts(key: SourceKey, values: readonly string[], signal: AbortSignal): Promise<readonly AdAccount[]> {
    const { baseDn, domain } = this.#identity ?? (await this.identify(signal));
    const filter = filterBySourceValues(key, values);
    if (filter === null) return [];
    const entries = await this.#pool.search({ baseDn, scope: "sub", filter, attributes: ACCOUNT_ATTRIBUTES }, signal);
    const accounts = new Map<Guid, AdAccount>();
    for (const entry of entries) {
      const account = decodeAccount(entry, domain);
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

  async findAnchorHolders(immutableIds: ReadonlySet<string>, signal: AbortSignal): Promise<readonly AnchorHolder[]> {
    const { domain, domainDn } = await this.#findDomain(signal);
    const search = { baseDn: domainDn, scope: "sub", filter: filterAllUsers(), attributes: ANCHOR_ATTRIBUTES } as const;
    let found = new Map<Guid, AnchorHolder>();
    const begin = () => {
      found = new Map(); // a scan that begins anew sends everybody again
      return (entries: readonly Entry[]) => {
        for (const entry of entries) {
          const holder = decodeAnchorHolder(entry, domain);
          if (listPossibleIds(holder).some((id) => immutableIds.has(id))) found.set(holder.objectGuid, holder);
        }
      };
    };
    await this.#pool.scan(search, begin, signal);
    return [...found.values()];
  }

  async findWritable(objectGuids: readonly Guid[], signal: AbortSignal): Promise<readonly Guid[]> {
    const { domainDn: baseDn } = await this.#findDomain(signal);
    const filter = filterBySourceValues("objectGUID", objectGuids);
    if (filter === null) return [];
    const attributes = ["objectGUID", RIGHTS_ATTRIBUTE];
    const entries = await this.#pool.search({ baseDn, scope: "sub", filter, attributes }, signal);
    return entries.filter(mayWriteAnchor).map(decodeObjectGuid);
  }

  async #findDomain(signal: AbortSignal): Promise<FoundDomain> {
    const { domain, server } = this.#identity ?? (await this.identify(signal));
    return { domain, server, domainDn: this.#domainDn ?? "" };
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  /**
   * The NetBIOS name: the configured one, held against what the forest says, or the one that the forest says.
   *
   * @throws {BatchError} config: Active Directory calls this domain by another name, or does not tell its name.
   */
  async #settleName(domainDn: string, configurationDn: string | undefined, signal: AbortSignal): Promise<string> {
    const domains = configurationDn === undefined ? null : await readForestDomains(this.#pool, configurationDn, signal);
    const learnt = domains?.find(({ dn }) => sameDn(dn, domainDn))?.domain;
    if (this.#domain === null) {
      if (learnt !== undefined) return learnt;
      throw this.#refuse(
        "config",
        `the NetBIOS name of ${domainDn} cannot be read from the forest's Partitions container`,
        "Write the name in domain.",
      );
    }
    if (learnt === undefined || foldCase(learnt) === foldCase(this.#domain)) return this.#domain;
    throw this.#refuse(
      "config",
      `the server's domain is called ${learnt} (${domainDn})`,
      `Write domain: ${learnt}, or correct url if that is not the domain you mean.`,
    );
  }

  async #readOne(baseDn: string, attributes: readonly string[], signal: AbortSignal): Promise<Entry> {
    const [entry] = await this.#pool.search({ baseDn, scope: "base", filter: null, attributes }, signal);
    if (entry !== undefined) return entry;
    const place = baseDn === "" ? "the server's root" : baseDn;
    throw this.#refuse("directory", `${place} cannot be read`, "Give the account that signs in read permission.");
  }

  #refuse(code: "config" | "directory", reason: string, hint: string): BatchError {
    return new BatchError(code, `Directory ${this.#pool.target.domain}: ${reason}.`, hint);
  }
}
