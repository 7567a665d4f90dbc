/**
 * What the domains say beside the accounts themselves where rows write into AD: who holds a source anchor there, and
 * which accounts may be written at all.
 *
 * mS-DS-ConsistencyGuid is not indexed and nothing keeps it unique, so this is read before the first write and compared
 * here.
 *
 * Source: MS-ADA2, mS-DS-ConsistencyGuid (searchFlags 0), checked 2026-11.
 */
import type { AdAccount } from "./ad-account.ts";
import { type Guid, guidFromBytes } from "./guid.ts";
import { guidFromImmutableId, immutableIdFromGuid } from "./immutable-id.ts";

/** An account whose objectGUID or mS-DS-ConsistencyGuid has the bytes that a row wants to write. */
export type AnchorHolder = Pick<
  AdAccount,
  "domain" | "dn" | "accountName" | "objectGuid" | "consistencyGuid" | "objectSid"
>;

export type AdFacts = {
  /** By immutable ID; an ID that is missing is held by nobody, in any configured domain. */
  readonly anchorHolders: ReadonlyMap<string, readonly AnchorHolder[]>;
  /** Accounts whose mS-DS-ConsistencyGuid the account that signs in may write. */
  readonly writable: ReadonlySet<Guid>;
};

/** Nothing was asked: for batches that write nothing into AD. */
export const NO_AD_FACTS: AdFacts = { anchorHolders: new Map(), writable: new Set() };

/** The bytes of an account's mS-DS-ConsistencyGuid in base64; `null` where there are none. */
export function consistencyValueOf({ consistencyGuid }: Pick<AdAccount, "consistencyGuid">): string | null {
  // A value of no bytes cannot be stored by AD; whoever sends one means that the attribute is empty.
  if (consistencyGuid === null || consistencyGuid.length === 0) return null;
  return Buffer.from(consistencyGuid).toString("base64");
}

/** The immutable IDs that sync may make of an account: of its mS-DS-ConsistencyGuid and of its objectGUID. */
export function listPossibleIds(account: Pick<AdAccount, "objectGuid" | "consistencyGuid">): string[] {
  const { objectGuid, consistencyGuid: bytes } = account;
  const guids = [bytes === null ? null : guidFromBytes(bytes), objectGuid].filter((guid) => guid !== null);
  return [...new Set(guids.map(immutableIdFromGuid))];
}

/** Holders by the immutable IDs that they hold. */
export function indexAnchorHolders(holders: readonly AnchorHolder[]): Map<string, AnchorHolder[]> {
  const byId = new Map<string, AnchorHolder[]>();
  for (const holder of holders) {
    for (const id of listPossibleIds(holder)) {
      const known = byId.get(id);
      if (known === undefined) byId.set(id, [holder]);
      else known.push(holder);
    }
  }
  return byId;
}

/** The value that the AD account of a cloud user has to get; `null` when the user's ID is none of 16 bytes. */
export function anchorForAd(immutableId: string | null): string | null {
  return immutableId !== null && guidFromImmutableId(immutableId) !== null ? immutableId : null;
}

/** `CORP\ada`: what a person knows an account by, and what a move to another OU does not change. */
export function nameOfAccount({ domain, accountName }: Pick<AdAccount, "domain" | "accountName">): string {
  return `${domain}\\${accountName}`;
}
