/**
 * What is done to an object that stands in the way of a row, when the operator has chosen and allowed it.
 *
 * These actions take mailboxes away for good when they hit the wrong object. So nothing happens unless the row (or
 * --on-conflict) chooses an action and --allow names it; who is synced, holds a role or is in the batch is never
 * touched; and a licensed holder is deleted only by the row's own cell.
 */

import type { Change, HolderSubject } from "./change.ts";
import type { CheckBatch, RowFacts } from "./checks/check.ts";
import type { HolderAction } from "./mapping.ts";
import { type CloudUser, withoutIdPrefix } from "./snapshot.ts";
import { countOf } from "./words.ts";

/** One step of a holder action, before it has its place in the plan. */
export type HolderStep = Pick<Change, "kind" | "objectId" | "name" | "before" | "after"> & {
  readonly holder: HolderSubject;
};

/** What is done about one object: the steps, or why nothing is. `barred` is null where nothing was chosen. */
export type HolderDecision =
  | { readonly steps: readonly HolderStep[]; readonly words: string; readonly barred: null }
  | { readonly steps: null; readonly words: null; readonly barred: string | null };

const bar = (barred: string | null): HolderDecision => ({ steps: null, words: null, barred });

/** The actions that a row has chosen: its own cell's, else those of --on-conflict. */
export function chosenActions(
  { mapping }: Pick<RowFacts, "mapping">,
  batch: Pick<CheckBatch, "options">,
): readonly HolderAction[] {
  return mapping.onConflict.length > 0 ? mapping.onConflict : batch.options.onConflict;
}

/**
 * The action that the row has chosen for one object.
 *
 * @param actions Those that fit the object; they exclude one another.
 * @param object What it is, as it completes "does not fit ...".
 * @returns `action` is `null` where none that fits was chosen; `barred` then says what was chosen instead, if anything.
 */
function choose(facts: RowFacts, batch: CheckBatch, actions: readonly HolderAction[], object: string) {
  const chosen = chosenActions(facts, batch);
  const [action, other] = actions.filter((each) => chosen.includes(each));
  const fitting = actions.join(" or ");
  if (action === undefined) {
    const misfit = chosen.length === 0 ? null : `${chosen.join("+")} does not fit ${object}; ${fitting} would`;
    return { action: null, barred: misfit, notAllowed: null };
  }
  const barred = other === undefined ? null : `${action} and ${other} were both chosen: name one of them`;
  const allowed = batch.options.allow.includes(action);
  return { action, barred, notAllowed: allowed ? null : `${action} was chosen but is not named in --allow` };
}

/** Why nothing may be done, everything at once: whoever adds an --allow must not learn of the next bar after that. */
const joinBars = (...bars: readonly (string | null)[]): string | null =>
  bars.filter((each) => each !== null).join("; ") || null;

function barForAnyAction(user: CloudUser, batch: CheckBatch): string | null {
  if (batch.rowsWithTarget(user.id).length > 0) return "it is itself a cloud user of this batch";
  const { roles, rolesAreComplete } = batch.takeover;
  if (roles === null || !rolesAreComplete) return "whether it holds a role could not be checked";
  return (roles.get(user.id)?.length ?? 0) > 0 ? "it holds a directory role" : null;
}

const SYNCED_HOLDER = "it is synced: take its AD account out of the sync scope, let a sync run, plan again";

/** A licensed user is somebody's mailbox: only whoever has looked at this very row may delete it. */
function barForLicences({ mapping }: RowFacts, { licenceCount }: CloudUser, action: HolderAction): string | null {
  if (action !== "delete-holder" || licenceCount === 0 || mapping.onConflict.includes("delete-holder")) return null;
  return `it has ${countOf(licenceCount, "licence")}: only the onConflict cell of this very row may delete it`;
}

/** The object of a step. A deleted user goes by the UPN that it had: people do not know it by the prefixed one. */
function actOn(user: CloudUser): Pick<HolderStep, "objectId" | "name" | "holder"> {
  const { id, displayName, createdAt, lastSyncAt, licenceCount } = user;
  return { objectId: id, name: withoutIdPrefix(user), holder: { displayName, createdAt, lastSyncAt, licenceCount } };
}

