/**
 * Microsoft Entra Connect Sync on the machine at hand: how its scheduler stands, and what its answers mean.
 *
 * Source: Microsoft Entra, "Connect Sync: Scheduler" (Get-ADSyncScheduler, Start-ADSyncSyncCycle,
 * Get-ADSyncConnectorRunStatus; staging mode; suspended while the wizard is open), checked 2026-11. The texts of refusals
 * are from public reports, and none is needed: what is not understood is shown as it came.
 */
import { BatchError } from "./errors.ts";

/** The line that starts a delta cycle on the sync server itself. */
export const START_DELTA = "Start-ADSyncSyncCycle -PolicyType Delta";
/** The same from another machine, for an account that may sign in to the server. */
export const START_DELTA_REMOTELY = `Invoke-Command -ComputerName <sync server> -ScriptBlock { Import-Module ADSync; ${START_DELTA} }`;

/** What Get-ADSyncScheduler and Get-ADSyncConnectorRunStatus say. */
export type SyncScheduler = {
  /** Cycles come by themselves. */
  readonly cycleEnabled: boolean;
  /** The wizard is open, or somebody has suspended the scheduler. */
  readonly suspended: boolean;
  /** The server imports and exports nothing. */
  readonly stagingMode: boolean;
  readonly cycleInProgress: boolean;
  /** ISO time; `null` where it is not told. */
  readonly nextCycleAt: string | null;
  /** Connectors that are at work. */
  readonly busyConnectors: readonly string[];
};

/** Whether Connect Sync is on this machine at all. */
export type ConnectSyncReading =
  | { readonly kind: "absent"; readonly why: "no-powershell" | "no-module" }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "read"; readonly scheduler: SyncScheduler };

/** @throws {BatchError} refused: a cycle started now would do nothing, or none can be started. */
export function requireReadyScheduler(scheduler: SyncScheduler): void {
  const { stagingMode, suspended, cycleInProgress, busyConnectors, nextCycleAt } = scheduler;
  if (stagingMode) {
    throw new BatchError(
      "refused",
      "This sync server is in staging mode: it exports nothing, so no user would be taken over. Nothing was started.",
      `Run hardmatch sync on the active sync server, or there: ${START_DELTA}`,
    );
  }
  if (suspended) {
    throw new BatchError(
      "refused",
      "The scheduler of Connect Sync is suspended, as it is while its wizard is open. Nothing was started.",
      "Close the Microsoft Entra Connect Sync wizard on this server, then run the same command again.",
    );
  }
  if (cycleInProgress || busyConnectors.length > 0) {
    const who = busyConnectors.length === 0 ? "" : ` (${busyConnectors.join(", ")})`;
    const then = nextCycleAt === null ? "" : ` The next cycle comes by itself at ${nextCycleAt}.`;
    throw new BatchError(
      "refused",
      `A sync cycle is under way${who}, and may have read AD before the last change. Nothing was started.`,
      `Wait until it has ended (Get-ADSyncConnectorRunStatus shows nothing), then run the same command again.${then}`,
    );
  }
}

const BUSY = /\bis busy\b|already running|in progress/i;
const NO_RIGHT = /access (?:(?:is|was) )?denied|not authorized|unauthorized|permission|not a member/i;
const MODAL = /modal dialog/i;

/** What a refused start means. @param message What PowerShell has said. */
export function explainRefusedStart(message: string): BatchError {
  const said = `Connect Sync has started nothing: ${message}`;
  if (BUSY.test(message)) {
    return new BatchError(
      "refused",
      said,
      "A cycle is under way: wait until Get-ADSyncConnectorRunStatus shows nothing, then run the same command again.",
    );
  }
  if (MODAL.test(message)) {
    return new BatchError(
      "refused",
      said,
      "Connect Sync cannot sign in to the tenant by itself: look at its account, its certificate and Conditional Access in the wizard.",
    );
  }
  if (NO_RIGHT.test(message)) {
    return new BatchError(
      "refused",
      said,
      "Sign in with an account in the local group ADSyncAdmins or ADSyncOperators, in an elevated PowerShell.",
    );
  }
  return new BatchError("refused", said, `Run this line in an elevated PowerShell on this server: ${START_DELTA}`);
}
