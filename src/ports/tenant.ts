/**
 * The tenant: what the program reads and writes of Entra ID.
 *
 * Every implementation passes `test/conformance/tenant.ts`. Each read is whole or fails: a page lost on the
 * way must never look like a user that does not exist.
 */
import type { Guid } from "../core/guid.ts";
import type { Division } from "../core/initials.ts";
import type { ProvisioningError } from "../core/provisioning-error.ts";
import type { CloudUser, DeletedUser, TenantIdentity } from "../core/snapshot.ts";
import type { TakeoverFacts } from "../core/takeover-facts.ts";
import type { ReadManagers } from "../core/takeover-managers.ts";
import type { WritableSide } from "./writable-side.ts";

/** Targets that become known group by group; one may come more than once. */
export type ExpectedTargets = {
  /** How many different ones there may be: it decides how they are asked for. */
  readonly atMost: number;
  /** Users of the tenant, where they were counted already. */
  readonly users?: number;
  /** How users may be listed, where what is asked of them is listed too. */
  readonly division?: Division | null;
  readonly groups: AsyncIterable<readonly Guid[]>;
};

export interface Tenant extends WritableSide {
  /**
   * Signs in and says which tenant this really is. @throws {BatchError} tenant: unreachable, signed in
   * wrongly, or the token belongs to another tenant than the configuration names.
   */
  identify(signal: AbortSignal): Promise<TenantIdentity>;

  /**
   * Number of live users, guests included. It may lag behind: it chooses between listing and look-up, and nobody who is
   * counted may be missing from a listing in parts.
   */
  countUsers(signal: AbortSignal): Promise<number>;

  /**
   * Every live user once, in pages of at most {@link pageSize}.
   *
   * @param division Parts that may be listed at the same time; `null` or none lists them after each other.
   */
  listUsers(signal: AbortSignal, division?: Division | null): AsyncIterable<readonly CloudUser[]>;

  /** The whole recycle bin, in pages. */
  listDeletedUsers(signal: AbortSignal): AsyncIterable<readonly DeletedUser[]>;

  /** Live users with these UPNs or object ids, compared as the tenant does (without regard to case). */
  findUsersByName(names: readonly string[], signal: AbortSignal): Promise<readonly CloudUser[]>;

  /** Live users that hold one of these immutable IDs, as the tenant compares them: perhaps other cases too. */
  findUsersByImmutableId(values: readonly string[], signal: AbortSignal): Promise<readonly CloudUser[]>;

  /** Live users that have one of these addresses (folded, without `smtp:`) as UPN, mail or proxy address. */
  findUsersByAddress(addresses: readonly string[], signal: AbortSignal): Promise<readonly CloudUser[]>;

  /** Live users with one of these textual SIDs as onPremisesSecurityIdentifier. */
  findUsersBySid(sids: readonly string[], signal: AbortSignal): Promise<readonly CloudUser[]>;

  /**
   * What decides, beside the users themselves, whether sync will take these users over. A fact that cannot be read
   * (a missing permission, 403, 404) is `null` with a gap that names the check and the permission; it never stops
   * the rest.
   *
   * @param targets Known already, or becoming known while the users are read: the reading begins with the first.
   * @param holders Users that stand in the way, live or deleted: only their roles are read.
   * @throws {BatchError} tenant: it cannot be reached at all. interrupted: the signal fired. Whatever the targets throw.
   */
  readTakeoverFacts(
    targets: readonly Guid[] | ExpectedTargets,
    signal: AbortSignal,
    holders?: readonly Guid[] | Promise<readonly Guid[]>,
  ): Promise<TakeoverFacts>;

  /**
   * The managers of these users; one that does not exist is left out. Without the permission it is nobody, and a gap.
   *
   * @throws {BatchError} tenant: it cannot be read whole. interrupted: the signal fired.
   */
  readManagers(ids: readonly Guid[], signal: AbortSignal): Promise<ReadManagers>;

  /**
   * What Entra could not provision of these users (onPremisesProvisioningErrors); a user without errors, or one that does
   * not exist, is left out.
   *
   * @throws {BatchError} tenant: it cannot be read whole. interrupted: the signal fired.
   */
  readProvisioningErrors(
    ids: readonly Guid[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<Guid, readonly ProvisioningError[]>>;

  /** Users on a full page of a listing: the cost of listing, in requests, is users / pageSize. */
  readonly pageSize: number;
  /** Names that one HTTP request can look up (filter size times batch size). */
  readonly lookUpSize: number;

  close(): Promise<void>;
}
