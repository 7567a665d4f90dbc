/**
 * Connect Sync by its PowerShell module, on the sync server itself.
 *
 * Source: Microsoft Entra, "Connect Sync: Scheduler": names of cmdlets and properties (checked 2026-11)
 */
import type { ConnectSyncReading, SyncScheduler } from "../../core/connect-sync.ts";
import { START_DELTA } from "../../core/connect-sync.ts";
import type { ConnectSync } from "../../ports/connect-sync.ts";
import { type PowerShellAnswer, type PowerShellHost, runPowerShell } from "./run-powershell.ts";

const PROLOGUE = "$ErrorActionPreference = 'Stop'; [Console]::OutputEncoding = [Text.Encoding]::UTF8";

const READ = `${PROLOGUE}
if (-not (Get-Module -ListAvailable -Name ADSync)) { '{"module":false}'; exit 0 }
Import-Module ADSync
$s = Get-ADSyncScheduler
$next = if ($s.NextSyncCycleStartTimeInUTC) { ([datetime]$s.NextSyncCycleStartTimeInUTC).ToString('yyyy-MM-ddTHH:mm:ssZ') } else { $null }
$busy = @(Get-ADSyncConnectorRunStatus | ForEach-Object { [string]$_.ConnectorName })
@{ module = $true; cycleEnabled = $s.SyncCycleEnabled; suspended = $s.SchedulerSuspended; stagingMode = $s.StagingModeEnabled;
cycleInProgress = $s.SyncCycleInProgress; nextCycleAt = $next; busyConnectors = $busy } | ConvertTo-Json -Compress`;

const START = `${PROLOGUE}
Import-Module ADSync
$r = ${START_DELTA}
@{ result = [string]$r.Result } | ConvertTo-Json -Compress`;

export function openConnectSync(host: PowerShellHost): ConnectSync {
  return {
    async read(signal) {
      return readAnswer(await runPowerShell(READ, host, signal));
    },
    async startDelta(signal) {
      const answer = await runPowerShell(START, host, signal);
      if (answer.kind === "missing") return "there is no Windows PowerShell here";
      const result = readJson(answer.stdout)?.result;
      // Success is the one word that the cmdlet has for it; anything else is shown as it came.
      return answer.code === 0 && result === "Success" ? null : describeFailure(answer);
    },
  };
}

function readAnswer(answer: PowerShellAnswer): ConnectSyncReading {
  if (answer.kind === "missing") return { kind: "absent", why: "no-powershell" };
  const json = readJson(answer.stdout);
  if (answer.code !== 0 || json === null) return { kind: "failed", message: describeFailure(answer) };
  if (json.module !== true) return { kind: "absent", why: "no-module" };
  return { kind: "read", scheduler: readScheduler(json) };
}

function readScheduler(json: Readonly<Record<string, unknown>>): SyncScheduler {
  const { busyConnectors: busy, nextCycleAt } = json;
  // ConvertTo-Json of Windows PowerShell writes a list of one as that one.
  const connectors: unknown[] = Array.isArray(busy) ? busy : busy === null || busy === undefined ? [] : [busy];
  return {
    cycleEnabled: json.cycleEnabled !== false,
    suspended: json.suspended === true,
    stagingMode: json.stagingMode === true,
    cycleInProgress: json.cycleInProgress === true,
    nextCycleAt: typeof nextCycleAt === "string" ? nextCycleAt : null,
    busyConnectors: connectors.filter((name) => typeof name === "string" && name !== "").map(String),
  };
}

/** @returns `null` for anything that is no JSON object: PowerShell prints warnings where it likes. */
function readJson(stdout: string): Readonly<Record<string, unknown>> | null {
  const line = stdout.split(/\r?\n/).findLast((one) => one.trim().startsWith("{"));
  try {
    const parsed: unknown = JSON.parse(line ?? "");
    return typeof parsed === "object" && parsed !== null ? Object.fromEntries(Object.entries(parsed)) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

const LONGEST_MESSAGE = 500;

/** The first lines of what was said: PowerShell adds the place in the script, which helps nobody. */
function describeFailure(answer: Extract<PowerShellAnswer, { kind: "ended" }>): string {
  const said = (answer.stderr.trim() === "" ? answer.stdout : answer.stderr).trim();
  const text =
    said
      .split(/\r?\n\s*(?:At line:|\+ )/)[0]
      ?.replace(/\s+/g, " ")
      .trim() ?? "";
  return text === "" ? `PowerShell ended with code ${answer.code ?? "none"}` : text.slice(0, LONGEST_MESSAGE);
}
