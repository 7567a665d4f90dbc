/**
 * A user as Graph sends it, checked field by field.
 *
 * "Query parameters might fail silently": a user without the key `onPremisesImmutableId` was not asked for it, and
 * taking that for "unset" would hide every holder of an ID. So what was selected must be there, `null` where unset.
 *
 * Source: https://learn.microsoft.com/graph/api/resources/user (checked 2026-11)
 */
import { BatchError } from "../../core/errors.ts";
import { type Guid, parseGuid } from "../../core/guid.ts";
import {
  type CloudProfile,
  type CloudUser,
  type DeletedUser,
  PROFILE_PROPERTIES,
  type ProfileProperty,
} from "../../core/snapshot.ts";
import type { HeldValue } from "../../ports/writable-side.ts";
import { isJsonObject, readField } from "./decode-json.ts";

/** @throws {BatchError} tenant: not a user, or not the properties that were selected. */
export function decodeUser(json: unknown): CloudUser {
  const id = readId(json);
  return {
    id,
    userPrincipalName: readName(json, id),
    displayName: readOptionalText(json, "displayName", id),
    givenName: readOptionalText(json, "givenName", id),
    surname: readOptionalText(json, "surname", id),
    mail: readOptionalText(json, "mail", id),
    proxyAddresses: readTexts(json, "proxyAddresses", id),
    employeeId: readOptionalText(json, "employeeId", id),
    userType: readOptionalText(json, "userType", id),
    // Nobody says: counted as disabled, which only ever adds a warning.
    accountEnabled: readOptionalFlag(json, "accountEnabled", id) ?? false,
    immutableId: readSelectedText(json, "onPremisesImmutableId", id),
    syncEnabled: readSyncEnabled(json, id),
    lastSyncAt: readOptionalText(json, "onPremisesLastSyncDateTime", id),
    securityIdentifier: readOptionalText(json, "onPremisesSecurityIdentifier", id),
    createdAt: readOptionalText(json, "createdDateTime", id),
    licenceCount: readList(json, "assignedLicenses", id).length,
    profile: readProfile(json, id),
  };
}

function readProfile(json: unknown, id: Guid): CloudProfile {
  const profile: Partial<Record<ProfileProperty, readonly string[]>> = {};
  for (const name of PROFILE_PROPERTIES) {
    const values =
      name === "businessPhones"
        ? readTexts(json, name, id)
        : [readOptionalText(json, name, id)].filter((text) => text !== null);
    if (values.length > 0) profile[name] = values;
  }
  return profile;
}

/** @throws as {@link decodeUser} */
export function decodeDeletedUser(json: unknown): DeletedUser {
  const user = decodeUser(json);
  return { ...user, deletedAt: readOptionalText(json, "deletedDateTime", user.id) };
}

/** A user's immutable ID as it is held. @throws as {@link decodeHolder} */
export function decodeHeldValue(json: unknown, asked: Guid): HeldValue {
  return { ...decodeHolder(json, asked), value: readSelectedText(json, "onPremisesImmutableId", asked) };
}

/**
 * A user's onPremisesObjectIdentifier as it is held. The metadata does not declare it, so a user that has none may
 * come without the key.
 *
 * @throws as {@link decodeHolder}
 */
export function decodeHeldIdentifier(json: unknown, asked: Guid): HeldValue {
  return { ...decodeHolder(json, asked), value: readOptionalText(json, "onPremisesObjectIdentifier", asked) };
}

/** @param asked The id that was asked for: an answer about anybody else is refused. @throws as {@link decodeUser} */
export function decodeHolder(json: unknown, asked: Guid): Omit<HeldValue, "value"> {
  const id = readId(json);
  if (id !== asked) throw strange(`user ${asked} was asked for and ${id} came back`);
  return {
    objectId: id,
    name: readName(json, id),
    synced: readSyncEnabled(json, id) === true,
  };
}

function readId(json: unknown): Guid {
  const field = readField(json, "id");
  const id = typeof field === "string" ? parseGuid(field) : null;
  if (!isJsonObject(json) || id === null) throw strange("a user without a GUID as its id");
  return id;
}

function readName(json: unknown, id: Guid): string {
  const name = readField(json, "userPrincipalName");
  if (typeof name !== "string" || name === "") throw strange(`user ${id} without a userPrincipalName`);
  return name;
}

function readSyncEnabled(json: unknown, id: Guid): boolean | null {
  requireSelected(json, "onPremisesSyncEnabled", id);
  return readOptionalFlag(json, "onPremisesSyncEnabled", id);
}

function readSelectedText(json: unknown, name: string, id: Guid): string | null {
  requireSelected(json, name, id);
  return readOptionalText(json, name, id);
}

function requireSelected(json: unknown, name: string, id: Guid): void {
  if (readField(json, name) === undefined)
    throw strange(`user ${id} without the property ${name}, which was asked for`);
}

function readOptionalText(json: unknown, name: string, id: Guid): string | null {
  const field = readField(json, name) ?? null;
  if (field === null || typeof field === "string") return field;
  throw strange(`user ${id} whose ${name} is not text`);
}

function readOptionalFlag(json: unknown, name: string, id: Guid): boolean | null {
  const field = readField(json, name) ?? null;
  if (field === null || typeof field === "boolean") return field;
  throw strange(`user ${id} whose ${name} is neither true nor false`);
}

function readList(json: unknown, name: string, id: Guid): readonly unknown[] {
  const field = readField(json, name) ?? [];
  if (Array.isArray(field)) return field;
  throw strange(`user ${id} whose ${name} is not a list`);
}

function readTexts(json: unknown, name: string, id: Guid): readonly string[] {
  return readList(json, name, id).map((text) => {
    if (typeof text === "string") return text;
    throw strange(`user ${id} whose ${name} holds something else than text`);
  });
}

function strange(what: string): BatchError {
  return new BatchError(
    "tenant",
    `Graph sent ${what}`,
    "Nothing can be decided from such an answer. Look for a proxy on the way, then run the same command again.",
  );
}
