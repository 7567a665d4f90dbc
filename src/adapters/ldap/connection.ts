/**
 * One signed-in connection to a domain controller, for one operation at a time.
 *
 * ldapts does the protocol; what it leaves open is decided here. It never reconnects by itself: the socket is handed to
 * it once, encrypted already, and a second request for one fails, so that nothing is ever asked on a connection that
 * nobody signed in on. It searches without paging, because ldapts takes an empty page with a cookie for the end of the
 * answer; a server then either sends everything or says `sizeLimitExceeded`, and half an answer cannot pass for one. Where
 * all users are gone through there is no other way than pages; whoever does that is told how full the last one was.
 *
 * Source: RFC 4511, RFC 2696, MS-ADTS 3.1.1.3.4.1.1 (domain scope); ldapts 9.2 (Client), checked 2026-11.
 */
import type { Socket } from "node:net";
import { type Change, Client, Control, type Entry, type Filter } from "ldapts";
import { AnswerCounter } from "./answer-counter.ts";
import { BytesAttributes } from "./entry.ts";
import {
  answerUnreadable,
  certificateNotTaken,
  connectionLost,
  explainBindRefusal,
  explainSearchFailure,
  isResultCode,
  operationTimedOut,
  stoppedBySignal,
} from "./ldap-error.ts";
import type { LdapTarget } from "./ldap-target.ts";

/** LDAP_SERVER_DOMAIN_SCOPE_OID: no referrals to other domains in the answer; those that come all the same are ignored. */
const DOMAIN_SCOPE_OID = "1.2.840.113556.1.4.1339";

function ownDomainOnly(): Control {
  return new Control(DOMAIN_SCOPE_OID, { critical: false });
}

const WHO_AM_I_OID = "1.3.6.1.4.1.4203.1.11.3";

/** ldapts wants one; it would be used only to open a socket, and the socket is given. */
const UNUSED_URL = "ldap://directory.invalid";

/** One search below `baseDn`; without a filter, for whatever is there. */
export type DirectorySearch = {
  readonly baseDn: string;
  readonly scope: "base" | "one" | "sub";
  readonly filter: Filter | null;
  readonly attributes: readonly string[];
};

/** How a modification ended: 0 is success. */
export type ModifyResult = { readonly code: number; readonly message: string };

/** Secrets, read; `external` has shown its own in TLS. */
export type Credentials =
  | { readonly method: "simple"; readonly bindDn: string; readonly password: string }
  | { readonly method: "external" };

export class LdapConnection {
  readonly #socket: Socket;
  readonly #target: LdapTarget;
  readonly #client: Client;
  readonly #counter = new AnswerCounter();
  #endedBy: Error | null = null;

