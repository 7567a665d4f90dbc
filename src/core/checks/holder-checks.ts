/** Checks on whoever else holds the ID that a row asks for, in the tenant, its recycle bin or the batch. */
import { isIrreversible } from "../change.ts";
import { decideDeletedHolder, decideLiveHolder, listHolderSteps } from "../holder-actions.ts";
import type { CloudUser } from "../snapshot.ts";
import {
  type CheckBatch,
  type Checks,
  describeUser,
  isTakenOver,
  judgeDecision,
  type RowFacts,
  wouldWrite,
} from "./check.ts";

/** Rows that would write, each with the other live users that hold the wanted value now. */
function* wantedAndHeld({ rows, snapshot }: CheckBatch) {
  for (const facts of rows) {
    const { wantedId, target } = facts;
    if (wantedId === null || target === null || isTakenOver(facts)) continue;
    yield { facts, wantedId, holders: snapshot.holdersOf(wantedId).filter(({ id }) => id !== target.id) };
  }
}

/** Live users outside the batch that hold the value which the row asks for. */
export function outsideHolders({ wantedId, target }: RowFacts, batch: CheckBatch): CloudUser[] {
  if (wantedId === null) return [];
  return batch.snapshot
    .holdersOf(wantedId)
    .filter((holder) => holder.id !== target?.id && releaserOf(holder, batch) === null);
}

/** The row of the batch that takes this user's present value away, if there is one. */
export function releaserOf(holder: CloudUser, batch: CheckBatch): RowFacts | null {
  return batch.rowsWithTarget(holder.id).find((facts) => facts.side === "cloud" && wouldWrite(facts)) ?? null;
}

export const HOLDER_CHECKS = {
  "id-held-by-user": {
    severity: "block",
    says: "Another live user holds this immutable ID.",
    asWarning: "Another live user holds this immutable ID, and a holder action of this plan takes it away.",
    why: "An ID is unique: Graph refuses the write, and the holder is the one that sync would take over.",
    mend: "Find out who the holder is. If it is a duplicate that sync made, take its AD account out of the sync scope first. The holder actions clear-holder and delete-holder do the rest.",
    source: "Microsoft Graph, Update user: ObjectConflict; Microsoft Learn, Troubleshoot synchronization errors",
    checked: "2026-11",
    *find(batch) {
      for (const { facts, holders } of wantedAndHeld(batch)) {
        for (const holder of holders.filter((each) => releaserOf(each, batch) === null)) {
          yield {
            rows: [facts.row],
            ...judgeDecision(`held by ${describeUser(holder)}`, decideLiveHolder(facts, holder, batch)),
          };
        }
      }
    },
  },
  "id-held-by-deleted-user": {
    severity: "block",
    says: "A user in the recycle bin holds this immutable ID.",
    asWarning:
      "A user in the recycle bin holds this immutable ID, and a holder action of this plan removes it for good.",
    why: "The next sync would revive that user instead of matching yours.",
    mend: "Make sure that nobody needs the deleted user, remove it for good in the Entra admin center (Deleted users) or by the holder action purge-deleted-holder, then plan again.",
    source: "Microsoft Learn, Microsoft Entra Connect Sync: Recycle bin",
    checked: "2026-11",
    *find(batch) {
      for (const { facts, wantedId } of wantedAndHeld(batch)) {
        const deleted = batch.snapshot.deletedHoldersOf(wantedId).filter(({ id }) => id !== facts.target?.id);
        for (const holder of deleted) {
          yield {
            rows: [facts.row],
            ...judgeDecision(`held by ${describeUser(holder)}`, decideDeletedHolder(facts, holder, batch)),
          };
        }
      }
    },
  },
  "id-held-in-batch": {
    severity: "info",
    says: "The user that holds this immutable ID is another row of the batch and gives it up.",
    why: "Writes are ordered so that the ID is free when its turn comes; a cycle goes through null.",
    mend: "Nothing is needed.",
    source: "By construction.",
    checked: "2026-11",
    *find(batch) {
      for (const { facts, holders } of wantedAndHeld(batch)) {
        for (const holder of holders) {
          const releaser = releaserOf(holder, batch);
          if (releaser !== null) yield { rows: [facts.row], detail: `row ${releaser.row} frees it` };
        }
      }
    },
  },
  "id-differs-in-case": {
    severity: "block",
    says: "Another user holds an ID that differs from this one only in the case of letters.",
    why: "Graph finds the two equal in a filter while sync tells them apart: nobody can say which of them would be matched.",
    mend: "Find out where the holder's ID comes from and clear it, then plan again.",
    source: "Microsoft Learn, Design concepts: the sourceAnchor attribute is case-sensitive",
    checked: "2026-11",
    *find(batch) {
      for (const { facts, wantedId } of wantedAndHeld(batch)) {
        const others = batch.snapshot.holdersOfOtherCase(wantedId).filter(({ id }) => id !== facts.target?.id);
        if (others.length > 0) {
          yield {
            rows: [facts.row],
            detail: others.map((user) => `${describeUser(user)} holds ${user.immutableId}`).join(", "),
          };
        }
      }
    },
  },
  "waits-for-blocked-row": {
    severity: "block",
    says: "The row's ID is to be freed by a row that is itself blocked.",
    why: "The ID stays where it is until that row is mended, so this one cannot be written either.",
    mend: "Mend the row that is named; this one follows by itself.",
    source: "By construction.",
    checked: "2026-11",
    *find(batch, blockedRows) {
      // From every blocked row along those that wait for it, to the end of the chain.
      const waiting = new Map<number, RowFacts[]>();
      for (const { facts, holders } of wantedAndHeld(batch)) {
        for (const holder of holders) {
          const releaser = releaserOf(holder, batch);
          if (releaser === null) continue;
          const queue = waiting.get(releaser.row);
          if (queue === undefined) waiting.set(releaser.row, [facts]);
          else queue.push(facts);
        }
      }
      const reached = new Set(blockedRows);
      const open = [...blockedRows];
      for (let row = open.shift(); row !== undefined; row = open.shift()) {
        for (const facts of waiting.get(row) ?? []) {
          yield { rows: [facts.row], detail: `row ${row} does not free it` };
          if (reached.has(facts.row)) continue;
          reached.add(facts.row);
          open.push(facts.row);
        }
      }
    },
  },
  "action-irreversible": {
    severity: "warn",
    says: "A holder action of this row cannot be undone: it removes a user for good, or clears an identifier.",
    why: "Rollback writes the row's own old value back, never the object: it can only be made anew by hand.",
    mend: "Look at each object that report.html names on top. If one of them is needed, choose no action for its row (--on-conflict counts wherever the onConflict cell is empty) and plan again.",
    source: "Microsoft Graph, Permanently delete an item (directory object)",
    checked: "2026-11",
    *find(batch, blockedRows) {
      for (const facts of batch.rows) {
        if (blockedRows.has(facts.row) || !wouldWrite(facts)) continue;
        const steps = listHolderSteps(facts, batch, outsideHolders(facts, batch));
        const lasting = steps.filter(({ kind }) => isIrreversible(kind));
        if (lasting.length > 0)
          yield { rows: [facts.row], detail: lasting.map(({ kind, name }) => `${kind} of ${name}`).join(", ") };
      }
    },
  },
} satisfies Checks;
