/**
 * Looking at both sides step by step, where a command would only say that it cannot go on.
 *
 * Probes only look: nothing is written to a directory or a tenant. Each method fails with a BatchError that says what
 * is wrong and what to do, in the words that any other command would use.
 */
import type { DirectoryIdentity } from "../core/ad-account.ts";
import type { SampleFacts, TlsFacts } from "../core/diagnosis/directory-lines.ts";
import type { TokenFacts } from "../core/diagnosis/permission-lines.ts";
import type { TenantIdentity } from "../core/snapshot.ts";
import type { CheckGap, SyncFeatures } from "../core/takeover-facts.ts";

/** One server, looked at without a sign-in. Each method connects anew. */
export interface ServerProbe {
  /** As configured. */
  readonly url: string;
  /** Whether there is TLS to be looked at; without it only on loopback. */
  readonly encrypted: boolean;
  /** @returns Its addresses; of an address itself that one. @throws {BatchError} directory: the name is not known. */
  resolveName(signal: AbortSignal): Promise<readonly string[]>;
  /** @throws {BatchError} directory: no connection. */
  connect(signal: AbortSignal): Promise<{ readonly address: string; readonly tookMs: number }>;
  /**
   * What the server shows in TLS, trusted or not. Nothing is asked on that connection and no secret is sent.
   *
   * @throws {BatchError} directory: no TLS at all.
   */
  shakeHands(signal: AbortSignal): Promise<TlsFacts>;
}

/** A directory that is read live. */
export interface LiveDirectoryProbe {
  readonly kind: "live";
  /** NetBIOS name, or the host where it is to be learnt. */
  readonly name: string;
  readonly servers: readonly ServerProbe[];
  readonly catalog: ServerProbe | null;
  /**
   * Signs in once, over TLS that was verified anew, and never again after a refusal: all probes of one account share
   * that.
   *
   * @throws {BatchError} directory: refused. config: there is no password, or no certificate that is any good.
   */
  signIn(signal: AbortSignal): Promise<{ readonly signedInAs: string; readonly url: string }>;
  /** @throws {BatchError} directory, config: as `Directory.identify`. */
  identify(signal: AbortSignal): Promise<DirectoryIdentity>;
  /** Reads a few user accounts below the search base. @throws {BatchError} directory. */
  readSample(baseDn: string, signal: AbortSignal): Promise<SampleFacts>;
  close(): Promise<void>;
}

/** A directory that is read from a file. */
export interface ExportedDirectoryProbe {
  readonly kind: "export";
  readonly name: string;
  readonly path: string;
  /** @throws {BatchError} input: missing, damaged, or of no known kind. */
  identify(signal: AbortSignal): Promise<DirectoryIdentity>;
  close(): Promise<void>;
}

export type DirectoryProbe = LiveDirectoryProbe | ExportedDirectoryProbe;

export interface TenantProbe {
  /** Asks Graph without a token. @throws {BatchError} tenant: no answer. */
  reach(signal: AbortSignal): Promise<{
    readonly host: string;
    /** Server clock minus local clock, milliseconds; `null` if the server sent no date. */
    readonly clockSkewMs: number | null;
  }>;
  /** @throws {BatchError} tenant: sign-in failed. config: a secret is not there. */
  signIn(signal: AbortSignal): Promise<TokenFacts>;
  /** @throws {BatchError} tenant: as `Tenant.identify`. */
  identify(signal: AbortSignal): Promise<TenantIdentity>;
  /** Reads one user and one deleted user. @throws {BatchError} tenant: either cannot be read. */
  readUsers(signal: AbortSignal): Promise<void>;
  /** Asks for the first of everything that the checks of a plan read. @throws {BatchError} tenant: no answer. */
  readTakeover(signal: AbortSignal): Promise<{
    /** `null` where they cannot be read. */
    readonly features: SyncFeatures | null;
    readonly gaps: readonly CheckGap[];
  }>;
  close(): Promise<void>;
}

/** Tries out whether a folder can be written, and leaves nothing behind. */
export interface FolderProbe {
  /** @returns The folder that was written to: the nearest that exists. @throws {BatchError} disk: it cannot be written. */
  tryFolder(folder: string): { readonly folder: string; readonly freeBytes: number };
}