/** What is done about a live user that holds the ID. */
export function decideLiveHolder(facts: RowFacts, holder: CloudUser, batch: CheckBatch): HolderDecision {
  const choice = choose(facts, batch, ["clear-holder", "delete-holder"], "a live holder");
  if (choice.action === null) return bar(choice.barred);
  const barred = joinBars(
    choice.barred,
    holder.syncEnabled === true ? SYNCED_HOLDER : null,
    barForAnyAction(holder, batch),
    barForLicences(facts, holder, choice.action),
    choice.notAllowed,
  );
  if (barred !== null) return bar(barred);
  const acted = actOn(holder);
  if (choice.action === "clear-holder") {
    return {
      steps: [{ ...acted, kind: "clear", before: holder.immutableId, after: null }],
      words: "its ID will be cleared",
      barred: null,
    };
  }
  return {
    steps: [
      { ...acted, kind: "delete", before: "live", after: "deleted" },
      { ...acted, kind: "purge", before: "deleted", after: "gone" },
    ],
    words: "it will be deleted for good",
    barred: null,
  };
}

/** What is done about a user in the recycle bin that holds the ID. */
export function decideDeletedHolder(facts: RowFacts, holder: CloudUser, batch: CheckBatch): HolderDecision {
  const choice = choose(facts, batch, ["purge-deleted-holder"], "a holder in the recycle bin");
  if (choice.action === null) return bar(choice.barred);
  const barred = joinBars(barForAnyAction(holder, batch), choice.notAllowed);
  if (barred !== null) return bar(barred);
  return {
    steps: [{ ...actOn(holder), kind: "purge", before: "deleted", after: "gone" }],
    words: "it will be removed for good",
    barred: null,
  };
}

/** Whether a target in the recycle bin is brought back. */
export function decideRestore(facts: RowFacts, batch: CheckBatch): HolderDecision {
  const { restoring } = facts;
  const choice = choose(facts, batch, ["restore-target"], "a target in the recycle bin");
  if (choice.action === null) return bar(choice.barred);
  const several = facts.deletedTargets.length > 1 ? "several deleted users had this name" : null;
  const barred = joinBars(several, choice.notAllowed);
  if (barred !== null || restoring === null) return bar(barred ?? "it cannot be restored");
  return {
    steps: [{ ...actOn(restoring), kind: "restore", before: "deleted", after: "live" }],
    words: "it will be restored",
    barred: null,
  };
}

/** Whether the identifier of another AD account is taken off the target. */
export function decideIdentifier(facts: RowFacts, identifier: string, batch: CheckBatch): HolderDecision {
  if (facts.target === null) return bar(null);
  const choice = choose(facts, batch, ["clear-object-identifier"], "an identifier of the target");
  if (choice.action === null) return bar(choice.barred);
  const { syncEnabled } = facts.target;
  // Nearly every user that moves between domains is synced, and this way writes nothing else to it.
  const isBarred = syncEnabled === true && facts.side === "cloud";
  const barred = joinBars(isBarred ? "the user is synced" : null, choice.notAllowed);
  if (barred !== null) return bar(barred);
  const untried = syncEnabled === true ? ", which was never tried live on a synced user: do it to one row first" : "";
  return {
    steps: [{ ...actOn(facts.target), kind: "clear-object-identifier", before: identifier, after: null }],
    words: `it will be cleared${untried}`,
    barred: null,
  };
}

/** The identifier of another account that the target carries, where Entra would refuse the takeover for it. */
export function foreignIdentifier({ target, account }: RowFacts, { takeover }: CheckBatch): string | null {
  if (target === null || takeover.features?.allowsIdentifierUpdate === true) return null;
  const identifier = takeover.objectIdentifiers?.get(target.id) ?? null;
  return identifier !== null && identifier.toLowerCase() !== account?.objectGuid ? identifier : null;
}

/** How a restored user will look: under the UPN it had, and no longer synced (restored users show false). */
export function asRestored(user: CloudUser): CloudUser {
  return {
    ...user,
    userPrincipalName: withoutIdPrefix(user),
    syncEnabled: user.syncEnabled === true ? false : user.syncEnabled,
  };
}

/** Every step that goes before the row's own write, in order. */
export function listHolderSteps(
  facts: RowFacts,
  batch: CheckBatch,
  outsideHolders: readonly CloudUser[],
): readonly HolderStep[] {
  const identifier = foreignIdentifier(facts, batch);
  const deleted = facts.wantedId === null ? [] : batch.snapshot.deletedHoldersOf(facts.wantedId);
  const decisions = [
    ...(facts.restoring === null ? [] : [decideRestore(facts, batch)]),
    ...(identifier === null ? [] : [decideIdentifier(facts, identifier, batch)]),
    ...outsideHolders.map((holder) => decideLiveHolder(facts, holder, batch)),
    ...deleted.filter(({ id }) => id !== facts.target?.id).map((holder) => decideDeletedHolder(facts, holder, batch)),
  ];
  return decisions.flatMap(({ steps }) => steps ?? []);
}
