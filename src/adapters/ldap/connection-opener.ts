/**
 * Opens connections to one domain controller of several, and signs in on them.
 *
 * The first one signs in alone, and one refusal is the last (see sign-in-gate.ts). The server that answers first is the one
 * for good, down to its address: another replica may not know what this one knew.
 */
import type { Socket } from "node:net";
import { BatchError } from "../../core/errors.ts";
import { type TlsIdentity, toTlsIdentity } from "./client-certificate.ts";
import { type Credentials, LdapConnection } from "./connection.ts";
import { LdapTrouble, nobodyReached } from "./ldap-error.ts";
import type { SignInSettings } from "./ldap-settings.ts";
import type { LdapTarget } from "./ldap-target.ts";
import { openSocket } from "./secure-socket.ts";
import { SignInGate } from "./sign-in-gate.ts";

export type OpenerSettings = {
  /** Servers that hold the same, in the order in which they are tried until one answers; at least one. */
  readonly targets: readonly LdapTarget[];
  readonly signIn: SignInSettings;
  /** Shared with others that sign in as the same account. */
  readonly gate?: SignInGate;
};

/** Read once. */
type Secrets = { readonly credentials: Credentials; readonly identity: TlsIdentity | null };

export class ConnectionOpener {
  readonly #settings: OpenerSettings;
  readonly #first: LdapTarget;
  readonly #gate: SignInGate;
  #secrets: Promise<Secrets> | null = null;
  /** Settles with the first connection, whatever becomes of it. */
  #firstTry: Promise<unknown> | null = null;
  /** The server that answered first: the only one from then on. */
  #pinned: { readonly target: LdapTarget; readonly address: string | null } | null = null;

  constructor(settings: OpenerSettings) {
    const [first] = settings.targets;
    if (first === undefined) throw new RangeError("a directory needs a server");
    this.#settings = settings;
    this.#first = first;
    this.#gate = settings.gate ?? new SignInGate();
  }

  /** The server that all answers come from; the first of the list before the first answer. */
  get target(): LdapTarget {
    return this.#pinned?.target ?? this.#first;
  }

  /** Whether the password is known to be right. */
  get signedIn(): boolean {
    return this.#pinned !== null;
  }

  /**
   * Opens a connection and signs in on it.
   *
   * @throws {LdapTrouble} unreachable, not trusted, or refused.
   * @throws {BatchError} config: the password is empty, or the certificate no good; interrupted: the signal.
   */
  async open(signal: AbortSignal): Promise<LdapConnection> {
    while (this.#pinned === null && this.#firstTry !== null) await this.#firstTry;
    this.#gate.throwIfRefused();
    if (this.#pinned !== null) return await this.#openOn(this.#pinned, signal);
    const opened = this.#openFirst(signal);
    this.#firstTry = opened.then(
      () => null,
      () => null, // whoever asked for it hears of it; the others only wait for the end
    );
    await this.#firstTry;
    this.#firstTry = null;
    return await opened;
  }

  async #openFirst(signal: AbortSignal): Promise<LdapConnection> {
    const { socket, target } = await this.#reachFirst(signal);
    const signedIn = this.#gate.enter(() => this.#signInOn(socket, target, signal));
    const connection = await signedIn.catch((error: unknown) => {
      socket.destroy(); // an earlier refusal keeps everybody out, and the socket would stay open
      throw error;
    });
    this.#pinned = { target, address: connection.address };
    return connection;
  }

  /** Tries the servers in turn. One without TLS or an answer is passed over; a certificate that is not trusted must be seen. */
  async #reachFirst(signal: AbortSignal): Promise<{ readonly socket: Socket; readonly target: LdapTarget }> {
    const { identity } = await this.#readSecrets();
    const troubles: LdapTrouble[] = [];
    for (const target of this.#settings.targets) {
      try {
        return { socket: await openSocket(target, { address: null, identity, signal }), target };
      } catch (error) {
        if (!(error instanceof LdapTrouble) || !error.replaceable) throw error;
        troubles.push(error);
      }
    }
    const [only] = troubles;
    throw troubles.length === 1 && only !== undefined ? only : nobodyReached(troubles, this.#first.domain);
  }

  async #openOn(
    { target, address }: { readonly target: LdapTarget; readonly address: string | null },
    signal: AbortSignal,
  ): Promise<LdapConnection> {
    const { identity } = await this.#readSecrets();
    return await this.#signInOn(await openSocket(target, { address, identity, signal }), target, signal);
  }

  async #signInOn(socket: Socket, target: LdapTarget, signal: AbortSignal): Promise<LdapConnection> {
    const { credentials } = await this.#readSecrets();
    const connection = new LdapConnection(socket, target);
    try {
      await connection.signIn(credentials, signal);
      return connection;
    } catch (error) {
      // a sign-in without an answer may have been counted as a wrong one, unless the password is known to be right
      const final = this.#pinned === null || !(error instanceof LdapTrouble && error.passing);
      if (final) this.#gate.refuse(error instanceof Error ? error : new Error(String(error)));
      await connection.close();
      throw error;
    }
  }

  #readSecrets(): Promise<Secrets> {
    this.#secrets ??= this.#askForSecrets();
    return this.#secrets;
  }

  async #askForSecrets(): Promise<Secrets> {
    const { signIn } = this.#settings;
    if (signIn.method === "external") {
      const identity = toTlsIdentity(await signIn.certificate(), this.#first.domain);
      return { credentials: { method: "external" }, identity };
    }
    const password = await signIn.password();
    if (password !== "") return { credentials: { method: "simple", bindDn: signIn.bindDn, password }, identity: null };
    throw new BatchError(
      "config",
      `Directory ${this.#first.domain}: the password is empty, so no connection was made.`,
      "Give the password of the account in bindDN; a domain controller takes an empty one for an anonymous visitor.",
    );
  }
}
