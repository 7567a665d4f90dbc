/**
 * A share of every kind of fault that a network, a proxy or the service can do to a run, mixed and seeded.
 *
 * Foreign changes are not among them: with those a row is rightly left alone, and "every row right" is no oracle.
 */
import type { Fault, FaultAction } from "../../src/sim/tenant/faults.ts";

/** Weights among the faults of writes. */
const WRITE_FAULTS: readonly FaultAction[] = [
  { kind: "status", status: 429, applied: false, retryAfter: "2" },
  { kind: "status", status: 429, applied: false },
  { kind: "status", status: 401, applied: false },
  { kind: "status", status: 500, applied: false },
  { kind: "status", status: 503, applied: false, retryAfter: "1" },
  { kind: "status", status: 503, applied: true },
  { kind: "status", status: 504, applied: false },
  { kind: "status", status: 504, applied: true },
  { kind: "reset", applied: false },
  { kind: "reset", applied: true },
  { kind: "cut-body", applied: false },
  { kind: "cut-body", applied: true },
  { kind: "apply-late", afterMs: 5_000, answer: 504 },
  { kind: "apply-late", afterMs: 60_000, answer: "reset" },
  { kind: "apply-late", afterMs: 170_000, answer: 504 },
  { kind: "duplicate" },
  { kind: "no-request-id" },
  { kind: "html" },
];
const READ_FAULTS: readonly FaultAction[] = [
  { kind: "status", status: 429, applied: false, retryAfter: "1" },
  { kind: "status", status: 502, applied: false },
  { kind: "reset", applied: false },
  { kind: "cut-body", applied: false },
  { kind: "spoilt-body", form: "half-json" },
  { kind: "lagging-read", byMs: 2_000 },
];

/** Faults that together strike this share of the requests. */
export function mixFaults(share: number): Fault[] {
  return [
    ...WRITE_FAULTS.map((action) => ({ match: { method: "PATCH", probability: share / WRITE_FAULTS.length }, action })),
    ...READ_FAULTS.map((action) => ({
      match: { method: "GET", pathIncludes: "/users", probability: share / READ_FAULTS.length },
      action,
    })),
  ];
}
