/**
 * One planned write, as plain data: it can be saved, shown, compared, sent and reversed. The writer
 * only obeys it.
 */
import type { Guid } from "./guid.ts";

/** Which system a change writes to. */
export type Side = "cloud" | "ad";

export type ChangeKind = "set" | "replace" | "clear";

/**
 * When a change has its turn: rows that wait for nobody first, then chains (each row takes an ID that
 * the row before it has freed), then cycles, one at a time, through null.
 */
export type Wave = "simple" | "chain" | "cycle";

/** Names one change of a plan. */
export type ChangeKey = { readonly row: number; readonly step: number };

export type Change = ChangeKey & {
  readonly side: Side;
  readonly kind: ChangeKind;
  /** Object id of the user that is written: never a UPN, which may belong to somebody else by then. */
  readonly objectId: Guid;
  /** UPN of that user when the plan was made, for people. */
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

/** Key text of a change, for maps. */
export function keyOf({ row, step }: ChangeKey): string {
  return `${row}.${step}`;
}
