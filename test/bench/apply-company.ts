/** Plans and applies a whole company and says when what happened: the common part of the three cases of apply. */
import { join } from "node:path";
import { type CompanyFigures, type CompanyOrder, startCompany } from "./company.ts";
import { type Figure, note } from "./figure.ts";
import { readWriteTimes, type WriteTimes } from "./read-journal.ts";
import { runCommand } from "./run-command.ts";

export type Applied = WriteTimes & {
  /** Simulated milliseconds from the start of apply to the first write. */
  readonly checkMs: number;
  readonly figures: CompanyFigures;
  /** Applies until nothing was left to do. */
  readonly applies: number;
  readonly cpuMs: number;
};

const MOST_APPLIES = 10;

/** @param factor How much faster than real the time of all passes. */
export async function applyCompany(
  order: Pick<CompanyOrder, "people" | "writesPerWindow" | "faultShare">,
  factor: number,
): Promise<Applied> {
  await using company = await startCompany({ ...order, rows: order.people }, factor);
  const planned = await runCommand(company, ["plan", join("mappings", "example.csv"), "--run", "run"]);
  if (planned.document.rowsToWrite !== order.people) throw new Error("the company is not as it should be");
  if ((order.faultShare ?? 0) > 0) await company.ask("faults");
  const { startMs } = company.scale;
  const begunMs = startMs + (Date.now() - startMs) * factor;
  let applies = 0;
  let cpuMs = 0;
  for (let left = true; left && applies < MOST_APPLIES; applies += 1) {
    const ran = await runCommand(company, ["apply", "run", "--confirm", String(order.people)]);
    left = ran.exitCode !== 0;
    cpuMs += ran.cpuMs;
  }
  const times = readWriteTimes(join(company.folder, "run"));
  return { ...times, checkMs: times.canaryStartMs - begunMs, figures: await company.ask("figures"), applies, cpuMs };
}

/** By how much the time of a case was scaled: a line of its figures. */
export function noteFactor(name: string, factor: number): Figure {
  return note({ case: name, what: "factor by which time was scaled", unit: "", ours: factor });
}

/** Seconds that the quota alone takes: a full bucket at once, then its refill. */
export function floorSeconds(writes: number, writesPerWindow = 3000): number {
  return Math.max(0, writes - writesPerWindow) / (writesPerWindow / 150);
}
