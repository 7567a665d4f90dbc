import { describe, expect, test } from "vitest";
import { isResumable, listGivenUp } from "../../src/cli/run-states.ts";
import type { OutcomeStatus } from "../../src/core/outcome.ts";
import { outcomeOf } from "../adapters/csv/run-view.ts";

const AT = "2026-11-04T08:00:00.000Z";

describe("a row that was set back", () => {
  for (const [status, resumable] of [
    ["pending", true],
    ["accepted", true],
    ["verified", false],
  ] as const satisfies readonly (readonly [OutcomeStatus, boolean])[]) {
    test(`is left as it is by the next apply and needs a new plan, though it is ${status}`, () => {
      const [stands, setBack] = [outcomeOf({ status }), outcomeOf({ status, setBackAt: AT })];
      expect([isResumable(stands), isResumable(setBack)]).toEqual([resumable, false]);
      expect(listGivenUp([stands, setBack])).toEqual([setBack]);
    });
  }
});
