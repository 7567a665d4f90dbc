/** Connect Sync: started where it runs, and named where it does not. */
import {
  explainRefusedStart,
  requireReadyScheduler,
  START_DELTA,
  START_DELTA_REMOTELY,
  type SyncScheduler,
} from "../../core/connect-sync.ts";
import type { BatchError } from "../../core/errors.ts";
import type { ConnectSync } from "../../ports/connect-sync.ts";
import type { Report } from "../command.ts";
import type { SyncDocument } from "../documents/sync-document.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import type { Line } from "../render/screen.ts";
import { followCommand, type SyncRequest } from "./sync-request.ts";

/** Three cycles: one that is missed costs half an hour. */
const FOLLOW_FOR = "90m";

/** @throws {BatchError} refused: busy, staging mode, suspended, or what PowerShell says. */
export async function startConnectSync(
  request: SyncRequest,
  connect: ConnectSync,
  scheduler: SyncScheduler,
): Promise<Report<SyncDocument>> {
  requireReadyScheduler(scheduler);
  const refusal = await connect.startDelta(request.program.stopping.drain);
  if (refusal !== null) throw explainRefusedStart(refusal);
  const next = followCommand(request, FOLLOW_FOR);
  const paused: Line[] = scheduler.cycleEnabled
    ? []
    : [
        {
          style: "careful",
          text: "Its scheduler is paused: this is one cycle. Afterwards: Set-ADSyncScheduler -SyncCycleEnabled $true",
        },
      ];
  return {
    exitCode: EXIT_CODES.done,
    lines: [
      { style: "good", text: "Connect Sync has started a delta cycle on this server." },
      ...paused,
      `Follow the takeover:  ${next}`,
    ],
    document: { method: "connect-sync", started: true, scheduler, line: null, note: null, jobs: [], users: [], next },
  };
}

const WHY_WORDS = {
  "no-powershell": "This machine has no Windows PowerShell, so Connect Sync is not on it.",
  "no-module": "This machine does not have the PowerShell module ADSync, so Connect Sync is not on it.",
} as const;

/** Nothing is started: the line for the sync server is. @param trouble Why it is not known whether there is Cloud Sync. */
export function describeElsewhere(
  request: SyncRequest,
  why: keyof typeof WHY_WORDS,
  trouble: BatchError | null,
): Report<SyncDocument> {
  const next = followCommand(request, FOLLOW_FOR);
  const note = trouble === null ? null : `Whether the tenant has Cloud Sync is not known: ${trouble.message}`;
  return {
    exitCode: EXIT_CODES.incomplete,
    lines: [
      { style: "careful", text: `${WHY_WORDS[why]} Nothing was started.` },
      ...(trouble === null ? [] : [note ?? "", `  ${trouble.hint}`]),
      "",
      "On the active sync server, in an elevated PowerShell:",
      `  ${START_DELTA}`,
      "From another Windows machine, with rights on that server:",
      `  ${START_DELTA_REMOTELY}`,
      "",
      `Follow the takeover:  ${next}`,
    ],
    document: {
      method: "connect-sync",
      started: false,
      scheduler: null,
      line: START_DELTA,
      note,
      jobs: [],
      users: [],
      next,
    },
  };
}
