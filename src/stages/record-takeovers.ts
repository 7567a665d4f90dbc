/**
 * What sync has done to the written users by the end of an apply that met it at work.
 *
 * A run that finds one user taken over knows that sync is on, and that the way back is closing for the others. Whoever
 * has to decide whether to go on or to roll back needs to know for how many it is closed already.
 */
import { BatchError } from "../core/errors.ts";
import type { Plan } from "../core/plan.ts";
import { NO_KEYS } from "../core/plan-questions.ts";
import { TargetNames } from "../core/target-names.ts";
import type { Log } from "../ports/log.ts";
import type { Progress } from "../ports/progress.ts";
import type { Tenant } from "../ports/tenant.ts";
import type { LiveJournal } from "./live-journal.ts";
import { listOwnLastChanges } from "./record-run.ts";
import { takeSnapshot } from "./take-snapshot.ts";

type Surroundings = {
  readonly tenant: Tenant;
  readonly log: Log;
  readonly progress: Progress;
  readonly stop: { readonly drain: AbortSignal };
};

/**
 * Records each written user that sync owns by now. Does nothing where this apply has seen nothing of sync, or where a
 * signal wants it to end. A tenant that cannot be read any more is told, and takes nothing from what was written.
 */
export async function recordTakeovers(plan: Plan, journal: LiveJournal, world: Surroundings): Promise<void> {
  const { tenant, log, progress, stop } = world;
  if (!journal.hasMetSync || stop.drain.aborted) return;
  const written = listOwnLastChanges(plan).filter((change) => {
    if (change.side !== "cloud") return false;
    const { achieved = null, status, setBackAt = null } = journal.progressOf(change) ?? {};
    return achieved !== null && setBackAt === null && status !== "taken-over";
  });
  if (written.length === 0) return;
  const ids = written.map(({ objectId }) => objectId);
  try {
    const snapshot = await takeSnapshot(tenant, new TargetNames(ids), Promise.resolve(NO_KEYS), {
      progress,
      signal: stop.drain,
    });
    for (const change of written) {
      const user = snapshot.byId(change.objectId);
      if (user?.syncEnabled !== true || user.immutableId !== change.after) continue;
      const message = `sync took it over ${user.lastSyncAt ?? ""}`.trim();
      journal.observe(change, "sync-matched", { value: user.immutableId, message });
    }
  } catch (error) {
    if (!(error instanceof BatchError) || error.code === "disk") throw error;
    log.warn("takeovers-not-read", { errorCode: error.code });
    progress.note(
      `Which of the written users sync has taken over could not be read; verify tells it. ${error.message}`,
    );
  }
}
