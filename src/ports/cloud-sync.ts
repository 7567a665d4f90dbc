/** Cloud Sync in the tenant: its jobs, and users on demand. Sync is what it starts; it writes to no directory itself. */
import type { ProvisionAnswer, SyncJob } from "../core/cloud-sync.ts";

export interface CloudSync {
  /** Jobs that bring users from AD; none where the tenant has no Cloud Sync. @throws {BatchError} tenant, interrupted. */
  listJobs(signal: AbortSignal): Promise<readonly SyncJob[]>;

  /** Starts a job that is paused. @throws {BatchError} tenant: refused, or nobody can say. interrupted. */
  startJob(job: SyncJob, signal: AbortSignal): Promise<void>;

  /** Id of the rule by which the job provisions users. @throws {BatchError} tenant, interrupted. */
  readRule(job: SyncJob, signal: AbortSignal): Promise<string>;

  /**
   * Provisions one account now. At most five requests in ten seconds are granted: the caller paces them.
   *
   * @throws {BatchError} tenant: refused as a whole (permission, throttling that lasts). interrupted.
   */
  provision(job: SyncJob, ruleId: string, dn: string, signal: AbortSignal): Promise<ProvisionAnswer>;
}
