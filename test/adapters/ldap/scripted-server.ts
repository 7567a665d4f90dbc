/**
 * An LDAP server on loopback that answers what a test tells it to, also wrongly.
 *
 * The simulated directory is correct; the adapter must also meet servers that hang, cut connections, send half an answer
 * or bytes that are no LDAP.
 */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { BerReader, BindRequest, EqualityFilter, OrFilter, SearchRequest } from "ldapts";
import { readFrame } from "../../../src/adapters/ldap/answer-counter.ts";

export type ScriptedRequest = {
  readonly kind: "bind" | "search" | "extended" | "unbind";
  readonly messageId: number;
  /** Counts from 1. */
  readonly connection: number;
  readonly baseDn: string;
  /** The values that an OR of equalities asks for. */
  readonly names: readonly string[];
};

/**
 * What to send back; `hang` sends nothing, `drop` cuts the connection after what was sent, `flood` sends the bytes again
 * and again for as long as anybody reads them, `drip` sends them one at a time.
 */
export type ScriptedAnswer = readonly (Buffer | "hang" | "drop" | Flood | Drip)[];
type Flood = { readonly flood: Buffer };
type Drip = { readonly drip: Buffer; readonly everyMs: number };

/** An extended response with the name that RFC 4511 4.4.1 gives to a server's last word. */
export function disconnectionNotice(): Buffer {
  const name = ber(0x8a, Buffer.from("1.3.6.1.4.1.1466.20036"));
  return ber(0x30, ber(0x02, Buffer.from([0])), ber(0x78, ber(0x0a, Buffer.from([52])), text(""), text("bye"), name));
}

export type ScriptedServer = {
  readonly url: string;
  readonly requests: readonly ScriptedRequest[];
  connections(): number;
  close(): Promise<void>;
};

export const RESULT_TAG = { bind: 0x61, search: 0x65, extended: 0x78 } as const;

export async function startScriptedServer(
  answer: (request: ScriptedRequest) => ScriptedAnswer,
): Promise<ScriptedServer> {
  const requests: ScriptedRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    const connection = ++connections;
    let received = Buffer.alloc(0);
    socket.setNoDelay(true); // else two small writes wait for the other side, 40 ms each
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      for (let frame = readFrame(received); frame !== null; frame = readFrame(received)) {
        if (typeof frame === "string" || received.length < frame.totalBytes) return;
        const request = readRequest(received.subarray(0, frame.totalBytes), connection);
        received = received.subarray(frame.totalBytes);
        requests.push(request);
        if (request.kind === "unbind") return;
        for (const step of answer(request)) {
          if (step === "drop") socket.destroy();
          else if (step === "hang") continue;
          else if ("flood" in step) flood(socket, step);
          else if ("drip" in step) drip(socket, step);
          else socket.write(step);
        }
        if (received.length === 0) return;
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `ldap://127.0.0.1:${address.port}`,
    requests,
    connections: () => connections,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function flood(socket: Socket, { flood: bytes }: Flood): void {
  const pour = () => {
    while (socket.writable && socket.write(bytes));
  };
  socket.on("drain", pour);
  pour();
}

function drip(socket: Socket, { drip: bytes, everyMs }: Drip): void {
  let sent = 0;
  const timer = setInterval(() => {
    if (!socket.writable || sent === bytes.length) clearInterval(timer);
    else socket.write(bytes.subarray(sent, ++sent));
  }, everyMs);
}

/** One BER element. */
export function ber(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([Buffer.from([tag, 0x84]), length, content]);
}

export function result(request: ScriptedRequest, code: number, message = ""): Buffer {
  const tag = RESULT_TAG[request.kind === "unbind" ? "search" : request.kind];
  return inMessage(request, ber(tag, ber(0x0a, Buffer.from([code])), text(""), text(message)));
}

export function entry(
  request: ScriptedRequest,
  dn: string,
  attributes: Readonly<Record<string, readonly (string | Buffer)[]>>,
): Buffer {
  const encoded = Object.entries(attributes).map(([name, values]) =>
    ber(0x30, text(name), ber(0x31, ...values.map((value) => ber(0x04, Buffer.from(value))))),
  );
  return inMessage(request, ber(0x64, text(dn), ber(0x30, ...encoded)));
}

export function reference(request: ScriptedRequest, url: string): Buffer {
  return inMessage(request, ber(0x73, text(url)));
}

export function inMessage({ messageId }: ScriptedRequest, operation: Buffer): Buffer {
  return ber(0x30, ber(0x02, Buffer.from([0, 0, messageId >> 8, messageId & 0xff])), operation);
}

function text(value: string): Buffer {
  return ber(0x04, Buffer.from(value));
}

function readRequest(message: Buffer, connection: number): ScriptedRequest {
  const reader = new BerReader(message);
  reader.readSequence();
  const messageId = reader.readInt() ?? 0;
  const tag = reader.readSequence();
  const request = { messageId, connection, baseDn: "", names: [] };
  if (tag === 0x60) {
    const bind = new BindRequest({ messageId });
    bind.parseMessage(reader);
    return { ...request, kind: "bind", names: [bind.dn, bind.password] };
  }
  if (tag === 0x77) return { ...request, kind: "extended" };
  if (tag !== 0x63) return { ...request, kind: "unbind" };
  const search = new SearchRequest({ messageId, filter: new OrFilter({ filters: [] }) });
  search.parseMessage(reader);
  const parts = search.filter instanceof OrFilter ? search.filter.filters : [];
  const names = parts.map((part) => (part instanceof EqualityFilter ? part.value.toString() : ""));
  return { ...request, kind: "search", baseDn: search.baseDN, names };
}
