/**
 * Has Cloud Sync provision named accounts now, one after the other and no faster than the service grants.
 *
 * Source: https://learn.microsoft.com/graph/api/synchronization-synchronizationjob-provisionondemand: five requests in ten
 * seconds (checked 2026-11)
 */
import { findJobFor, type ProvisionAnswer, type SyncJob } from "../core/cloud-sync.ts";
import { BatchError } from "../core/errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { CloudSync } from "../ports/cloud-sync.ts";
import type { Progress } from "../ports/progress.ts";
import type { RunStore } from "../ports/run-store.ts";
import { type AccountOnDemand, listAccountsOnDemand } from "./accounts-on-demand.ts";
import type { World } from "./world.ts";

/** Between an answer and the next request. */
const SPACING_MS = 2_000;

export type ProvisionedAccount = AccountOnDemand & { readonly answer: ProvisionAnswer };

/**
 * @param users A run, of which the rows count that sync has not taken over, or UPNs as AD has them.
 * @throws {BatchError} as {@link listAccountsOnDemand} and {@link provisionAccounts}
 */
export async function provisionUsers(
  users: RunStore | readonly string[],
  jobs: readonly SyncJob[],
  cloudSync: CloudSync,
  world: World,
): Promise<ProvisionedAccount[]> {
  const accounts = await listAccountsOnDemand(users, world);
  return await provisionAccounts(accounts, jobs, cloudSync, { ...world, signal: world.stop.drain });
}

/** @throws {BatchError} tenant: the service refuses all of them. interrupted: those before it were provisioned. */
export async function provisionAccounts(
  accounts: readonly AccountOnDemand[],
  jobs: readonly SyncJob[],
  cloudSync: CloudSync,
  { clock, progress, signal }: { readonly clock: Clock; readonly progress: Progress; readonly signal: AbortSignal },
): Promise<ProvisionedAccount[]> {
  const rules = new Map<string, string>();
  const stage = progress.begin("provisioning on demand", accounts.length);
  const provisioned: ProvisionedAccount[] = [];
  // What the first one meets (a missing permission, a closed line) all others would meet.
  let isBegun = false;
  let readyMs = clock.monotonicMs();
  try {
    for (const account of accounts) {
      const job = account.dn === null ? undefined : findJobFor(account.dn, jobs);
      if (account.dn === null || job === undefined) {
        provisioned.push({ ...account, answer: explainUnfit(account) });
        stage.advance(1);
        continue;
      }
      const ruleId = rules.get(job.id) ?? (await cloudSync.readRule(job, signal));
      rules.set(job.id, ruleId);
      await clock.sleep(Math.max(0, readyMs - clock.monotonicMs()), signal);
      const asked = cloudSync.provision(job, ruleId, account.dn, signal);
      provisioned.push({ ...account, answer: isBegun ? await asked.catch(explainLostOne) : await asked });
      isBegun = true;
      // From the answer on: the request itself may have been late, and the next one must not come too early for that.
      readyMs = clock.monotonicMs() + SPACING_MS;
      stage.advance(1);
    }
    return provisioned;
  } finally {
    stage.end();
  }
}

/** One that could not be asked for costs nobody the report of the others. */
function explainLostOne(error: unknown): ProvisionAnswer {
  if (!(error instanceof BatchError) || error.code !== "tenant") throw error;
  return { result: "failure", code: null, message: error.message };
}

function explainUnfit({ dn }: AccountOnDemand): ProvisionAnswer {
  const message =
    dn === null ? "AD has no such account, or several" : "no Cloud Sync job has the name of the account's domain";
  return { result: "failure", code: null, message };
}
