/** Puts the facts of a whole batch together, ready to be checked. Pure: the stages do the reading. */
import { type CheckBatch, isTakenOver, type RowFacts } from "./checks/check.ts";
import { judgeBatch } from "./identity-batch.ts";
import { createPacker } from "./packing.ts";
import type { Resolution } from "./resolution.ts";
import { describeRows } from "./row-facts.ts";
import type { TenantSnapshot } from "./snapshot.ts";
import { listComingManagers, type PresentManagers } from "./takeover-managers.ts";
import { type PreviewRules, previewTakeover, type TakeoverChange } from "./takeover-preview.ts";
import { TextIndex } from "./text-index.ts";

/** What tenant and domains say beside the users themselves, and what was asked for. */
export type BatchContext = Pick<CheckBatch, "options" | "takeover" | "tenant" | "ad"> & {
  readonly preview: Omit<PreviewRules, "managers">;
  readonly managers: PresentManagers;
};

/** Puts together what both sides say about every row. */
export function assembleBatch(
  resolutions: readonly Resolution[],
  snapshot: TenantSnapshot,
  { options, takeover, tenant, ad, preview, managers }: BatchContext,
): CheckBatch {
  const rows = describeRows(resolutions, snapshot, options);
  const targets = new TextIndex(rows.length);
  for (const [place, { target }] of rows.entries()) if (target !== null) targets.add(target.id, place);
  // Rows of which one side is missing keep their place, so that a shift is counted in rows of the file.
  const identity = judgeBatch({
    length: rows.length,
    at(place) {
      const facts = rows[place];
      if (facts === undefined) return undefined;
      return { row: facts.row, account: facts.account, user: isTakenOver(facts) ? null : facts.target };
    },
  });
  return {
    rows,
    options,
    takeover,
    tenant,
    ad,
    snapshot,
    previews: previewRows(rows, { ...preview, managers: { coming: listComingManagers(rows), present: managers } }),
    identity,
    rowsWithTarget: (userId) =>
      targets
        .find(userId)
        .flatMap((place) => rows[place] ?? [])
        .filter(({ target }) => target?.id === userId),
  };
}

/** Nothing is changed in most people, and what is changed in the others waits as bytes until their row is planned. */
function previewRows(rows: readonly RowFacts[], rules: PreviewRules): CheckBatch["previews"] {
  const pack = createPacker<{ readonly changes: readonly TakeoverChange[] }>(rows.length);
  const unchanged = { changes: [] };
  // By row: line numbers leave few gaps, and a map takes five times the room.
  const previews: { readonly changes: readonly TakeoverChange[] }[] = [];
  for (const facts of rows) {
    const { row, account, target } = facts;
    if (account === null || target === null || isTakenOver(facts)) continue;
    // Copies: of packed ones each field is decoded whenever it is read, and a preview reads most of them repeatedly.
    const changes = previewTakeover({ ...account }, { ...target }, rules);
    previews[row] = changes.length === 0 ? unchanged : pack({ changes });
  }
  return { get: (row) => previews[row]?.changes };
}
