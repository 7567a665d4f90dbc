/**
 * Domains, sync features, groups, contacts and role holdings as Graph sends them, checked field by field.
 *
 * What was asked for must be there: a federated domain without its type would pass for a managed one.
 *
 * Source: resource types domain, onPremisesDirectorySynchronizationFeature, group, orgContact,
 * unifiedRoleAssignment and unifiedRoleDefinition, https://learn.microsoft.com/graph/api (checked 2026-11)
 */
import { BatchError } from "../../core/errors.ts";
import { foldCase } from "../../core/names.ts";
import type { AddressOwner, SyncFeatures } from "../../core/takeover-facts.ts";
import { readField, readText } from "./decode-json.ts";

/** An assignment or eligibility: who has which role. Ids in lower case. */
export type Holding = { readonly principalId: string; readonly roleId: string };

export type RoleDefinition = {
  /** In lower case; for a built-in role also its template's. */
  readonly ids: readonly string[];
  readonly name: string;
  readonly builtIn: boolean;
  /** `null` when the answer does not say, as on v1.0. */
  readonly privileged: boolean | null;
};

/** @returns Names of the federated ones, in lower case. @throws {BatchError} tenant: something is missing. */
export function decodeFederatedDomains(entries: readonly unknown[]): ReadonlySet<string> {
  const federated = entries.filter((entry) => foldCase(requireText(entry, "authenticationType")) === "federated");
  return new Set(federated.map((entry) => foldCase(requireText(entry, "id"))));
}

/** @param entry What onPremisesSynchronization lists. @returns `null` when the switches are not shown. */
export function decodeSyncFeatures(entry: unknown): SyncFeatures | null {
  const features = readField(entry, "features");
  const blocksHardMatch = readField(features, "blockCloudObjectTakeoverThroughHardMatchEnabled");
  const syncsPasswords = readField(features, "passwordSyncEnabled");
  if (typeof blocksHardMatch !== "boolean" || typeof syncsPasswords !== "boolean") return null;
  // Younger than the others: where it is missing the tenant does not have it, and allows nothing.
  const allows = readField(features, "allowOnPremUpdateOfOnPremisesObjectIdentifierEnabled");
  return { blocksHardMatch, syncsPasswords, allowsIdentifierUpdate: allows === true };
}

/** @returns The address owners among groups or contacts. @throws {BatchError} tenant: an entry without an id. */
export function decodeAddressOwners(entries: readonly unknown[], kind: "group" | "contact"): AddressOwner[] {
  return entries.flatMap((entry) => {
    const id = requireText(entry, "id");
    const proxies = readField(entry, "proxyAddresses");
    const all: unknown[] = [readText(entry, "mail"), ...(Array.isArray(proxies) ? proxies : [])];
    const addresses = all.filter((address) => typeof address === "string").filter((address) => address !== "");
    return addresses.length === 0 ? [] : [{ id, name: readText(entry, "displayName") ?? id, kind, addresses }];
  });
}

/** @throws {BatchError} tenant: an assignment that does not say whose, or of what. */
export function decodeHolding(entry: unknown): Holding {
  return {
    principalId: foldCase(requireText(entry, "principalId")),
    roleId: foldCase(requireText(entry, "roleDefinitionId")),
  };
}

/** @throws {BatchError} tenant: a role without id or name. */
export function decodeRoleDefinition(entry: unknown): RoleDefinition {
  const privileged = readField(entry, "isPrivileged");
  const ids = [requireText(entry, "id"), readText(entry, "templateId") ?? requireText(entry, "id")];
  return {
    ids: Array.from(new Set(ids.map(foldCase))),
    name: requireText(entry, "displayName"),
    builtIn: readField(entry, "isBuiltIn") !== false,
    privileged: typeof privileged === "boolean" ? privileged : null,
  };
}

/** @throws {BatchError} tenant: it is missing. */
export function requireText(entry: unknown, name: string): string {
  const text = readText(entry, name);
  if (text !== null && text !== "") return text;
  throw new BatchError(
    "tenant",
    `Graph sent an object without ${name}, which was asked for`,
    "Nothing can be decided from such an answer. Look for a proxy on the way, then run the same command again.",
  );
}
