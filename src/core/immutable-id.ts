/**
 * The immutable ID: the tenant's copy of a user's on-premises source anchor.
 *
 * It is the 16 bytes of the source GUID, in the order Active Directory stores them, in standard
 * base64: always 24 characters ending in "==". This is the only module that makes one. What a
 * tenant already holds may be any text and is never typed `ImmutableId`.
 *
 * Source: onPremisesImmutableId, https://learn.microsoft.com/graph/api/resources/user (checked 2026-11)
 */
import { type Guid, guidFromBytes, guidToBytes } from "./guid.ts";

/** Canonical standard base64 of 16 bytes. */
export type ImmutableId = string & { readonly __brand: "ImmutableId" };

/** The value that ties a cloud user to the AD account with this source anchor. */
export function immutableIdFromGuid(guid: Guid): ImmutableId {
  return Buffer.from(guidToBytes(guid)).toString("base64") as ImmutableId;
}

/**
 * @param text Any value a tenant may hold.
 * @returns The GUID that it stands for; `null` when it is not canonical base64 of 16 bytes. Base64
 *   whose spare bits are not zero decodes alike but compares unequal, so it counts as something else.
 */
export function guidFromImmutableId(text: string): Guid | null {
  if (!/^[A-Za-z0-9+/]{21}[AQgw]==$/.test(text)) return null;
  return guidFromBytes(Buffer.from(text, "base64"));
}

/**
 * Whether Graph takes a text that a user holds as a new value: sync may have written any text, Graph takes none that is
 * empty or has `$`, `_` or a space in it. Such a user can be written to, and its old value is gone then.
 *
 * Source: "Update user", learn.microsoft.com/graph; msgraph-sdk-powershell #2514 for the empty text (checked 2026-11).
 */
export function canBeWrittenBack(held: string): boolean {
  return held !== "" && !/[$_ ]/.test(held);
}
