/** Connect Sync on the machine at hand, if it is there. */
import type { ConnectSyncReading } from "../core/connect-sync.ts";

export interface ConnectSync {
  /** How its scheduler stands; changes nothing. @throws {BatchError} interrupted: the signal fired. */
  read(signal: AbortSignal): Promise<ConnectSyncReading>;

  /**
   * Starts a delta cycle and does not wait for its end.
   *
   * @returns `null` when it was started, else what was said instead.
   * @throws {BatchError} interrupted: the signal fired; a cycle may have been started.
   */
  startDelta(signal: AbortSignal): Promise<string | null>;
}
