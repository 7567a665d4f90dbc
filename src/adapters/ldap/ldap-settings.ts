/** What the adapter is told: which servers, whom to trust, how to sign in, how long to wait. */
import type { SignInGate } from "./sign-in-gate.ts";

/** A client certificate with its key, in PEM. */
export type ClientCertificate = {
  readonly certificate: string;
  readonly key: string;
  /** Of the key, if it is encrypted. */
  readonly passphrase: string | null;
};

/** Secrets are asked for once, before the first connection; never logged, never part of a message. */
export type SignInSettings =
  | { readonly method: "simple"; readonly bindDn: string; readonly password: () => Promise<string> }
  | { readonly method: "external"; readonly certificate: () => Promise<ClientCertificate> };

type ConnectionSettings = {
  /** NetBIOS name, as rows name the domain; `null` to learn it from the forest's Partitions container. */
  readonly domain: string | null;
  readonly startTls: boolean;
  /** PEM text of the certificates that may sign the server's; `null` for those that Node trusts. */
  readonly ca: string | null;
  /** The name that must stand in the server's certificate; `null` for the url's host. */
  readonly serverName: string | null;
  readonly signIn: SignInSettings;
  /** Shared by all connections that sign in as one account; a gate of its own if left out. */
  readonly gate?: SignInGate;
  /** For name resolution, connection and TLS together. */
  readonly connectTimeoutMs: number;
  /** For one search or sign-in, from request to whole answer. */
  readonly operationTimeoutMs: number;
  /** How many connections at most. Default 4. */
  readonly connections?: number;
  /** Waits before a search on a lost connection is tried again, milliseconds; their number bounds the tries. */
  readonly retryPausesMs?: readonly number[];
  /** Milliseconds of a clock that is never set; the process's own if left out. */
  readonly monotonicMs?: () => number;
};

export type LdapSettings = ConnectionSettings & {
  /** Domain controllers of the one domain, in the order in which they are tried until one answers. */
  readonly urls: readonly string[];
  /** Where searches begin; `null` for the whole domain. */
  readonly baseDn: string | null;
};

export type CatalogSettings = ConnectionSettings & {
  /** Of a Global Catalog; port 3269 for ldaps://, 3268 for ldap://, if it names none. */
  readonly url: string;
};

export const DEFAULT_CONNECTIONS = 4;
export const DEFAULT_RETRY_PAUSES_MS: readonly number[] = [250, 1_000, 4_000];
/** Well below the 1,000 entries that a domain controller sends at once, and measured as fast as larger groups. */
export const GROUP_SIZE = 100;