  /** @param socket Connected, and encrypted unless the target is plain loopback. Belongs to the connection from now on. */
  constructor(socket: Socket, target: LdapTarget) {
    this.#socket = socket;
    this.#target = target;
    let handedOut = false;
    const handOutOnce = () => {
      if (handedOut) throw connectionLost(target);
      handedOut = true;
      socket.on("data", (chunk: Buffer) => this.#watchBytes(chunk));
      return socket;
    };
    this.#client = new Client({ url: UNUSED_URL, createConnection: handOutOnce });
    socket.once("close", () => this.#end(connectionLost(target)));
  }

  /** Whether the next operation can be tried on it. */
  get usable(): boolean {
    return this.#endedBy === null;
  }

  /** The server's address, to come back to the same one. */
  get address(): string | null {
    return this.#socket.remoteAddress ?? null;
  }

  /**
   * Signs in. A client certificate has signed in already where TLS came first, and a domain controller then refuses a
   * bind; whether it has is asked. After StartTLS it signs in by a SASL bind.
   *
   * Source: MS-ADTS 5.1.1.2 (Using SSL/TLS), RFC 4513 5.2.3, RFC 4532 (Who am I), checked 2026-11.
   *
   * @throws {LdapTrouble} refused, timed out, or the connection was lost.
   * @throws {BatchError} interrupted.
   */
  async signIn(credentials: Credentials, signal: AbortSignal): Promise<void> {
    const run = <Answer>(operation: () => Promise<Answer>) =>
      this.#run(operation, signal, (error) => (isResultCode(error) ? explainBindRefusal(error, this.#target) : null));
    if (credentials.method === "simple") {
      await run(() => this.#client.bind(credentials.bindDn, credentials.password));
    } else if (this.#target.tls === "start-tls") {
      await run(() => this.#client.bind("EXTERNAL"));
    } else {
      const { value } = await run(() => this.#client.exop(WHO_AM_I_OID));
      if (value === undefined || value === "") throw certificateNotTaken(this.#target);
    }
  }

  /**
   * Every entry that the search finds, binary attributes as bytes.
   *
   * @throws {LdapTrouble} The answer is not whole, for whatever reason.
   * @throws {BatchError} interrupted.
   */
  async search(search: DirectorySearch, signal: AbortSignal): Promise<readonly Entry[]> {
    return await this.#readAnswer(search, signal, async () => {
      const { searchEntries } = await this.#client.search(search.baseDn, this.#optionsOf(search), ownDomainOnly());
      return searchEntries;
    });
  }

  /**
   * The first few entries, as a page of which no other is asked for: a Samba DC pays no heed to a size limit. Which ones
   * they are is the server's choice.
   *
   * @throws as {@link search}
   */
  async searchFirst(search: DirectorySearch, most: number, signal: AbortSignal): Promise<readonly Entry[]> {
    return await this.#readAnswer(search, signal, async () => {
      const options = { ...this.#optionsOf(search), paged: { pageSize: most } };
      const pages = this.#client.searchPaginated(search.baseDn, options, ownDomainOnly());
      const { value, done } = await pages.next();
      return done === true ? [] : value.searchEntries;
    });
  }

  /**
   * Every entry, page by page, each page handed over as it comes.
   *
   * @returns How many entries the last page had. None means that ldapts may have taken an empty page for the end.
   * @throws as {@link search}; some pages may have been handed over by then.
   */
  async searchPages(
    search: DirectorySearch,
    pageSize: number,
    signal: AbortSignal,
    take: (entries: readonly Entry[]) => void,
  ): Promise<number> {
    const options = { ...this.#optionsOf(search), paged: { pageSize } };
    const pages = this.#client.searchPaginated(search.baseDn, options, ownDomainOnly());
    for (let last = 0; ; ) {
      let ended = false;
      const entries = await this.#readAnswer(search, signal, async () => {
        const { value, done } = await pages.next();
        ended = done === true;
        return done === true ? [] : value.searchEntries;
      });
      if (ended) return last;
      last = entries.length;
      take(entries);
    }
  }

  /**
   * Sends one modification, all of it or nothing (RFC 4511 4.6).
   *
   * @returns What the server said, success or not.
   * @throws {LdapTrouble} No answer came, or one that cannot be read: nobody knows whether it was done.
   * @throws {BatchError} interrupted: likewise, unless the signal had fired before.
   */
  async modify(dn: string, changes: readonly Change[], signal: AbortSignal): Promise<ModifyResult> {
    this.#counter.startAnswer();
    return await this.#run(
      async () => {
        try {
          await this.#client.modify(dn, [...changes]);
          return { code: 0, message: "" };
        } catch (error) {
          if (isResultCode(error)) return { code: error.code, message: error.message };
          throw error;
        }
      },
      signal,
      () => null,
    );
  }

  async #readAnswer(
    { baseDn }: DirectorySearch,
    signal: AbortSignal,
    ask: () => Promise<readonly Entry[]>,
  ): Promise<readonly Entry[]> {
    this.#counter.startAnswer();
    const entries = await this.#run(ask, signal, (error) =>
      isResultCode(error) ? explainSearchFailure(error, this.#target, baseDn) : null,
    );
    if (entries.length !== this.#counter.entries) {
      const reason = `${this.#counter.entries} entries were sent and ${entries.length} could be read`;
      throw this.#end(answerUnreadable(this.#target, reason));
    }
    return entries;
  }

  #optionsOf({ scope, filter, attributes }: DirectorySearch) {
    return {
      scope,
      attributes: [...attributes],
      explicitBufferAttributes: BytesAttributes.from(attributes),
      timeLimit: Math.ceil(this.#target.operationTimeoutMs / 1000),
      ...(filter === null ? {} : { filter }),
    };
  }

  /** Says goodbye and closes. Safe to call on a connection that is gone. */
  async close(): Promise<void> {
    if (this.#endedBy !== null) return;
    this.#endedBy = connectionLost(this.#target);
    const timer = setTimeout(() => this.#socket.destroy(), this.#target.operationTimeoutMs);
    await this.#client.unbind();
    clearTimeout(timer);
    this.#socket.destroy();
  }

  /** Ends the connection on anything but a proper LDAP answer; `explainResult` says what such an answer means. */
  async #run<Answer>(
    operation: () => Promise<Answer>,
    signal: AbortSignal,
    explainResult: (error: unknown) => Error | null,
  ): Promise<Answer> {
    if (signal.aborted) throw stoppedBySignal(signal, this.#target);
    if (this.#endedBy !== null) throw this.#endedBy;
    const onAbort = () => this.#end(stoppedBySignal(signal, this.#target));
    signal.addEventListener("abort", onAbort, { once: true });
    const timer = setTimeout(() => this.#end(operationTimedOut(this.#target)), this.#target.operationTimeoutMs);
    try {
      return await operation();
    } catch (error) {
      const explained = explainResult(error);
      if (explained !== null && this.#endedBy === null) throw explained;
      // ldapts tells of a reset before the socket closes: the connection is lost, and the answer was not looked at.
      const lost = this.#socket.errored !== null;
      throw this.#end(
        lost ? connectionLost(this.#target) : answerUnreadable(this.#target, "it is no well-formed LDAP", error),
      );
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    }
  }

  #watchBytes(chunk: Buffer): void {
    const reason = this.#counter.push(chunk);
    if (reason !== null) this.#end(answerUnreadable(this.#target, reason));
  }

  /** @returns Why the connection ended: the first reason given. */
  #end(reason: Error): Error {
    this.#endedBy ??= reason;
    this.#socket.destroy();
    return this.#endedBy;
  }
}
