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
import type { Mapping } from "./mapping.ts";
import { type Resolution, soleAccount } from "./resolution.ts";
import { createGetters } from "./shared-getters.ts";
import type { CloudUser, DeletedUser, TenantSnapshot } from "./snapshot.ts";
import { type AnchorChoice, chooseAnchor } from "./source-anchor.ts";

/** Which side a row writes. */
export function sideOfRow({ writeTo }: Pick<Mapping, "writeTo">, options: Pick<CheckOptions, "writeTo">): Side {
  return writeTo ?? options.writeTo;
}

/** One resolution and one target for each row, in their order. */
type Rows = {
  readonly resolutions: readonly Resolution[];
  readonly targets: readonly (CloudUser | null)[];
  readonly options: CheckOptions;
};

/** One for all rows. */
const NOBODY: readonly never[] = [];

/** The facts of the row at a place, whose target is not in the recycle bin. */
const readFacts = createGetters<Rows, number, RowFacts>({
  mapping: (rows, at) => resolutionAt(rows, at).mapping,
  row: (rows, at) => resolutionAt(rows, at).mapping.row,
  side: sideAt,
  resolution: resolutionAt,
  account: accountAt,
  choice: choiceAt,
  wantedId: (rows, at) => {
    if (sideAt(rows, at) === "cloud") return choiceAt(rows, at)?.anchor?.immutableId ?? null;
    return accountAt(rows, at) === null ? null : anchorForAd(targetAt(rows, at)?.immutableId ?? null);
  },
  target: targetAt,
  deletedTargets: () => NOBODY,
  restoring: () => null,
});

function resolutionAt({ resolutions }: Rows, at: number): Resolution {
  return resolutions[at] as Resolution;
}

function targetAt({ targets }: Rows, at: number): CloudUser | null {
  return targets[at] ?? null;
}

function sideAt(rows: Rows, at: number): Side {
  return sideOfRow(resolutionAt(rows, at).mapping, rows.options);
}

function accountAt(rows: Rows, at: number): AdAccount | null {
  const only = soleAccount(resolutionAt(rows, at));
  return only?.kind === "user" ? only : null;
}

function choiceAt(rows: Rows, at: number): AnchorChoice | null {
  const account = accountAt(rows, at);
  return account === null || sideAt(rows, at) === "ad" ? null : chooseAnchor(account, rows.options.anchor);
}

/** Puts together what both sides say about every row, in the order of the resolutions. */
export function describeRows(
  resolutions: readonly Resolution[],
  snapshot: TenantSnapshot,
  options: CheckOptions,
): RowFacts[] {
  const targets: (CloudUser | null)[] = [];
  const rows: Rows = { resolutions, targets, options };
  return resolutions.map(({ mapping }, at) => {
    const live = snapshot.findTarget(mapping.upn) ?? null;
    const deletedTargets = live === null ? snapshot.findDeletedTargets(mapping.upn) : NOBODY;
    const restoring = restorable({ mapping }, deletedTargets, options);
    targets.push(restoring === null ? live : asRestored(restoring));
    const facts = readFacts(rows, at);
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
