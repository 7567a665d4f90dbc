import { expect, test } from "vitest";
import {
  CHANGE_KINDS,
  describeSubject,
  facetOf,
  isIrreversible,
  keyOf,
  savedStateName,
  UNDO_WORDS,
} from "../../src/core/change.ts";
import { CLOUD_ID } from "../support/facts.ts";

test("each kind of change moves one facet, and what deletes or clears for good is irreversible", () => {
  const told = CHANGE_KINDS.map((kind) => `${kind}: ${facetOf(kind)}${isIrreversible(kind) ? ", irreversible" : ""}`);
  expect(told).toEqual([
    "set: immutable-id",
    "replace: immutable-id",
    "clear: immutable-id",
    "delete: existence, irreversible",
    "purge: existence, irreversible",
    "restore: existence",
    "clear-object-identifier: object-identifier, irreversible",
    "set-consistency-guid: source-anchor",
    "replace-consistency-guid: source-anchor",
    "clear-consistency-guid: source-anchor",
  ]);
  expect(CHANGE_KINDS.every((kind) => UNDO_WORDS[kind].length > 0)).toBe(true);
});

for (const [subject, words] of [
  [
    { displayName: "Ada Keller", createdAt: "2024-03-01", lastSyncAt: null, licenceCount: 2 },
    "Ada Keller, created 2024-03-01, never synced, 2 licences",
  ],
  [
    { displayName: null, createdAt: null, lastSyncAt: "2026-01-02", licenceCount: 1 },
    "no display name, created at an unknown time, last synced 2026-01-02, 1 licence",
  ],
] as const) {
  test(`whom a holder action is done to: ${words}`, () => expect(describeSubject(subject)).toBe(words));
}

test("a change is named by row and step, and so is the file of what it destroys", () => {
  expect(keyOf({ row: 12, step: 3 })).toBe("12.3");
  expect(savedStateName({ row: 12, step: 3, objectId: CLOUD_ID("ada") })).toBe(
    `saved-row-12-step-3-${CLOUD_ID("ada")}.json`,
  );
});
