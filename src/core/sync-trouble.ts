/**
 * What can go wrong between a written immutable ID and its takeover by sync: what each means, and what to do next.
 *
 * Screen, report and JSON read this one table. The names stand in the journal and in `--json`, so one that was shipped
 * keeps its meaning.
 *
 * Source: Microsoft Entra, "Troubleshoot errors during synchronization", "Use Microsoft Entra Connect when you have an
 * existing tenant", "Duplicate attribute resiliency" (checked 2026-11)
 */
import type { SyncState } from "./outcome.ts";

export const SYNC_TROUBLES = [
  "duplicate-made",
  "same-id-elsewhere",
  "takeover-refused",
  "property-conflict",
  "provisioning-error",
  "other-account",
  "anchor-changed",
  "user-gone",
  "account-gone",
  "value-changed",
  "set-back",
  "not-written",
  "not-seen",
  "no-cycle",
] as const;
export type SyncTrouble = (typeof SYNC_TROUBLES)[number];

type Explained = {
  /** What has happened, and what it does to the person. */
  readonly means: string;
  /** One or two imperative sentences. */
  readonly next: string;
};

/** @see SyncTrouble */
export const SYNC_TROUBLE_WORDS: Readonly<Record<SyncTrouble, Explained>> = {
  "duplicate-made": {
    means: "Sync ties the AD account to another object, which it made for it; the person's own user is not tied to it.",
    next: "Take the AD account out of the sync scope, sync, delete and purge the other object, bring the account back into scope, sync.",
  },
  "same-id-elsewhere": {
    means: "Two objects hold the immutable ID; sync may take over the wrong one.",
    next: "Take the AD account out of the sync scope until the other object has given the ID up; then plan the row again.",
  },
  "takeover-refused": {
    means: "Entra refuses to hard match this user as it is now; the immutable ID stands, and nothing else has changed.",
    next: "Mend what the code names (hardmatch explain <code>), then run the next sync.",
  },
  "property-conflict": {
    means: "Another object in the tenant has an address or name of the AD account; Entra keeps that value back.",
    next: "Take the value from the object that has it, or from the AD account; the next sync clears the error.",
  },
  "provisioning-error": {
    means: "Entra could not take over everything that sync has sent for this user.",
    next: "Look the error up in the Entra admin center (Connect Health, Sync errors), mend it, and run the next sync.",
  },
  "other-account": {
    means:
      "Sync owns the user, but by another AD account than the mapping names: somebody may get another one's mailbox.",
    next: "Stop the sync scheduler and find out whose account that SID is before anybody signs in.",
  },
  "anchor-changed": {
    means: "The AD account no longer has the anchor that was written, so sync cannot match it with this user.",
    next: "Set mS-DS-ConsistencyGuid back to the planned value, or take the account out of the sync scope and plan the row again.",
  },
  "user-gone": {
    means: "The cloud user was deleted since; sync would make or revive another one for the AD account.",
    next: "Take the AD account out of the sync scope, restore the user from the recycle bin, and plan the row again.",
  },
  "account-gone": {
    means: "The AD account that was written no longer exists; there is nothing that sync could match.",
    next: "Restore it from the AD recycle bin, or plan the row again with the account that the person has now.",
  },
  "value-changed": {
    means: "Somebody has changed the immutable ID since; sync will not match this user.",
    next: "Find out who writes to the user, then plan the row again from retry.csv.",
  },
  "set-back": {
    means: "The value from before the run stands again; sync will not match the user.",
    next: "If nobody has rolled it back on purpose, plan the row again.",
  },
  "not-written": {
    means: "The run has not written this row, so there is nothing that sync could match.",
    next: "Look at hardmatch status, and apply the run again or plan the row anew.",
  },
  "not-seen": {
    means: "What was written stands and nothing speaks against the match, but sync has not come to this account.",
    next: "See whether the AD account is in the sync scope and has changed since; touch it or move it into scope, sync, and verify again.",
  },
  "no-cycle": {
    means: "No sync cycle has ended since the row was written, so nothing could be matched yet.",
    next: "Start a cycle (hardmatch sync), and follow the takeover again with --wait-for-sync.",
  },
};

/** What verify last saw of sync, kept with the step. */
export type SyncNote = {
  /** `null` where nothing is wrong. */
  readonly trouble: SyncTrouble | null;
  /** What exactly was seen, with the names concerned; `null` where the state says it all. */
  readonly text: string | null;
  /** ISO time. */
  readonly at: string;
};

/** @returns `null` for a text that is none, as another version may have written it. */
export function parseSyncTrouble(text: string | null): SyncTrouble | null {
  return SYNC_TROUBLES.find((known) => known === text) ?? null;
}

/** States of sync that need somebody. */
export const BROKEN_SYNC_STATES: ReadonlySet<SyncState | null> = new Set<SyncState | null>(["duplicate", "error"]);
