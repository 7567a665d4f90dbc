/**
 * A connection to a domain controller that is encrypted and verified before anyone may use it.
 *
 * There is no way to turn verification off. The peer's certificate must be for the expected name, also when the address
 * connected to is another one; NODE_TLS_REJECT_UNAUTHORIZED has no effect here. StartTLS accepts exactly one plain
 * answer: bytes that follow it in clear were put there by somebody in between, and would otherwise be read as if TLS had
 * protected them.
 *
 * Source: RFC 4511 4.14 (StartTLS), RFC 4513 3.1.3 (server identity), Node 24's tls, checked 2026-11.
 */
import { once } from "node:events";
import { connect, isIP, type Socket } from "node:net";
import { type ConnectionOptions, checkServerIdentity, connect as connectTls } from "node:tls";
import { BerReader, ExtendedRequest } from "ldapts";
import { readFrame } from "./answer-counter.ts";
import type { TlsIdentity } from "./client-certificate.ts";
import { connectTimedOut, explainConnectFailure, startTlsRefused, stoppedBySignal } from "./ldap-error.ts";
import type { LdapTarget } from "./ldap-target.ts";

const START_TLS_OID = "1.3.6.1.4.1.1466.20037";
const EXTENDED_RESPONSE = 0x78;
const MAX_START_TLS_ANSWER_BYTES = 64 * 1024;

export type SocketOptions = {
  /**
   * Where to connect instead of the target's host: the domain controller that answered first, so that a name with several
   * addresses stays one server for the whole run.
   */
  readonly address: string | null;
  /** The client certificate to show; `null` for none. */
  readonly identity: TlsIdentity | null;
  readonly signal: AbortSignal;
};

/**
 * Connects, and completes TLS unless the target is plain loopback.
 *
 * @throws {LdapTrouble} unreachable, not trusted, StartTLS refused, or longer than `connectTimeoutMs` in all.
 * @throws {BatchError} interrupted: the signal.
 */
export async function openSocket(target: LdapTarget, { address, identity, signal }: SocketOptions): Promise<Socket> {
  return await withPlainSocket(target, { address, signal }, async (plain, ended) => {
    if (target.tls === "none") return plain;
    if (target.tls === "start-tls") await requestTls(plain, target, ended);
    const secure = connectTls({
      ...tlsOptionsOf(target),
      ...identity,
      socket: plain,
      rejectUnauthorized: true,
    });
    secure.on("error", () => secure.destroy());
    secure.once("close", () => plain.destroy());
    try {
      await waitForEvent(secure, "secureConnect", ended);
      return secure;
    } catch (error) {
      secure.destroy();
      throw error;
    }
  });
}

/** Whom the certificate must be for, by which authorities, and the oldest protocol: for use and inspection alike. */
export function tlsOptionsOf({ expectedName, ca }: LdapTarget): ConnectionOptions {
  return {
    servername: isIP(expectedName) === 0 ? expectedName : "",
    checkServerIdentity: (_address, certificate) => checkServerIdentity(expectedName, certificate),
    minVersion: "TLSv1.2",
    ...(ca !== null && { ca }),
  };
}

/**
 * Connects, and hands the bare socket over; it is destroyed where that fails.
 *
 * @param use `ended` fires with the signal or when the time for connecting is up.
 * @throws as {@link openSocket}
 */
export async function withPlainSocket<Result>(
  target: LdapTarget,
  { address, signal }: Pick<SocketOptions, "address" | "signal">,
  use: (plain: Socket, ended: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const timeUp = AbortSignal.timeout(target.connectTimeoutMs);
  const ended = AbortSignal.any([signal, timeUp]);
  if (signal.aborted) throw stoppedBySignal(signal, target);
  const plain = connect({ host: address ?? target.host, port: target.port, noDelay: true });
  let connected = false;
  plain.on("error", () => plain.destroy()); // its reason goes to whoever waits for an event; it must not go unheard after that
  try {
    await waitForEvent(plain, "connect", ended);
    connected = true;
    return await use(plain, ended);
  } catch (error) {
    plain.destroy();
    if (signal.aborted) throw stoppedBySignal(signal, target);
    throw timeUp.aborted ? connectTimedOut(target, connected) : explainConnectFailure(error, target);
  }
}

/** Also ends when the socket closes without a word, which leaves nothing else to wait for. */
export async function waitForEvent(socket: Socket, event: string, ended: AbortSignal): Promise<void> {
  const closed = new AbortController();
  const onClose = () => closed.abort();
  socket.once("close", onClose);
  await once(socket, event, { signal: AbortSignal.any([ended, closed.signal]) });
  socket.off("close", onClose);
}

/** Asks for TLS on a bare connection. @throws {LdapTrouble} anything but one plain yes. */
export async function requestTls(socket: Socket, target: LdapTarget, ended: AbortSignal): Promise<void> {
  socket.write(new ExtendedRequest({ messageId: 1, oid: START_TLS_OID }).write());
  const answer = await readOneMessage(socket, target, ended);
  const result = readStartTlsResult(answer);
  if (result === null) throw startTlsRefused(target, "the answer is not one to StartTLS");
  if (result !== 0) throw startTlsRefused(target, `the answer was LDAP result ${result}`);
}

/** @returns The LDAP result code; `null` when the message is no extended response. */
function readStartTlsResult(message: Buffer): number | null {
  const reader = new BerReader(message);
  reader.readSequence();
  const messageId = reader.readInt();
  if (messageId === null || reader.readSequence() !== EXTENDED_RESPONSE) return null;
  return reader.readEnumeration();
}

/** @throws {LdapTrouble} More than one message came, too much, or the end. */
function readOneMessage(socket: Socket, target: LdapTarget, ended: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const settle = (act: () => void) => {
      socket.off("data", onData).off("close", onClose);
      ended.removeEventListener("abort", onEnded);
      socket.pause();
      act();
    };
    const onEnded = () => settle(() => reject(ended.reason));
    const onClose = () =>
      settle(() => reject(startTlsRefused(target, "it closed the connection instead", { replaceable: true })));
    const onData = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const frame = readFrame(received);
      const extraBytes = frame === null || typeof frame === "string" ? 0 : received.length - frame.totalBytes;
      if (typeof frame === "string") {
        settle(() => reject(startTlsRefused(target, frame)));
      } else if (received.length > MAX_START_TLS_ANSWER_BYTES) {
        settle(() => reject(startTlsRefused(target, "the answer does not end")));
      } else if (extraBytes > 0) {
        settle(() => reject(startTlsRefused(target, `${extraBytes} unencrypted bytes followed the answer`)));
      } else if (frame !== null && extraBytes === 0) {
        settle(() => resolve(received));
      }
    };
    socket.on("data", onData).once("close", onClose);
    ended.addEventListener("abort", onEnded, { once: true });
  });
}
