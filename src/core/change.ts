/**
 * One planned write, as plain data: it can be saved, shown, compared, sent and reversed. The writer
 * only obeys it.
 */
import type { Guid } from "./guid.ts";
import { countOf } from "./words.ts";

/** Which system a change writes to: the tenant, or a domain of Active Directory. */
export const SIDES = ["cloud", "ad"] as const;
export type Side = (typeof SIDES)[number];

/**
 * `set`, `replace` and `clear` move a cloud user's immutable ID; the same with `-consistency-guid` move
 * mS-DS-ConsistencyGuid of an AD account. The others act on an object that stands in the way, or bring the target back:
 * holder actions, each allowed by name.
 */
export const CHANGE_KINDS = [
  "set",
  "replace",
  "clear",
  "delete",
  "purge",
  "restore",
  "clear-object-identifier",
  "set-consistency-guid",
  "replace-consistency-guid",
  "clear-consistency-guid",
] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/**
 * What a change moves from `before` to `after`: the immutable ID, whether the object is there (`live`, `deleted`,
 * `gone`), its onPremisesObjectIdentifier, or the source anchor of an AD account: the bytes of its
 * mS-DS-ConsistencyGuid, in base64. The writer compares and settles all of them alike.
 */
export type Facet = "immutable-id" | "existence" | "object-identifier" | "source-anchor";

const FACETS: Readonly<Record<ChangeKind, Facet>> = {
  set: "immutable-id",
  replace: "immutable-id",
  clear: "immutable-id",
  delete: "existence",
  purge: "existence",
  restore: "existence",
  "clear-object-identifier": "object-identifier",
  "set-consistency-guid": "source-anchor",
  "replace-consistency-guid": "source-anchor",
  "clear-consistency-guid": "source-anchor",
};

/** @see Facet */
export function facetOf(kind: ChangeKind): Facet {
  return FACETS[kind];
}

/** The system that a change of this kind writes to. */
export function sideOf(kind: ChangeKind): Side {
  return FACETS[kind] === "source-anchor" ? "ad" : "cloud";
}

/** Whether a change of this kind moves the value that ties the two sides together, whichever of them it writes. */
export function movesAnchor(kind: ChangeKind): boolean {
  return FACETS[kind] === "immutable-id" || FACETS[kind] === "source-anchor";
}

/** Nothing brings it back: neither the program nor an administrator. A deleted user is purged in the next step. */
export function isIrreversible(kind: ChangeKind): boolean {
  return UNDO_WORDS[kind] === IRREVERSIBLE;
}

/** The mark of a step that nothing brings back, in every output. */
export const IRREVERSIBLE = "IRREVERSIBLE";
const SETS_BACK = "rollback sets it back";

/** What rollback does about a step: the same words on screen, in the report and in the files. */
export const UNDO_WORDS: Readonly<Record<ChangeKind, string>> = {
  set: SETS_BACK,
  replace: SETS_BACK,
  clear: SETS_BACK,
  delete: IRREVERSIBLE,
  purge: IRREVERSIBLE,
  restore: "stays: rollback does not delete it again",
  "clear-object-identifier": IRREVERSIBLE,
  "set-consistency-guid": SETS_BACK,
  "replace-consistency-guid": SETS_BACK,
  "clear-consistency-guid": SETS_BACK,
};

/** Whom a holder action is done to, as the user was when the plan was made: for whoever has to agree to it. */
export type HolderSubject = {
  readonly displayName: string | null;
  /** ISO times; `null` where the tenant does not say. */
  readonly createdAt: string | null;
  readonly lastSyncAt: string | null;
  readonly licenceCount: number;
};

/** `Ada Keller, created 2024-03-01, never synced, 2 licences`. */
export function describeSubject({ displayName, createdAt, lastSyncAt, licenceCount }: HolderSubject): string {
  return [
    displayName ?? "no display name",
    `created ${createdAt ?? "at an unknown time"}`,
    lastSyncAt === null ? "never synced" : `last synced ${lastSyncAt}`,
    countOf(licenceCount, "licence"),
  ].join(", ");
}

/**
 * When a change has its turn: rows that wait for nobody first, then chains (each row takes an ID that
 * the row before it has freed), then cycles, one at a time, through null. Rows with a holder action come last, one at a
 * time, when all others are verified.
 */
export type Wave = "simple" | "chain" | "cycle" | "holder";

/** Names one change of a plan. */
export type ChangeKey = { readonly row: number; readonly step: number };

export type Change = ChangeKey & {
  readonly side: Side;
  readonly kind: ChangeKind;
  /** Of a holder action: the object in the way, or the target that is brought back. `null` for a write of the row's own ID. */
  readonly holder: HolderSubject | null;
  /**
   * Object id of the user that is written: never a UPN, which may belong to somebody else by then. On the side `ad` the
   * account's objectGUID: never a DN, which a move changes.
   */
  readonly objectId: Guid;
  /** UPN of that user when the plan was made, for people; of an AD account `DOMAIN\\account`. */
  readonly name: string;
  /** Value found when the plan was made; `null` is unset, which is not the same as "". */
  readonly before: string | null;
  /** Value to write; `null` clears. */
  readonly after: string | null;
  readonly wave: Wave;
  /** Number of the chain or cycle that the change belongs to, from 1; 0 in the simple wave. */
  readonly group: number;
  /** The change that must be settled as applied before this one is sent. */
  readonly waitsFor: ChangeKey | null;
};

/** Name of the file in the run folder that keeps the last state of the object which an irreversible step destroys. */
export function savedStateName({ row, step, objectId }: Pick<Change, "row" | "step" | "objectId">): string {
  return `saved-row-${row}-step-${step}-${objectId}.json`;
}

/** Key text of a change, for maps. */
export function keyOf({ row, step }: ChangeKey): string {
  return `${row}.${step}`;
}
