import { expect, test } from "vitest";
import { outsideHolders, releaserOf } from "../../../src/core/checks/holder-checks.ts";
import { account, anchorOf, batchOf, cloudUser, mapping } from "../../support/facts.ts";

/** Ada's ID is held by her own user, by Ben's row, which gives it up, by Cyd's, which has no account, and by Dee. */
const open = () => {
  const batch = batchOf({
    accounts: [account("ada"), account("ben")],
    users: ["ada", "ben", "cyd", "dee"].map((name) => cloudUser(name, { immutableId: anchorOf("ada") })),
    mappings: ["ada", "ben", "cyd", "eve"].map((name, index) => mapping(index + 2, name)),
    options: { replace: true },
  });
  const rowOf = (row: number) => {
    const found = batch.rows.find((facts) => facts.row === row);
    if (found === undefined) throw new RangeError(`there is no row ${row}`);
    return found;
  };
  return { batch, rowOf };
};

test("outsideHolders names live users that no row of the batch frees, and never the target itself", () => {
  const { batch, rowOf } = open();
  const names = (row: number) => outsideHolders(rowOf(row), batch).map(({ displayName }) => displayName);
  expect(names(2)).toEqual(["cyd", "dee"]);
  expect(outsideHolders({ ...rowOf(2), target: null }, batch).map(({ displayName }) => displayName)).toEqual([
    "ada",
    "cyd",
    "dee",
  ]);
});

test("outsideHolders of a row that asks for nothing is nobody", () => {
  const { batch, rowOf } = open();
  expect(outsideHolders(rowOf(5), batch)).toEqual([]);
});

test("a row that writes into AD releases nothing of its user", () => {
  const batch = batchOf({
    accounts: [account("ada")],
    users: [cloudUser("ada", { immutableId: anchorOf("ada", "OLD") })],
    mappings: [mapping(2, "ada", { writeTo: "ad" })],
  });
  expect(releaserOf(cloudUser("ada"), batch)).toBeNull();
});

test("a row releases what it would overwrite, and nothing where it writes nothing", () => {
  const { batch } = open();
  const releaser = (name: string) => releaserOf(cloudUser(name), batch)?.row ?? null;
  expect([releaser("ada"), releaser("ben"), releaser("cyd"), releaser("dee")]).toEqual([null, 3, null, null]);
});
