/** How long commands that need next to nothing take, beside a Node that does nothing. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { NO_LATENCY, startCompany } from "./company.ts";
import { compare, type Figure } from "./figure.ts";
import { median } from "./median.ts";
import { PROGRAM, runCommand } from "./run-command.ts";

const ROUNDS = 15;
const VALUE = "28d6e2d5-6368-4d5a-b671-d52b30172680";

export async function benchStartUp(): Promise<readonly Figure[]> {
  await using company = await startCompany({ people: 10, rows: 10, latency: NO_LATENCY });
  await runCommand(company, ["plan", join("mappings", "example.csv"), "--run", "run"]);
  const commands = [
    { name: "--version", words: [PROGRAM, "--version"], atMost: 2.5 },
    { name: "--help", words: [PROGRAM, "--help"], atMost: 3 },
    { name: "convert", words: [PROGRAM, "convert", VALUE], atMost: null },
    { name: "status", words: [PROGRAM, "status", "run"], atMost: null },
  ];
  const measured = new Map<string, number[]>();
  const bare = ["-e", "0"];
  // In turns, so that whatever else the machine does is shared by all.
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { name, words } of [{ name: "bare", words: bare }, ...commands]) {
      measured.set(name, [...(measured.get(name) ?? []), timeOf(words, company.folder)]);
    }
  }
  const medianOf = (name: string) => median(measured.get(name) ?? []);
  return commands.map(({ name, atMost }) => {
    const beside = {
      case: "start-up",
      what: name,
      unit: "ms",
      ours: medianOf(name),
      comparison: medianOf("bare"),
      comparedWith: "node -e 0, median",
    };
    if (atMost === null) return compare(beside);
    return compare(beside, { ratio: "ours/comparison", atMost });
  });
}

function timeOf(words: readonly string[], cwd: string): number {
  const startedMs = performance.now();
  const { status } = spawnSync(process.execPath, words, { cwd, stdio: "ignore" });
  if (status !== 0 && status !== 3) throw new Error(`${words.join(" ")} ended with ${status}`);
  return performance.now() - startedMs;
}
