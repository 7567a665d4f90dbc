/** What each holder action does, who is barred from it and what rollback does about it: for `explain`, help and README. */
import type { HolderAction } from "./mapping.ts";

export type HolderActionExplanation = {
  /** One sentence: what is done to which object. */
  readonly does: string;
  /** The finding that it resolves. */
  readonly resolves: string;
  readonly barred: string;
  readonly undo: string;
};

const BARRED = "Whoever holds a directory role, or is a cloud user of this batch.";
const NEVER = "Nothing brings it back. Its last state is saved in the run folder before.";

export const HOLDER_ACTION_WORDS: Readonly<Record<HolderAction, HolderActionExplanation>> = {
  "clear-holder": {
    does: "Sets the immutable ID of the other live user that holds the row's ID to null; that user keeps everything else.",
    resolves: "id-held-by-user",
    barred: `${BARRED} A holder that is synced: Graph refuses it.`,
    undo: "Rollback gives the holder its ID back.",
  },
  "delete-holder": {
    does: "Deletes the other live user that holds the row's ID, and removes it from the recycle bin for good.",
    resolves: "id-held-by-user",
    barred: `${BARRED} A holder that is synced: sync would bring it back. A holder with a licence, unless the row's own onConflict cell says delete-holder.`,
    undo: NEVER,
  },
  "purge-deleted-holder": {
    does: "Removes a user in the recycle bin that holds the row's ID for good.",
    resolves: "id-held-by-deleted-user",
    barred: BARRED,
    undo: NEVER,
  },
  "restore-target": {
    does: "Brings the row's own cloud user back from the recycle bin, then gives it its ID.",
    resolves: "target-deleted",
    barred: "A name that several deleted users had.",
    undo: "Rollback takes the ID back and leaves the user live.",
  },
  "clear-object-identifier": {
    does: "Clears onPremisesObjectIdentifier of the row's own cloud user (Graph beta): the next sync stamps a fresh one.",
    resolves: "target-object-identifier-set",
    barred: "A user that is synced, unless its row writes into AD: there it is allowed, and was never tried live.",
    undo: "Graph takes nothing but null for it: the old value is saved in the run folder and cannot be written back.",
  },
};

/** How an action comes to be carried out: said with every explanation. */
export const HOW_ACTIONS_ARE_CHOSEN =
  "A row chooses actions in its onConflict cell (several joined by +), or --on-conflict does where that cell is empty. Nothing happens unless --allow names the action too. apply wants the number of objects confirmed by --confirm-holders.";
