/**
 * The one error class that ends a command.
 *
 * Trouble with a row is data (a Finding or an Outcome); a `BatchError` means that the whole batch
 * cannot go on. It carries what an operator needs at night: what happened, every detail found, and
 * the next thing to do. Anything else that is thrown is a bug.
 */

/** Why a batch must stop. `src/cli/exit-codes.ts` gives each its exit code. */
export type BatchErrorCode =
  | "usage"
  | "config"
  | "input"
  | "blocked"
  | "directory"
  | "tenant"
  | "refused"
  | "interrupted"
  | "paused"
  | "disk";

/** @see BatchErrorCode */
export class BatchError extends Error {
  override readonly name = "BatchError";
  readonly code: BatchErrorCode;
  /** What the operator should do next: imperative sentences, a command to copy at the end of its line. */
  readonly hint: string;
  /** Every single problem, one line each, when there is more than one. */
  readonly details: readonly string[];

  constructor(
    code: BatchErrorCode,
    message: string,
    hint: string,
    options: { readonly details?: readonly string[]; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = hint;
    this.details = options.details ?? [];
  }
}

/** Errors that are told of one that has a cause, which has a cause: errors can be tied into a ring. */
const MOST_CAUSES = 5;

/** The text of anything that was thrown, with up to five causes of causes, for a message or a log line. */
export function describeError(error: unknown): string {
  return describeChain(error, MOST_CAUSES);
}

function describeChain(error: unknown, mostCauses: number): string {
  if (!(error instanceof Error)) return String(error);
  const isLast = error.cause === undefined || mostCauses === 0;
  return `${error.message || error.name}${isLast ? "" : ` (${describeChain(error.cause, mostCauses - 1)})`}`;
}

/** Lines that a message shows before it says where the others stand. */
const MOST_LINES = 20;

/** The first lines of many, and how many more there are. @param where The file that has them all. */
export function nameSome(lines: readonly string[], where: string): string[] {
  const more = lines.length - MOST_LINES;
  return more > 0 ? [...lines.slice(0, MOST_LINES), `and ${more} more: see ${where}`] : [...lines];
}
