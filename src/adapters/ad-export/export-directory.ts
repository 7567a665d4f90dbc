/**
 * A directory read from a file, for domains that nobody may ask over LDAP: an old forest that is gone, a customer's that
 * only sends an export.
 *
 * The file is read whole before the first answer and kept in memory. Whoever asks who this directory is makes it look
 * at the file again: `apply` compares with the file as it is then, not as it was planned.
 */
import type { AdAccount, DirectoryIdentity } from "../../core/ad-account.ts";
import { type AnchorHolder, listPossibleIds } from "../../core/ad-facts.ts";
import type { Guid } from "../../core/guid.ts";
import { foldAccents } from "../../core/names.ts";
import { foldNearSourceValue, readSourceValue, type SourceKey } from "../../core/source-key.ts";
import type { Directory } from "../../ports/directory.ts";
import { statExport, stoppedBySignal } from "./export-file.ts";
import { quoteValue, refuseExport } from "./export-problems.ts";
import { type LoadedExport, readExport, stampOf } from "./read-export.ts";

export type ExportSettings = {
  /** NetBIOS name, as rows name the domain. */
  readonly domain: string;
  readonly path: string;
};

/** Nothing is sent anywhere: the numbers only bound how often the signal is looked at. */
const GROUP_SIZE = 1000;

/** Makes the adapter; the file is not touched before the first call. */
export function openExportDirectory(settings: ExportSettings): Directory {
  return new ExportDirectory(settings);
}

type Indexed = LoadedExport & {
  readonly indexes: Map<SourceKey, ReadonlyMap<string, readonly AdAccount[]>>;
};

class ExportDirectory implements Directory {
  readonly groupSize = GROUP_SIZE;
  readonly concurrency = 1;
  /** Nobody can write to a file. */
  readonly side = null;
  readonly #domain: string;
  readonly #path: string;
  #loading: Promise<Indexed> | null = null;

  constructor({ domain, path }: ExportSettings) {
    this.#domain = domain;
    this.#path = path;
  }

  async identify(signal: AbortSignal): Promise<DirectoryIdentity> {
    return (await this.#loadAnew(signal)).identity;
  }

  async findAccounts(key: SourceKey, values: readonly string[], signal: AbortSignal): Promise<readonly AdAccount[]> {
    const loaded = await this.#load(signal);
    if (key === "distinguishedName") requireCertainDns(loaded, this.#path);
    const index = indexOf(loaded, key);
    const found = values.flatMap((value) => index.get(foldNearSourceValue(key, value)) ?? []);
    return [...new Set(found)];
  }

  async findNamesBeginningWith(beginnings: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
    const { accounts } = await this.#load(signal);
    const folded = beginnings
      .filter((text) => text !== "")
      .map(foldAccents)
      .filter((text) => text !== "");
    const names = accounts.map(({ accountName }) => accountName).filter((name) => name !== "");
    return names.filter((name) => folded.some((text) => foldAccents(name).startsWith(text)));
  }

  async findAnchorHolders(immutableIds: ReadonlySet<string>, signal: AbortSignal): Promise<readonly AnchorHolder[]> {
    const { accounts } = await this.#load(signal);
    const users = accounts.filter(({ kind }) => kind === "user");
    return users.filter((account) => listPossibleIds(account).some((id) => immutableIds.has(id)));
  }

  async findWritable(): Promise<readonly Guid[]> {
    return [];
  }

  async close(): Promise<void> {
    this.#loading = null;
  }

  /** As loaded before, if it was. */
  async #load(signal: AbortSignal): Promise<Indexed> {
    const loaded = await (this.#loading ?? this.#read(signal));
    if (signal.aborted) throw stoppedBySignal(signal);
    return loaded;
  }

  /** As loaded before only if the file is still the same. */
  async #loadAnew(signal: AbortSignal): Promise<Indexed> {
    const present = this.#loading;
    const stamp = stampOf(await statExport(this.#path));
    if (present === null || (await present).stamp !== stamp) this.#loading = null;
    return await this.#load(signal);
  }

  #read(signal: AbortSignal): Promise<Indexed> {
    const reading = readExport(this.#path, this.#domain, signal).then((loaded) => ({ ...loaded, indexes: new Map() }));
    this.#loading = reading;
    // a reading that was stopped, or a file that will be mended, must not be remembered
    reading.catch(() => {
      if (this.#loading === reading) this.#loading = null;
    });
    return reading;
  }
}

/** @throws {BatchError} input: accounts are asked for by DN, and the file's code page makes letters of DNs a guess. */
function requireCertainDns({ identity: { source }, accounts }: LoadedExport, path: string): void {
  if (source.kind === "live" || source.encoding !== "Windows-1252") return;
  const doubtful = accounts.find(({ dn }) => /[^\0-\x7f]/.test(dn));
  if (doubtful === undefined) return;
  throw refuseExport(
    path,
    `the mapping names accounts by DN, and this file is neither UTF-8 nor UTF-16, so that letters of DNs are uncertain, such as in ${quoteValue(doubtful.dn)}`,
    "Export as Unicode (-u, or -Encoding UTF8).",
  );
}

/** The accounts by what a Windows DC would hold for equal; made when a key is first asked for. */
function indexOf({ accounts, indexes }: Indexed, key: SourceKey): ReadonlyMap<string, readonly AdAccount[]> {
  const present = indexes.get(key);
  if (present !== undefined) return present;
  const index = Map.groupBy(accounts, (account) => foldNearSourceValue(key, readSourceValue(account, key) ?? ""));
  index.delete("");
  indexes.set(key, index);
  return index;
}
