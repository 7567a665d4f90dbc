/**
 * Simple binds as a domain controller decides them (MS-ADTS 5.1.1.1.1).
 *
 * A name with an empty password is an unauthenticated bind: it succeeds and proves nothing, which a client must know.
 */

import type { DirectoryTree } from "./directory-tree.ts";
import { parseName } from "./distinguished-name.ts";
import type { BindRequest, LdapResult } from "./ldap-message.ts";
import { REFUSE, SUCCESS } from "./refusals.ts";
import type { SimulatedCredential, SimulatedDomain } from "./world.ts";

/** @returns The answer, and who is bound after it: `null` is anonymous. */
export function authenticate(
  { version, name, password }: BindRequest,
  domain: SimulatedDomain,
  tree: DirectoryTree,
  { plainRefused }: { plainRefused: boolean },
): { result: LdapResult; boundAs: string | null } {
  if (version !== 3 && version !== 2) return { result: REFUSE.version(), boundAs: null };
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
