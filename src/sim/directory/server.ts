/**
 * A simulated Active Directory domain controller: LDAP v3 over a loopback socket.
 *
 * It exists so that tests and the demo run the very LDAP client of production against the wire, with AD's own limits
 * and refusals; a mock of the client would hide what goes wrong on the wire.
 *
 * Follows, as of 2026-11 and by their rules rather than page by page:
 * - RFC 4511: messages, scopes, three-valued filters, Abandon, StartTLS, notice of disconnection, referral results;
 *   RFC 2696: paging.
 * - MS-ADTS: rootDSE, crossRef objects, `<GUID=...>` names, bind and error texts, bit matching rules, objectCategory by
 *   class name, Unicode comparison (6.5.1, with `foldAccents`), Modify, attribute names in the schema's spelling.
 * - LDAP policies of AD: MaxPageSize 1,000, MaxReceiveBuffer 10 MB, MaxValRange 1,500, MaxResultSetsPerConn 10.
 * - MS-ADTS 5.1.1.2: a client certificate signs in by itself on LDAPS, and by SASL EXTERNAL after StartTLS.
 * - Microsoft Learn, Global Catalog and LDAP Searches: with `catalogOf` the port of a Global Catalog, which spans the
 *   forest, takes an empty base, and holds a part of the attributes.
 * Compared with Samba AD 4: references of subtree and one-level searches (`??base`) and their scheme, the domain-scope
 * control, crossRefs, wrong password, refusal of a plain simple bind (code 8), refused critical control (12), names in
 * the schema's spelling, an empty base on the catalog's port. Samba differs in texts, in `(!(unknown=x))`, which it lets match, and in sending references
 * with the first page; there MS-ADTS is followed. Nothing here was compared with a Windows DC.
 *
 * Left out: permissions but those to write (`mayWrite`, with allowedAttributesEffective of MS-ADTS 3.1.1.4.5.19), SASL but EXTERNAL, add, delete, rename and compare, sorting, DirSync, VLV, ANR.
 */
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { writeValues } from "./apply-modification.ts";
import { asPartial, catalogContexts, foreignEntries } from "./catalog-entries.ts";
import type { Comparison } from "./compare-values.ts";
import { Connection, type ConnectionSettings, type FaultInstruction } from "./connection.ts";
import { DirectoryTree } from "./directory-tree.ts";
import { parseName } from "./distinguished-name.ts";
import { domainEntries, namingContexts } from "./domain-entries.ts";
import type { LdapRequest } from "./ldap-message.ts";
import { Ledger } from "./ledger.ts";
import { createSchema } from "./schema.ts";
import type { SimulatedDomain, SimulatedEntry } from "./world.ts";

export type DirectoryOptions = {
  /** Address to listen on; default 127.0.0.1. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  /** Certificate and key in PEM: offers StartTLS, or LDAPS with `ldaps`. */
  tls?: { cert: string; key: string; minVersion?: "TLSv1.2" | "TLSv1.3" };
  /** Authorities in PEM whose client certificates are accepted; asks every client for one, and requires none. Needs `tls`. */
  clientAuthorities?: string;
  /** TLS from the first octet. Needs `tls`. */
  ldaps?: boolean;
  /** Refuse simple binds without TLS, as a DC that requires signing does. */
  requireEncryption?: boolean;
  /** Text compares without accents, width and kana type, as on a Windows DC. */
  foldAccents?: boolean;
  /** Send attribute names in lower case instead of the schema's spelling. */
  lowerCaseAttributeNames?: boolean;
  /** Other domains of the forest: the server then answers as the Global Catalog that its domain controller is. */
  catalogOf?: readonly SimulatedDomain[];
  /** Attributes of which entries whoever is signed in may write; all of all, unless told. */
  mayWrite?: (dn: string, attribute: string) => boolean;
  /** Milliseconds before each search is answered. */
  delayMs?: number;
  /** Called with every request; an answer replaces the ordinary one. */
  onRequest?: (request: LdapRequest) => FaultInstruction | undefined;
};

