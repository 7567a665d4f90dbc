/** `sync --users`: Cloud Sync takes up named users now, at the pace that the service grants. */
import { existsSync } from "node:fs";
import { chooseJobs } from "../../core/cloud-sync.ts";
import { BatchError } from "../../core/errors.ts";
import type { CloudSync } from "../../ports/cloud-sync.ts";
import type { RunStore } from "../../ports/run-store.ts";
import type { ProvisionedAccount } from "../../stages/provision-on-demand.ts";
import type { World } from "../../stages/world.ts";
import type { Report } from "../command.ts";
import type { SyncDocument } from "../documents/sync-document.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import type { Line } from "../render/screen.ts";
import { countOf, cutList, formatCount } from "../render/table.ts";
import { withLogless, withRun } from "../sessions.ts";
import { requireJobs } from "./start-cloud-sync.ts";
import { followCommand, type SyncRequest } from "./sync-request.ts";

const FOLLOW_FOR = "15m";
const MOST_ROWS_SHOWN = 50;

/** @param users A run folder, or UPNs of AD joined by commas. */
export async function provisionUsers(request: SyncRequest, users: string): Promise<Report<SyncDocument>> {
  if (existsSync(users)) {
    const shelf = await request.program.openShelf();
    return await withRun(shelf.open(users, "read"), (run) => provision(request, run, users));
  }
  const names = users.split(",").map((name) => name.trim());
  if (names.every((name) => /^[^@\s]+@[^@\s]+$/.test(name))) return await provision(request, names, null);
  throw new BatchError(
    "usage",
    `There is no run folder ${users}, and it is no list of UPNs.`,
    "Give a run folder, or UPNs as AD has them, joined by commas.",
  );
}

async function provision(
  request: SyncRequest,
  users: RunStore | readonly string[],
  folder: string | null,
): Promise<Report<SyncDocument>> {
  const { program, settings } = request;
  const { provisionUsers: provisionAll } = await program.onDemand();
  const work = async (world: World, cloudSync: CloudSync) => {
    const jobs = requireJobs(chooseJobs(await cloudSync.listJobs(program.stopping.drain), settings.sync.job));
    return await provisionAll(users, jobs, cloudSync, world);
  };
  const provisioned = await withLogless(program, settings, work);
  const failed = provisioned.filter(({ answer }) => answer.result === "failure");
  const next = followCommand(request, FOLLOW_FOR, folder);
  const count = (result: string) => provisioned.filter(({ answer }) => answer.result === result).length;
  const lines: Line[] = [
    {
      style: failed.length === 0 ? "good" : "bad",
      text:
        provisioned.length === 0
          ? "Nobody is left to be provisioned."
          : `Cloud Sync has provisioned ${formatCount(count("success"))} of ${countOf(provisioned.length, "user")} on demand, ${formatCount(count("skipped"))} were as they should be, ${formatCount(failed.length)} failed.`,
    },
    ...cutList(failed, MOST_ROWS_SHOWN, "the JSON output (--json)", describeFailed),
    "",
    `See what came of it:  ${next}`,
  ];
  return {
    exitCode: failed.length === 0 ? EXIT_CODES.done : EXIT_CODES.incomplete,
    lines,
    document: {
      method: "cloud-sync",
      started: count("success") > 0,
      scheduler: null,
      line: null,
      note: null,
      jobs: [],
      users: provisioned.map(({ name, row, dn, answer }) => ({ name, row, dn, ...answer })),
      next,
    },
  };
}

function describeFailed({ name, row, answer: { code, message } }: ProvisionedAccount): string {
  const why = [code, message].filter((text) => text !== null && text !== "").join(": ");
  return `  ${row === null ? "" : `row ${row}  `}${name}: ${why === "" ? "no reason was told" : why}`;
}
