/**
 * What one probe brought back, before anybody judges it.
 *
 * A probe that was not made is told apart from one that found nothing wrong: "not checked" is never "fine".
 */
import type { BatchErrorCode } from "../errors.ts";

export type Fact<Found> =
  | { readonly state: "found"; readonly found: Found }
  | Failed
  /** `because` completes "not checked: ...". */
  | { readonly state: "not-checked"; readonly because: string };

/** The probe was made and failed: what happened, and what to do about it. */
export type Failed = {
  readonly state: "failed";
  readonly code: BatchErrorCode;
  readonly message: string;
  readonly mend: string;
};

/** A probe that was left out. @param because Completes "not checked: ...". */
export function notChecked(because: string): { readonly state: "not-checked"; readonly because: string } {
  return { state: "not-checked", because };
}
