import { expect, test } from "vitest";
import { isOutcomeFine, isPlannedRowFine, worstSeverities } from "../../../src/adapters/report/state-tones.ts";
import { findingOf, outcomeOf, plannedRow } from "./report-views.ts";

const row = plannedRow({ row: 2 });

const OUTCOMES = [
  { name: "a verified step is fine", outcome: outcomeOf(row, "verified"), kind: "apply", fine: true },
  {
    name: "an accepted step is not fine: nobody has read it back",
    outcome: outcomeOf(row, "accepted"),
    kind: "apply",
    fine: false,
  },
  {
    name: "a verified step of which sync made a duplicate is not fine",
    outcome: outcomeOf(row, "verified", { sync: "duplicate" }),
    kind: "apply",
    fine: false,
  },
  { name: "a step that sync took over is fine", outcome: outcomeOf(row, "taken-over"), kind: "apply", fine: true },
  {
    name: "a step of the way back that sync took over is lost",
    outcome: outcomeOf(row, "taken-over"),
    kind: "rollback",
    fine: false,
  },
] as const;
for (const { name, outcome, kind, fine } of OUTCOMES) test(name, () => expect(isOutcomeFine(outcome, kind)).toBe(fine));

const PLANNED = [
  { name: "a row to set without a finding is fine", part: {}, worst: undefined, fine: true },
  { name: "a row with no more than a note is fine", part: {}, worst: "info", fine: true },
  { name: "a row with a warning is not fine", part: {}, worst: "warn", fine: false },
  { name: "a row that drifted is not fine", part: { settled: "drift", action: "none" }, worst: undefined, fine: false },
] as const;
for (const { name, part, worst, fine } of PLANNED)
  test(name, () => expect(isPlannedRowFine(plannedRow({ row: 2, ...part }), worst)).toBe(fine));

test("worstSeverities keeps the worst of several findings, in whatever order they come", () => {
  const findings = [
    findingOf("target-disabled", "warn", [2, 3]),
    findingOf("target-guest", "block", [2]),
    findingOf("target-already-matched", "info", [2, 4]),
  ];
  expect([...worstSeverities({ findings })]).toEqual([
    [2, "block"],
    [3, "warn"],
    [4, "info"],
  ]);
});
