import type { Survivor } from "./run-stryker.ts";

/** Survivors that no test needs to notice, for one reason. */
export type Explained = { readonly reason: string; readonly mutants: readonly Survivor[] };
