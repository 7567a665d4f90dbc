/**
 * What both sides say about each row.
 *
 * Of nearly every row all of it follows from the mapping, the one account and the one user. So nothing else is kept: of
 * a hundred thousand rows the answers would take as much memory as the people themselves. What is unusual is kept whole.
 */
import type { AdAccount } from "./ad-account.ts";
import { anchorForAd } from "./ad-facts.ts";
import type { Side } from "./change.ts";
import type { CheckOptions, RowFacts } from "./checks/check.ts";
import { asRestored, chosenActions } from "./holder-actions.ts";
import { IdColumn } from "./id-column.ts";
import type { Mapping } from "./mapping.ts";
import { type Resolution, soleAccount } from "./resolution.ts";
import { createGetters } from "./shared-getters.ts";
import type { CloudUser, DeletedUser, TenantSnapshot } from "./snapshot.ts";
import { type AnchorMode, chooseAnchor } from "./source-anchor.ts";

/** Which side a row writes. */
export function sideOfRow({ writeTo }: Pick<Mapping, "writeTo">, options: Pick<CheckOptions, "writeTo">): Side {
  return writeTo ?? options.writeTo;
}

/** What is kept of the rows, in their order; every check asks for it. */
type Rows = {
  readonly resolutions: readonly Resolution[];
  readonly numbers: Uint32Array;
  readonly writesIntoAd: Uint8Array;
  readonly accounts: readonly (AdAccount | null)[];
  readonly targets: readonly (CloudUser | null)[];
  readonly wantedIds: IdColumn;
  readonly anchor: AnchorMode;
};

/** One for all rows. */
const NOBODY: readonly never[] = [];

/** The facts of the row at a place, whose target is not in the recycle bin. */
const readFacts = createGetters<Rows, number, RowFacts>({
  mapping: (rows, at) => resolutionAt(rows, at).mapping,
  row: ({ numbers }, at) => numbers[at] ?? 0,
  side: ({ writesIntoAd }, at) => (writesIntoAd[at] === 1 ? "ad" : "cloud"),
  resolution: resolutionAt,
  account: ({ accounts }, at) => accounts[at] ?? null,
  choice: ({ accounts, writesIntoAd, anchor }, at) => {
    const account = accounts[at] ?? null;
    return account === null || writesIntoAd[at] === 1 ? null : chooseAnchor(account, anchor);
  },
  wantedId: ({ wantedIds }, at) => wantedIds.get(at),
  target: ({ targets }, at) => targets[at] ?? null,
  deletedTargets: () => NOBODY,
  restoring: () => null,
});

function resolutionAt({ resolutions }: Rows, at: number): Resolution {
  return resolutions[at] as Resolution;
}

/** Puts together what both sides say about every row, in the order of the resolutions. */
export function describeRows(
  resolutions: readonly Resolution[],
  snapshot: TenantSnapshot,
  options: CheckOptions,
): RowFacts[] {
  const { length } = resolutions;
  const accounts: (AdAccount | null)[] = [];
  const targets: (CloudUser | null)[] = [];
  const rows: Rows = {
    resolutions,
    numbers: new Uint32Array(length),
    writesIntoAd: new Uint8Array(length),
    accounts,
    targets,
    wantedIds: new IdColumn(length),
    anchor: options.anchor,
  };
  return resolutions.map((resolution, at) => {
    const { mapping } = resolution;
    const only = soleAccount(resolution);
    const account = only?.kind === "user" ? only : null;
    const live = snapshot.findTarget(mapping.upn) ?? null;
    const deletedTargets = live === null ? snapshot.findDeletedTargets(mapping.upn) : NOBODY;
    const restoring = restorable({ mapping }, deletedTargets, options);
    const target = restoring === null ? live : asRestored(restoring);
    rows.numbers[at] = mapping.row;
    rows.writesIntoAd[at] = sideOfRow(mapping, options) === "ad" ? 1 : 0;
    accounts.push(account);
    targets.push(target);
    const facts = readFacts(rows, at);
    const decoded = account === null || facts.side === "cloud" ? null : anchorForAd(target?.immutableId ?? null);
    const wantedId = decoded ?? facts.choice?.anchor?.immutableId ?? null;
    if (wantedId !== null) rows.wantedIds.set(at, wantedId);
    return deletedTargets.length === 0 ? facts : { ...facts, deletedTargets, restoring };
  });
}

/** The deleted target that the row chooses and is allowed to bring back. */
function restorable(
  facts: Pick<RowFacts, "mapping">,
  deleted: readonly DeletedUser[],
  options: CheckOptions,
): DeletedUser | null {
  const chosen =
    chosenActions(facts, { options }).includes("restore-target") && options.allow.includes("restore-target");
  return chosen && deleted.length === 1 ? (deleted[0] ?? null) : null;
}
