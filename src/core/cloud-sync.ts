/**
 * Cloud Sync as the tenant shows it: one job for each AD domain, which runs by itself every two minutes.
 *
 * Source: https://learn.microsoft.com/graph/api/resources/synchronization-synchronizationjob,
 * synchronization-synchronizationjob-start and -provisionondemand (checked 2026-11)
 */
import { parseDn } from "./distinguished-name.ts";
import { BatchError } from "./errors.ts";
import { foldCase } from "./names.ts";

export type SyncJob = {
  readonly id: string;
  /** Id of the service principal that the job belongs to. */
  readonly servicePrincipalId: string;
  /** Its display name: the DNS name of the AD domain, unless somebody has chosen another. */
  readonly name: string;
  /** status.code as Graph writes it: Active, Paused, Quarantine, NotRun, NotConfigured. */
  readonly code: string;
  readonly quarantineReason: string | null;
};

/**
 * What to do with a job that shall run. A job that is active must not be started: "Don't create scripts to call the start
 * job continuously while it's running because that can cause the service to stop running" says its documentation.
 */
export type JobStep = "runs" | "start" | "mend";

export function nextStepOf({ code }: Pick<SyncJob, "code">): JobStep {
  if (code === "Active") return "runs";
  return code === "Quarantine" || code === "NotConfigured" ? "mend" : "start";
}

/** What came of one user that was provisioned on demand. */
export type ProvisionAnswer = {
  readonly result: "success" | "skipped" | "failure";
  readonly code: string | null;
  readonly message: string | null;
};

/** Jobs that are asked for. @param chosen Id of the job that the configuration names. @throws {BatchError} config */
export function chooseJobs(jobs: readonly SyncJob[], chosen: string | null): readonly SyncJob[] {
  const found = chosen === null ? jobs : jobs.filter(({ id }) => foldCase(id) === foldCase(chosen));
  if (chosen === null || found.length > 0) return found;
  throw new BatchError(
    "config",
    `The tenant has no Cloud Sync job ${chosen}.`,
    jobs.length === 0
      ? "It has none at all: set sync.method to connect-sync, or leave sync out."
      : "Correct sync.job in the configuration.",
    { details: jobs.map(({ id, name }) => `${id} (${name})`) },
  );
}

/** How the parts of a DN begin that name its domain. */
const DOMAIN_LABEL = "dc=";

/** The job of the domain that an account lies in; with one job it is that one. `undefined` where none fits. */
export function findJobFor(dn: string, jobs: readonly SyncJob[]): SyncJob | undefined {
  const labels = parseDn(dn)?.filter((part) => part.startsWith(DOMAIN_LABEL));
  const domain = labels?.map((part) => part.slice(DOMAIN_LABEL.length)).join(".");
  return jobs.find(({ name }) => foldCase(name) === domain) ?? (jobs.length === 1 ? jobs[0] : undefined);
}
