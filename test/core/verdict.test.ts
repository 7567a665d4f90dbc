import { expect, test } from "vitest";
import { observationFor, type Verdict } from "../../src/core/verdict.ts";

test("each verdict is recorded as what it saw of sync, as drift, or not at all", () => {
  const recorded: Record<Verdict, string | null> = {
    holds: "sync-none",
    "taken-over": "sync-matched",
    duplicate: "sync-duplicate",
    drifted: "mismatch",
    gone: "mismatch",
    "rolled-back": "set-back",
    "anchor-changed": "sync-error",
    "sync-error": "sync-error",
    "not-done": null,
  };
  for (const [verdict, kind] of Object.entries(recorded) as [Verdict, string | null][])
    expect(observationFor({ verdict })).toBe(kind);
});
