/**
 * One client connection: cuts the stream into messages, answers them, knows who is bound.
 *
 * Requests in flight are independent: a delayed search does not hold up the one behind it, and Abandon ends it.
 */
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { applyModification } from "./apply-modification.ts";
import { accountOfCertificate, authenticate } from "./authenticate.ts";
import { elementLength, MalformedMessageError, TAG, writeText } from "./ber.ts";
import { decodeRequest } from "./decode-request.ts";
import { describeFilter } from "./describe-filter.ts";
import { rootDse } from "./domain-entries.ts";
import { ANSWER_TAG, encodeDisconnection, encodeEntry, encodeReference, encodeResult } from "./encode-response.ts";
import { findBase } from "./find-base.ts";
import {
  type AttributeValues,
  type BindRequest,
  CONTROL,
  EXTENDED,
  type LdapRequest,
  type LdapResult,
  type ModifyRequest,
  type Operation,
  type SearchRequest,
} from "./ldap-message.ts";
import type { Ledger, LedgerEvent } from "./ledger.ts";
import { ResultSets } from "./paging.ts";
import { DECODING_ERROR, REFUSE, SUCCESS } from "./refusals.ts";
import { type Searchable, searchDirectory } from "./search-directory.ts";
import { selectAttributes } from "./select-attributes.ts";

/** Octets of one request at most, as MaxReceiveBuffer. */
export const MAX_MESSAGE_BYTES = 10_485_760;

const RIGHTS_ATTRIBUTE = "allowedAttributesEffective";

/** What a test makes of a request instead of the ordinary answer. `hang`: no answer, the connection stays open. */
export type FaultInstruction = { kind: "reset" } | { kind: "hang" } | { kind: "result"; code: number; message: string };

export type ConnectionSettings = {
  searchable: Searchable;
  ledger: Ledger;
  /** Makes a connection encrypted; `null` where the server has no certificate. */
  upgrade: ((plain: Socket, onSecure: (secure: TLSSocket) => void) => void) | null;
  requireEncryption: boolean;
  lowerCaseAttributeNames: boolean;
  mayWrite: (dn: string, attribute: string) => boolean;
  delayMs: number;
  onRequest: (request: LdapRequest) => FaultInstruction | undefined;
  readUsn: () => number;
  bumpUsn: () => void;
};

export class Connection {
  readonly #settings: ConnectionSettings;
  readonly #number: number;
  readonly #sets = new ResultSets();
  readonly #delayed = new Map<number, NodeJS.Timeout>();
  #socket: Socket;
  #encrypted: boolean;
  #boundAs: string | null = null;
  #certificateAccount: string | null = null;
  readonly #isLdaps: boolean;
  #received: Buffer = Buffer.alloc(0);
  #closing = false;

  constructor(socket: Socket, number: number, encrypted: boolean, settings: ConnectionSettings) {
    this.#settings = settings;
    this.#number = number;
    this.#encrypted = encrypted;
    this.#isLdaps = encrypted;
    this.#socket = socket;
    this.#readCertificate(socket);
    if (encrypted) this.#boundAs = this.#certificateAccount;
    this.#note({ kind: "connect" });
    this.#listen(socket);
  }

  destroy(): void {
    this.#closing = true;
    for (const timer of this.#delayed.values()) clearTimeout(timer);
    this.#delayed.clear();
    this.#socket.destroy();
  }

  #readCertificate(socket: Socket): void {
    const { domain } = this.#settings.searchable;
    this.#certificateAccount = socket instanceof TLSSocket ? accountOfCertificate(socket, domain) : null;
  }

  #listen(socket: Socket): void {
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    // A client that goes away is ordinary life for a server: the error is followed by "close".
    socket.on("error", () => this.destroy());
    socket.on("close", () => this.destroy());
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    try {
      for (let message = this.#takeMessage(); message !== null; message = this.#takeMessage())
        this.#handle(decodeRequest(message));
    } catch (error) {
      if (!(error instanceof MalformedMessageError)) throw error;
      this.#note({ kind: "disconnection", reason: error.message });
      this.#closing = true;
      this.#socket.end(encodeDisconnection(DECODING_ERROR), () => this.destroy());
    }
  }