export type SimulatedDirectory = {
  /** ldap://127.0.0.1:port, or ldaps. */
  readonly url: string;
  readonly port: number;
  readonly ledger: Ledger;
  /** The domain as it is now, modifications included, in a copy of its own. */
  readonly domain: SimulatedDomain;
  /** Sets an attribute, without values removes it. Octets are given as Buffers. @throws {RangeError} without such an entry. */
  setAttribute(dn: string, attribute: string, values: readonly (string | Buffer)[]): void;
  putEntry(entry: SimulatedEntry): void;
  /** @throws {RangeError} without such an entry. */
  removeEntry(dn: string): void;
  /** Replaces all entries of the fixture. */
  replaceEntries(entries: readonly SimulatedEntry[]): void;
  /** Stops listening and destroys open connections. */
  close(): Promise<void>;
};

/** @throws {RangeError} if a DN, GUID or SID of the domain is none, or `ldaps` is asked for without `tls`. */
export async function startSimulatedDirectory(
  domain: SimulatedDomain,
  options: DirectoryOptions = {},
): Promise<SimulatedDirectory> {
  const { host = "127.0.0.1", port = 0, tls, ldaps = false } = options;
  if (ldaps && !tls) throw new RangeError("ldaps needs tls");
  const { clientAuthorities: ca } = options;
  const asksForCertificate = { requestCert: ca !== undefined, rejectUnauthorized: false, ...(ca ? { ca } : {}) };
  const serverTls = tls && { ...tls, ...asksForCertificate };
  const world = structuredClone(domain);
  const contexts = namingContexts(world);
  const schema = createSchema();
  const comparison: Comparison = { foldAccents: options.foldAccents ?? false, configurationDn: contexts.configuration };
  const { catalogOf } = options;
  const contextKeys = catalogContexts(world, catalogOf ?? []).map((dn) => parseName(dn)?.key ?? "");
  const tree = new DirectoryTree(
    schema,
    comparison,
    contextKeys.toSorted((one, other) => other.length - one.length),
  );
  const held = catalogOf === undefined ? (entry: SimulatedEntry) => entry : asPartial;
  for (const entry of domainEntries(world)) tree.put(held(entry), true);
  for (const entry of [...world.entries, ...foreignEntries(catalogOf ?? [])]) tree.put(held(entry));

  const ledger = new Ledger();
  const connections = new Set<Connection>();
  let accepted = 0;
  let usn = 12_345;
  const settings: ConnectionSettings = {
    searchable: { tree, schema, comparison, domain: world, isCatalog: catalogOf !== undefined },
    ledger,
    upgrade: serverTls ? (plain, onSecure) => createTlsServer(serverTls, onSecure).emit("connection", plain) : null,
    requireEncryption: options.requireEncryption ?? false,
    lowerCaseAttributeNames: options.lowerCaseAttributeNames ?? false,
    mayWrite: options.mayWrite ?? (() => true),
    delayMs: options.delayMs ?? 0,
    onRequest: options.onRequest ?? (() => undefined),
    readUsn: () => usn,
    bumpUsn: () => {
      usn += 1;
    },
  };
  const accept = (socket: Socket) => {
    const connection = new Connection(socket, ++accepted, ldaps, settings);
    connections.add(connection);
    socket.on("close", () => connections.delete(connection));
  };
  const server = ldaps && serverTls ? createTlsServer(serverTls, accept) : createServer(accept);
  // Sockets in the middle of a TLS handshake have no Connection yet; closing must end them too.
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  const listeningPort = await listen(server, host, port);

  const remove = (dn: string) => {
    if (!tree.remove(dn)) throw new RangeError(`no entry ${dn}`);
  };
  return {
    url: `${ldaps ? "ldaps" : "ldap"}://${host}:${listeningPort}`,
    port: listeningPort,
    ledger,
    get domain() {
      return { ...structuredClone(world), entries: tree.readEntries() };
    },
    setAttribute(dn, attribute, values) {
      const held = tree.readSource(dn);
      if (!held) throw new RangeError(`no entry ${dn}`);
      const rule = schema.add(attribute, values.some((value) => typeof value !== "string") ? "octets" : "text");
      writeValues(
        held.source,
        rule,
        values.map((value) => Buffer.from(value)),
      );
      tree.put(held.source, held.generated);
    },
    putEntry: (entry) => tree.put(entry),
    removeEntry: remove,
    replaceEntries(entries) {
      for (const { dn } of tree.readEntries()) remove(dn);
      for (const entry of entries) tree.put(entry);
    },
    async close() {
      for (const connection of connections) connection.destroy();
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new RangeError("no port to listen on");
  return address.port;
}
