/** `sync`: starts a delta sync, or says where it has to be started; writes to no directory itself. */
import type { SyncJob } from "../../core/cloud-sync.ts";
import { BatchError } from "../../core/errors.ts";
import { defineCommand, type Report } from "../command.ts";
import type { SyncDocument } from "../documents/sync-document.ts";
import type { Program } from "../program.ts";
import { withLogless } from "../sessions.ts";
import type { Settings } from "../settings.ts";
import { provisionUsers } from "../sync/provision-users.ts";
import { startCloudSync } from "../sync/start-cloud-sync.ts";
import { describeElsewhere, startConnectSync } from "../sync/start-connect-sync.ts";
import type { SyncRequest } from "../sync/sync-request.ts";
import { SYNC } from "./descriptions.ts";

export const sync = defineCommand({
  ...SYNC,
  async run(values, program): Promise<Report<SyncDocument>> {
    const settings = await program.readSettings(values.config);
    const request: SyncRequest = { program, settings, values };
    const { method } = settings.sync;
    if (values.users !== undefined) {
      requireCloudSync(settings);
      return await provisionUsers(request, values.users);
    }
    if (method === "cloud-sync") return await startCloudSync(request);
    const connect = await program.connectSync();
    const reading = await connect.read(program.stopping.drain);
    if (reading.kind === "read") return await startConnectSync(request, connect, reading.scheduler);
    if (reading.kind === "failed") {
      throw new BatchError(
        "refused",
        `Connect Sync is on this machine and does not say how it stands: ${reading.message}. Nothing was started.`,
        "Run this program in an elevated PowerShell, as a member of the local group ADSyncAdmins.",
      );
    }
    if (method === "connect-sync") return describeElsewhere(request, reading.why, null);
    return await detectCloudSync(request, program, reading.why);
  },
});

/** No sync server here: perhaps the tenant has Cloud Sync. */
async function detectCloudSync(
  request: SyncRequest,
  program: Program,
  why: "no-powershell" | "no-module",
): Promise<Report<SyncDocument>> {
  let jobs: readonly SyncJob[];
  try {
    jobs = await withLogless(program, request.settings, (_world, cloudSync) =>
      cloudSync.listJobs(program.stopping.drain),
    );
  } catch (error) {
    if (!(error instanceof BatchError) || error.code !== "tenant") throw error;
    // Whether there is Cloud Sync is not known then, and Connect Sync is what most have.
    return describeElsewhere(request, why, error);
  }
  return jobs.length === 0 ? describeElsewhere(request, why, null) : await startCloudSync(request);
}

/** @throws {BatchError} usage: Connect Sync provisions nobody on demand. */
function requireCloudSync({ sync: { method } }: Settings): void {
  if (method !== "connect-sync") return;
  throw new BatchError(
    "usage",
    "--users is for Cloud Sync, and the configuration says sync.method: connect-sync.",
    "Leave --users out: Connect Sync takes up everybody who has changed.",
  );
}
