/** `demo --serve`: leaves the simulation running, with a folder and the words to try commands in another terminal. */
import type { ProgramEnvironment } from "./program-folder.ts";
import type { ProgramPlace } from "./run-program.ts";
import type { Transcript } from "./transcript.ts";

/** Prints what to type and resolves when the signal fires. */
export async function serveUntilStopped(
  place: ProgramPlace,
  {
    transcript,
    control,
    signal,
  }: { readonly transcript: Transcript; readonly control: string; readonly signal: AbortSignal },
): Promise<void> {
  const { say } = transcript;
  say("In another terminal:");
  say("");
  for (const line of describeShell(place, place.environment, process.platform)) say(`  ${line}`);
  say("  hardmatch plan mappings/example.csv");
  say("");
  say("Cloud Sync is paused, so that a run can still be rolled back. After an apply, to see the takeover:");
  say("");
  say("  hardmatch sync");
  say("  hardmatch verify <run> --wait-for-sync 5m");
  say("");
  say("From then on it runs every two minutes, and what it has taken over stays with it.");
  say("");
  say(`What the tenant has been asked to write: ${control}/_control/ledger`);
  say("Ctrl-C ends the simulation.");
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/** Lines that make another terminal ready: the folder, the secrets, the name of the program. */
export function describeShell(
  { execPath, programPath, folder }: ProgramPlace,
  environment: ProgramEnvironment,
  platform: NodeJS.Platform,
): string[] {
  const variables = Object.entries(environment);
  if (platform === "win32") {
    const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;
    return [
      `Set-Location ${quote(folder)}`,
      ...variables.map(([name, value]) => `$env:${name} = ${quote(value)}`),
      `function hardmatch { & ${quote(execPath)} ${quote(programPath)} @args }`,
    ];
  }
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  return [
    `cd ${quote(folder)}`,
    ...variables.map(([name, value]) => `export ${name}=${quote(value)}`),
    `hardmatch() { ${quote(execPath)} ${quote(programPath)} "$@"; }`,
  ];
}
