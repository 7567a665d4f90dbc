import type { ResultLine } from "../../src/core/result-line.ts";
import { CLOUD_ID } from "./facts.ts";

/** A line of a results file: an ID that was set and read back, if not said otherwise. */
export function resultLine(row: number, changes: Partial<ResultLine> = {}): ResultLine {
  return {
    line: row,
    row,
    step: 1,
    account: `user${row}`,
    domain: "CORP",
    side: "cloud",
    action: "set",
    objectId: CLOUD_ID(`user${row}`),
    userPrincipalName: `user${row}@contoso.example`,
    previous: null,
    immutableId: "A",
    otherSideValue: null,
    objectGuid: null,
    status: "verified",
    sync: null,
    findings: [],
    httpStatus: 204,
    errorCode: null,
    message: null,
    attempts: 1,
    requestId: null,
    writtenAt: "2026-11-22T02:00:00.000Z",
    verifiedAt: "2026-11-22T02:01:00.000Z",
    otherObject: false,
    extra: [],
    ...changes,
  };
}
