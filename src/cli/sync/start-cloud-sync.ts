/** Cloud Sync through Graph: a job that is paused is started, one that runs is left to run. */
import { chooseJobs, type JobStep, nextStepOf, type SyncJob } from "../../core/cloud-sync.ts";
import { BatchError } from "../../core/errors.ts";
import type { Report } from "../command.ts";
import type { SyncDocument } from "../documents/sync-document.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import type { Line } from "../render/screen.ts";
import { withLogless } from "../sessions.ts";
import { followCommand, type SyncRequest } from "./sync-request.ts";

/** Cloud Sync runs every two minutes. */
const FOLLOW_FOR = "15m";

const STEP_WORDS: Readonly<Record<JobStep, string>> = {
  runs: "runs by itself every two minutes; Graph forbids to start it again meanwhile",
  start: "started",
  mend: "not started",
};

/** @throws {BatchError} tenant: refused, with the permission that is missing. config: there is no such job. */
export async function startCloudSync(request: SyncRequest): Promise<Report<SyncDocument>> {
  const { program, settings } = request;
  const { drain } = program.stopping;
  return await withLogless(program, settings, async (_world, cloudSync) => {
    const jobs = requireJobs(chooseJobs(await cloudSync.listJobs(drain), settings.sync.job));
    const steps = jobs.map((job) => ({ job, step: nextStepOf(job) }));
    for (const { job, step } of steps) if (step === "start") await cloudSync.startJob(job, drain);
    const broken = steps.filter(({ step }) => step === "mend");
    const next = followCommand(request, FOLLOW_FOR);
    return {
      exitCode: broken.length === 0 ? EXIT_CODES.done : EXIT_CODES.incomplete,
      lines: [
        ...steps.map(
          ({ job, step }): Line => ({ style: step === "mend" ? "bad" : "good", text: describeJob(job, step) }),
        ),
        ...(broken.length === 0 ? [] : explainBroken()),
        "",
        `Follow the takeover:  ${next}`,
      ],
      document: {
        method: "cloud-sync",
        started: steps.some(({ step }) => step === "start"),
        scheduler: null,
        line: null,
        note: null,
        jobs: steps.map(({ job, step }) => ({ ...job, step })),
        users: [],
        next,
      },
    };
  });
}

/** @throws {BatchError} config: nothing brings AD into this tenant by Cloud Sync. */
export function requireJobs(jobs: readonly SyncJob[]): readonly SyncJob[] {
  if (jobs.length > 0) return jobs;
  throw new BatchError(
    "config",
    "The tenant has no job of Cloud Sync that brings users from AD.",
    "If Connect Sync does, set sync.method to connect-sync and run this on the sync server.",
  );
}

function describeJob({ name, id, code, quarantineReason }: SyncJob, step: JobStep): string {
  const why = quarantineReason === null ? "" : `: ${quarantineReason}`;
  return `Cloud Sync ${name} (${id}) was ${code.toLowerCase()}${why}; ${STEP_WORDS[step]}.`;
}

/** Starting would clear the quarantine, and with it what guards against mass deletion. */
function explainBroken(): string[] {
  return [
    "  A start would clear the quarantine together with its reason. Mend that first:",
    "  Entra admin center > Entra Connect > Cloud sync > the configuration > Overview, then Restart sync.",
  ];
}
