import { describe, expect, test } from "vitest";
import { explainRefusedStart, requireReadyScheduler, type SyncScheduler } from "../../src/core/connect-sync.ts";
import { BatchError } from "../../src/core/errors.ts";

const READY: SyncScheduler = {
  cycleEnabled: true,
  suspended: false,
  stagingMode: false,
  cycleInProgress: false,
  nextCycleAt: "2026-11-22T02:30:00Z",
  busyConnectors: [],
};

describe("requireReadyScheduler", () => {
  for (const changes of [{}, { cycleEnabled: false }]) {
    test(`lets a cycle start with ${JSON.stringify(changes)}`, () => {
      expect(() => requireReadyScheduler({ ...READY, ...changes })).not.toThrow();
    });
  }

  for (const [changes, says, next] of [
    [{ stagingMode: true }, "in staging mode", "on the active sync server"],
    [{ suspended: true }, "is suspended", "Close the Microsoft Entra Connect Sync wizard"],
    [{ cycleInProgress: true }, "A sync cycle is under way", "by itself at 2026-11-22T02:30:00Z"],
    [{ busyConnectors: ["contoso.example - AAD"] }, "(contoso.example - AAD)", "then run the same command again"],
    [{ stagingMode: true, cycleInProgress: true }, "in staging mode", "on the active sync server"],
  ] as const) {
    test(`refuses ${JSON.stringify(changes)} and says what to do`, () => {
      const thrown = catchError(() => requireReadyScheduler({ ...READY, ...changes }));
      expect([thrown.code, thrown.message, thrown.hint]).toEqual([
        "refused",
        expect.stringContaining(says),
        expect.stringContaining(next),
      ]);
      expect(thrown.message).toContain("Nothing was started");
    });
  }

  test("names neither connectors nor a next cycle where none are told", () => {
    const thrown = catchError(() => requireReadyScheduler({ ...READY, cycleInProgress: true, nextCycleAt: null }));
    expect([thrown.message, thrown.hint]).toEqual([
      "A sync cycle is under way, and may have read AD before the last change. Nothing was started.",
      "Wait until it has ended (Get-ADSyncConnectorRunStatus shows nothing), then run the same command again.",
    ]);
  });
});

for (const [message, next] of [
  [
    "System.InvalidOperationException: Connector: contoso.onmicrosoft.com - AAD is busy.",
    "Get-ADSyncConnectorRunStatus shows nothing",
  ],
  [
    "Showing a modal dialog box or form when the application is not running in UserInteractive mode",
    "Connect Sync cannot sign in to the tenant",
  ],
  ["Access is denied", "ADSyncAdmins"],
  ["something that nobody has heard of", "Start-ADSyncSyncCycle -PolicyType Delta"],
] as const) {
  test(`explainRefusedStart understands "${message.slice(0, 50)}"`, () => {
    const error = explainRefusedStart(message);
    expect([error.code, error.message]).toEqual(["refused", expect.stringContaining(message)]);
    expect(`${error.message} ${error.hint}`).toContain(next);
  });
}

function catchError(act: () => void): BatchError {
  try {
    act();
  } catch (error) {
    if (error instanceof BatchError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
