/**
 * What is asked of both sides: of whom, beside the rows' own accounts and users, something must be known before a batch
 * can be checked. Pure: the stages do the reading.
 */
import type { AdAccount } from "./ad-account.ts";
import { anchorForAd, listPossibleIds } from "./ad-facts.ts";
import type { CheckOptions } from "./checks/check.ts";
import { addressesOf } from "./checks/identity-checks.ts";
import type { Guid } from "./guid.ts";
import { type Resolution, soleAccount } from "./resolution.ts";
import { sideOfRow } from "./row-facts.ts";
import type { TenantSnapshot } from "./snapshot.ts";
import { chooseAnchor } from "./source-anchor.ts";
import { listComingManagers } from "./takeover-managers.ts";

/** What of the options decides which IDs are looked for. */
type AnchorOptions = Pick<CheckOptions, "anchor" | "writeTo">;

/**
 * The immutable IDs that a batch asks for, as far as AD alone tells; each once. Of a row that writes into AD those by
 * which sync would know the account today: whoever holds one is a duplicate that sync has made of it.
 */
export function listWantedIds(resolutions: readonly Resolution[], options: AnchorOptions): string[] {
  const ids = resolutions.flatMap(({ mapping, exact }) =>
    exact.flatMap((account) => {
      if (sideOfRow(mapping, options) === "ad") return listPossibleIds(account);
      return chooseAnchor(account, options.anchor).anchor?.immutableId ?? [];
    }),
  );
  return [...new Set(ids)];
}

/** What is asked of the domains for the rows that write into AD. */
export type AnchorQuestions = {
  /** Values that are to be written: whoever holds one already is looked for in every domain. */
  readonly immutableIds: ReadonlySet<string>;
  /** Accounts that are to be written. */
  readonly accounts: readonly AdAccount[];
};

/** @see AnchorQuestions */
export function listAnchorQuestions(
  resolutions: readonly Resolution[],
  snapshot: TenantSnapshot,
  options: Pick<CheckOptions, "writeTo">,
): AnchorQuestions {
  const rows = resolutions.filter(({ mapping }) => sideOfRow(mapping, options) === "ad");
  const ids = rows.flatMap(({ mapping }) => anchorForAd(snapshot.findTarget(mapping.upn)?.immutableId ?? null) ?? []);
  const accounts = rows.flatMap((resolution) => soleAccount(resolution) ?? []).filter(({ kind }) => kind === "user");
  return { immutableIds: new Set(ids), accounts };
}

/** Targets whose manager in AD is an account of the batch too. */
export function listManagedTargets(resolutions: readonly Resolution[], snapshot: TenantSnapshot): Guid[] {
  const pairs = resolutions.map((resolution) => ({
    account: soleAccount(resolution) ?? null,
    target: snapshot.findTarget(resolution.mapping.upn) ?? null,
  }));
  return [...listComingManagers(pairs).keys()];
}

/** What AD alone tells of whom to look for in the tenant; each value once. */
export type LookUpKeys = {
  readonly immutableIds: readonly string[];
  /** Folded: what sync would write for these accounts. */
  readonly addresses: readonly string[];
  readonly sids: readonly string[];
};

/**
 * Users beside the live targets whose roles matter: whoever holds a value that the batch asks for, live or deleted, and
 * targets that lie in the recycle bin.
 */
export function listHolders(names: Iterable<string>, { immutableIds }: LookUpKeys, snapshot: TenantSnapshot): Guid[] {
  const holders = immutableIds.flatMap((value) => [...snapshot.holdersOf(value), ...snapshot.deletedHoldersOf(value)]);
  const ids = holders.map(({ id }) => id);
  for (const name of names) {
    if (snapshot.findTarget(name) === undefined) ids.push(...snapshot.findDeletedTargets(name).map(({ id }) => id));
  }
  return ids;
}

/** Nobody beside the users that are named. */
export const NO_KEYS: LookUpKeys = { immutableIds: [], addresses: [], sids: [] };

export function listLookUpKeys(resolutions: readonly Resolution[], options: AnchorOptions): LookUpKeys {
  const accounts = () => resolutions.flatMap(({ exact }) => exact);
  return {
    // Made when they are asked for, and not kept: a tenant that is listed is not looked up.
    get immutableIds() {
      return listWantedIds(resolutions, options);
    },
    get addresses() {
      return [...new Set(accounts().flatMap((account) => [...addressesOf(account)]))];
    },
    get sids() {
      const sids = accounts().flatMap(({ objectSid, sidHistory }) => [objectSid ?? "", ...sidHistory]);
      return [...new Set(sids)].filter((sid) => sid !== "");
    },
  };
}