  #takeMessage(): Buffer | null {
    if (this.#closing || this.#received.length === 0) return null;
    if (this.#received[0] !== TAG.sequence) throw new MalformedMessageError("message does not start a sequence");
    const length = elementLength(this.#received);
    if (length === null) return null;
    const total = length.header + length.content;
    if (total > MAX_MESSAGE_BYTES) throw new MalformedMessageError("message longer than MaxReceiveBuffer");
    if (this.#received.length < total) return null;
    const message = this.#received.subarray(0, total);
    this.#received = this.#received.subarray(total);
    return message;
  }

  #handle(request: LdapRequest): void {
    const { messageId, operation, controls } = request;
    const fault = this.#settings.onRequest(request);
    if (fault?.kind === "hang") return;
    if (fault?.kind === "reset") {
      this.#closing = true;
      // what TLS wraps cannot be reset through it
      if (this.#socket instanceof TLSSocket) this.#socket.destroy();
      else this.#socket.resetAndDestroy();
      return;
    }
    const answerTag = answerTagOf(operation);
    if (answerTag === null) {
      this.#handleUnanswered(operation);
      return;
    }
    const known: readonly string[] = Object.values(CONTROL);
    const refusal = fault
      ? { code: fault.code, message: fault.message }
      : controls.some(({ oid, critical }) => critical && !known.includes(oid))
        ? REFUSE.criticalControl()
        : null;
    if (operation.kind === "search") {
      this.#delay(messageId, () => this.#answerSearch(request, operation, refusal));
      return;
    }
    if (operation.kind === "extended") {
      this.#answerExtended(messageId, operation.oid, refusal);
      return;
    }
    const result =
      refusal ??
      (operation.kind === "not-simulated" ? (this.#boundAs ? REFUSE.notSimulated() : REFUSE.notBound()) : null);
    if (operation.kind === "bind") this.#send(encodeResult(messageId, answerTag, this.#bind(operation, result)));
    else if (operation.kind === "modify")
      this.#send(encodeResult(messageId, answerTag, this.#modify(request, operation, result)));
    else if (result) this.#send(encodeResult(messageId, answerTag, result));
  }

  #handleUnanswered(operation: Operation): void {
    if (operation.kind !== "abandon") {
      this.#closing = true;
      this.#socket.end();
      return;
    }
    clearTimeout(this.#delayed.get(operation.target));
    this.#delayed.delete(operation.target);
    this.#note({ kind: "abandon", target: operation.target });
  }

  #delay(messageId: number, answer: () => void): void {
    if (this.#settings.delayMs === 0) {
      answer();
      return;
    }
    const timer = setTimeout(() => {
      this.#delayed.delete(messageId);
      answer();
    }, this.#settings.delayMs);
    this.#delayed.set(messageId, timer);
  }

  #bind(request: BindRequest, refusal: LdapResult | null): LdapResult {
    const { searchable, requireEncryption } = this.#settings;
    const plainRefused = requireEncryption && !this.#encrypted;
    const { result, boundAs } = refusal
      ? { result: refusal, boundAs: null }
      : authenticate(request, searchable.domain, searchable.tree, {
          plainRefused,
          certificateAccount: this.#certificateAccount,
          isLdaps: this.#isLdaps,
        });
    this.#boundAs = boundAs;
    this.#note({ kind: "bind", name: request.name, ok: result.code === 0, code: result.code });
    return result;
  }

  #modify({ controls }: LdapRequest, { dn, changes }: ModifyRequest, refusal: LdapResult | null): LdapResult {
    const result =
      refusal ??
      (this.#boundAs
        ? this.#change(
            dn,
            changes,
            controls.some(({ oid }) => oid === CONTROL.permissiveModify),
          )
        : REFUSE.notBound());
    const noted = changes.map(({ values, ...change }) => ({
      ...change,
      values: values.map((value) => value.toString("base64")),
    }));
    this.#note({ kind: "modify", dn, changes: noted, code: result.code });
    return result;
  }

  #change(dn: string, changes: ModifyRequest["changes"], permissive: boolean): LdapResult {
    const { tree, schema, comparison, domain, isCatalog } = this.#settings.searchable;
    if (isCatalog) return REFUSE.readOnly();
    const target = findBase(dn, tree, domain, this.#scheme());
    if ("code" in target) return target;
    const held = tree.readSource(target.dn);
    if (!held) return REFUSE.noObject("");
    if (!changes.every(({ attribute }) => this.#settings.mayWrite(target.dn, attribute))) return REFUSE.noAccess();
    const { result, entry } = applyModification(held.source, changes, { schema, comparison, permissive });
    if (result.code !== 0) return result;
    tree.put(entry, held.generated);
    this.#settings.bumpUsn();
    return SUCCESS;
  }

  #answerSearch({ messageId, controls }: LdapRequest, request: SearchRequest, refusal: LdapResult | null): void {
    const { searchable, lowerCaseAttributeNames } = this.#settings;
    const options = { typesOnly: request.typesOnly, lowerCaseNames: lowerCaseAttributeNames };
    const isRootDse = request.base === "" && request.scope === "base";
    const finish = (
      sent: readonly Buffer[],
      references: readonly string[],
      result: LdapResult,
      answerControls: LdapRequest["controls"] = [],
    ) => {
      const { base, scope, attributes } = request;
      this.#note({
        kind: "search",
        base,
        scope,
        filter: describeFilter(request.filter),
        attributes,
        count: sent.length,
        code: result.code,
      });
      const refs = references.map((uri) => encodeReference(messageId, uri));
      this.#send(
        Buffer.concat([
          ...sent,
          ...refs,
          encodeResult(messageId, ANSWER_TAG.search, result, { controls: answerControls }),
        ]),
      );
    };
    if (refusal) {
      finish([], [], refusal);
      return;
    }
    if (isRootDse) {
      const attributes = rootDse(searchable.domain, {
        offersTls: this.#settings.upgrade !== null,
        now: new Date(),
        usn: this.#settings.readUsn(),
      });
      finish([encodeEntry(messageId, "", selectAttributes(attributes, request.attributes, options))], [], SUCCESS);
      return;
    }
    if (this.#boundAs === null) {
      finish([], [], REFUSE.notBound());
      return;
    }
    const answer = searchDirectory(request, controls, searchable, this.#sets, this.#scheme());
    const asksForRights = request.attributes.some((name) => name.toLowerCase() === RIGHTS_ATTRIBUTE.toLowerCase());
    const entries = answer.entries.map(({ dn, attributes }) => {
      const held = asksForRights ? [...attributes.values(), this.#listRights(dn)] : attributes.values();
      return encodeEntry(messageId, dn, selectAttributes(held, request.attributes, options));
    });
    finish(entries, answer.references, answer.result, answer.controls);
  }

  /** Made up for whoever asks for it, and never stored. */
  #listRights(dn: string): AttributeValues {
    const { mayWrite, searchable } = this.#settings;
    const writable = searchable.schema.names().filter((name) => mayWrite(dn, name));
    return { name: RIGHTS_ATTRIBUTE, values: writable };
  }

  #answerExtended(messageId: number, oid: string, refusal: LdapResult | null): void {
    const answer = (result: LdapResult, extra: readonly Buffer[] = []) =>
      this.#send(encodeResult(messageId, ANSWER_TAG.extended, result, { extra }));
    if (refusal) {
      answer(refusal);
      return;
    }
    if (oid === EXTENDED.whoAmI) {
      answer(SUCCESS, [writeText(this.#boundAs ? `u:${this.#boundAs}` : "", 0x8b)]);
      return;
    }
    if (oid !== EXTENDED.startTls) {
      answer(REFUSE.unknownExtension());
      return;
    }
    const { upgrade } = this.#settings;
    const possible = upgrade && !this.#encrypted && this.#delayed.size === 0;
    this.#note({ kind: "start-tls", ok: Boolean(possible) });
    const name = [writeText(EXTENDED.startTls, 0x8a)];
    if (!upgrade) {
      answer(REFUSE.tlsUnavailable(), name);
      return;
    }
    if (!possible) {
      answer(REFUSE.tlsNotNow(), name);
      return;
    }
    // Octets sent ahead of the handshake could be an attacker's: they must not be read as if they came through TLS.
    if (this.#received.length > 0) throw new MalformedMessageError("octets between StartTLS and its answer");
    answer(SUCCESS, name);
    this.#startTls(upgrade);
  }

  /** Who is bound stays bound (MS-ADTS 5.1.1.2). */
  #startTls(upgrade: NonNullable<ConnectionSettings["upgrade"]>): void {
    const plain = this.#socket;
    plain.removeAllListeners("data");
    upgrade(plain, (secure) => {
      this.#socket = secure;
      this.#encrypted = true;
      this.#readCertificate(secure);
      this.#listen(secure);
    });
  }

  #scheme(): string {
    return this.#encrypted ? "ldaps" : "ldap";
  }

  #send(octets: Buffer): void {
    if (!this.#closing && this.#socket.writable) this.#socket.write(octets);
  }

  #note(event: LedgerEvent): void {
    this.#settings.ledger.add(this.#number, this.#encrypted, event);
  }
}

function answerTagOf(operation: Operation): number | null {
  if (operation.kind === "unbind" || operation.kind === "abandon") return null;
  return operation.kind === "not-simulated" ? operation.answerTag : ANSWER_TAG[operation.kind];
}
