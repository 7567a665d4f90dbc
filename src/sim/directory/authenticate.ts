/**
 * Binds as a domain controller decides them: simple ones (MS-ADTS 5.1.1.1.1) and those by a client certificate (5.1.1.2).
 *
 * A name with an empty password is an unauthenticated bind: it succeeds and proves nothing, which a client must know. A
 * client certificate has signed in already on an LDAPS port, where a bind by it is an error; after StartTLS it needs one.
 */
import type { TLSSocket } from "node:tls";

import type { DirectoryTree } from "./directory-tree.ts";
import { parseName } from "./distinguished-name.ts";
import type { BindRequest, LdapResult } from "./ldap-message.ts";
import { REFUSE, SUCCESS } from "./refusals.ts";
import type { SimulatedCredential, SimulatedDomain } from "./world.ts";

export type BindSurroundings = {
  plainRefused: boolean;
  /** Of the client certificate that TLS has shown; `null` without one, or one that is not mapped. */
  certificateAccount: string | null;
  /** TLS from the first octet. */
  isLdaps: boolean;
};

/** The account that a verified client certificate is mapped to, as NETBIOS\name. */
export function accountOfCertificate(socket: TLSSocket, domain: SimulatedDomain): string | null {
  const name = socket.authorized ? socket.getPeerCertificate().subject?.CN : undefined;
  const credential = domain.credentials.find(
    ({ certificateName, state = "enabled" }) => name !== undefined && certificateName === name && state === "enabled",
  );
  return credential === undefined ? null : accountName(credential, domain);
}

/** @returns The answer, and who is bound after it: `null` is anonymous. */
export function authenticate(
  { version, name, password, mechanism }: BindRequest,
  domain: SimulatedDomain,
  tree: DirectoryTree,
  { plainRefused, certificateAccount, isLdaps }: BindSurroundings,
): { result: LdapResult; boundAs: string | null } {
  if (version !== 3 && version !== 2) return { result: REFUSE.version(), boundAs: null };
  if (mechanism === "EXTERNAL" && !isLdaps) {
    if (certificateAccount === null) return { result: REFUSE.credentials("wrong-password"), boundAs: null };
    return { result: SUCCESS, boundAs: certificateAccount };
  }
  if (password === null) return { result: REFUSE.mechanism(), boundAs: null };
  if (password === "") return { result: SUCCESS, boundAs: null };
  if (plainRefused) return { result: REFUSE.plainBind(), boundAs: null };
  const credential = domain.credentials.find((candidate) =>
    acceptedNames(candidate, domain, tree).includes(spelling(name)),
  );
  if (!credential) return { result: REFUSE.credentials("unknown-user"), boundAs: null };
  const { state = "enabled" } = credential;
  if (state === "locked") return { result: REFUSE.credentials("locked"), boundAs: null };
  if (credential.password !== password) return { result: REFUSE.credentials("wrong-password"), boundAs: null };
  if (state !== "enabled") return { result: REFUSE.credentials(state), boundAs: null };
  return { result: SUCCESS, boundAs: accountName(credential, domain) };
}

/** NETBIOS\name of a credential. */
function accountName({ name }: SimulatedCredential, { netbiosName }: SimulatedDomain): string {
  return `${netbiosName}\\${name.split("@")[0]}`;
}

function acceptedNames(credential: SimulatedCredential, domain: SimulatedDomain, tree: DirectoryTree): string[] {
  const entry =
    tree.findBy("userPrincipalName", credential.name) ??
    tree.findBy("sAMAccountName", credential.name.split("@")[0] ?? "");
  return [credential.name, accountName(credential, domain), ...(entry ? [entry.dn] : [])].map(spelling);
}

function spelling(name: string): string {
  return name.includes("=") ? (parseName(name)?.key ?? name.toLowerCase()) : name.toLowerCase();
}
