/** What people lose by the takeover, as the findings say it. */
import { expect, test } from "vitest";
import { blocksSignIn, PREVIEW_CHECKS } from "../../../src/core/checks/preview-checks.ts";
import type { TakeoverChange } from "../../../src/core/takeover-preview.ts";
import { account, batchOf, cloudUser, mapping } from "../../support/facts.ts";

/** Ada's row, of whose takeover this change is foreseen. */
function foreseen(change: Pick<TakeoverChange, "property" | "before" | "after">) {
  const batch = batchOf({ accounts: [account("ada")], users: [cloudUser("ada")], mappings: [mapping(2, "ada")] });
  const [row] = batch.rows;
  if (row === undefined) throw new Error("the batch has one row");
  const changes: readonly TakeoverChange[] = [{ kind: "changed", ...change }];
  return { row, batch: { ...batch, previews: new Map([[row.row, changes]]) } };
}

for (const [title, property, after, expected] of [
  ["a sign-in that works now is blocked", "accountEnabled", "disabled", true],
  ["a sign-in that is allowed is not blocked", "accountEnabled", "enabled", false],
  ["a person who is called so is not blocked", "displayName", "disabled", false],
] as const) {
  test(`by the takeover ${title}`, () => {
    const { row, batch } = foreseen({ property, before: ["enabled"], after: [after] });
    expect(blocksSignIn(row, batch.previews)).toBe(expected);
  });
}

const addresses = (count: number) => Array.from({ length: count }, (_, at) => `a${at + 1}@contoso.example`);

for (const [count, named, more] of [
  [1, 1, ""],
  [4, 4, ""],
  [5, 5, ""],
  [6, 5, " and 1 more"],
  [12, 5, " and 7 more"],
] as const) {
  test(`of ${count} addresses that are lost ${named} are named${more}`, () => {
    const { batch } = foreseen({ property: "proxyAddresses", before: addresses(count), after: [] });
    const found = Array.from(PREVIEW_CHECKS["takeover-loses-address"].find(batch), ({ detail }) => detail);
    expect(found).toEqual([`not in AD: ${addresses(named).join(", ")}${more}`]);
  });
}
