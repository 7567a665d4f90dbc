import { expect, test } from "vitest";
import { parseSyncTrouble, SYNC_TROUBLE_WORDS, SYNC_TROUBLES } from "../../src/core/sync-trouble.ts";

test.each(SYNC_TROUBLES)("%s says what it means and what comes next, in whole sentences", (trouble) => {
  const { means, next } = SYNC_TROUBLE_WORDS[trouble];
  for (const text of [means, next]) expect(text).toMatch(/^[A-Z].*\.$/);
});

test("a name of another version, and an error code of Graph, are no trouble of sync", () => {
  expect([parseSyncTrouble("duplicate-made"), parseSyncTrouble("Request_BadRequest"), parseSyncTrouble(null)]).toEqual([
    "duplicate-made",
    null,
    null,
  ]);
});
