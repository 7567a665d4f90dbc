/**
 * Runs a fixed script in Windows PowerShell and hands back what it printed.
 *
 * The ADSync module needs Windows PowerShell, not PowerShell 7. On Windows the program of the system itself is taken: a
 * powershell.exe that lies in the folder at hand would run with the operator's rights. Elsewhere PATH is searched, as
 * under WSL.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";

/** What came of a script; `missing` where there is no PowerShell. */
export type PowerShellAnswer =
  | { readonly kind: "missing" }
  | { readonly kind: "ended"; readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type PowerShellHost = {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
};

const TIMEOUT_MS = 180_000;
const MOST_BYTES = 4 * 1024 * 1024;

/** @param script Text of this program alone: nothing from outside may stand in it. @throws The signal's reason. */
export async function runPowerShell(
  script: string,
  { platform, environment }: PowerShellHost,
  signal: AbortSignal,
): Promise<PowerShellAnswer> {
  const words = ["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", script];
  const options = {
    env: pickVariables(environment),
    signal,
    timeout: TIMEOUT_MS,
    maxBuffer: MOST_BYTES,
    windowsHide: true,
    encoding: "utf8",
  } as const;
  return await new Promise((resolve, reject) => {
    execFile(programOf(platform, environment), words, options, (error, stdout, stderr) => {
      if (signal.aborted) reject(signal.reason);
      else if (error === null) resolve({ kind: "ended", code: 0, stdout, stderr });
      else if (error.code === "ENOENT" || error.code === "EACCES") resolve({ kind: "missing" });
      else resolve({ kind: "ended", code: typeof error.code === "number" ? error.code : null, stdout, stderr });
    });
  });
}

/** What PowerShell and its modules need; the secrets of this program's own environment are none of its business. */
const PASSED_ON: ReadonlySet<string> = new Set(
  [
    ...["PATH", "PATHEXT", "PSModulePath", "SystemRoot", "SystemDrive", "windir", "ComSpec", "OS", "TEMP", "TMP"],
    ...["ProgramData", "ProgramFiles", "ProgramFiles(x86)", "ProgramW6432", "CommonProgramFiles", "ALLUSERSPROFILE"],
    ...["USERPROFILE", "USERNAME", "USERDOMAIN", "APPDATA", "LOCALAPPDATA", "HOMEDRIVE", "HOMEPATH", "HOME"],
    ...["COMPUTERNAME", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE"],
  ].map((name) => name.toLowerCase()),
);

function pickVariables(environment: PowerShellHost["environment"]): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => PASSED_ON.has(name.toLowerCase())));
}

function programOf(platform: NodeJS.Platform, environment: PowerShellHost["environment"]): string {
  if (platform !== "win32") return "powershell.exe";
  const root = environment.SystemRoot ?? "C:\\Windows";
  return join(root, "System32", "WindowsPowerShell", "v1.0", "powershell.exe");
}
