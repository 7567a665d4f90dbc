/** What a plan does to other objects than its rows' own immutable IDs: it belongs before every signature. */
import { type Change, describeSubject, IRREVERSIBLE, isIrreversible, UNDO_WORDS } from "../../core/change.ts";
import { describeHolderSteps, type Plan } from "../../core/plan.ts";
import type { Line } from "./screen.ts";

/** Who is acted on, with everything that tells whether anybody would miss it; what cannot be undone is marked. */
export function renderHolderActions({ changes }: Pick<Plan, "changes">): Line[] {
  const steps = changes.filter(({ holder }) => holder !== null);
  if (steps.length === 0) return [];
  const counts = describeHolderSteps(
    steps.map(({ objectId, kind }) => ({ objectId, irreversible: isIrreversible(kind) })),
  );
  return ["", { style: "bad", text: `Holder actions: ${counts}` }, ...steps.flatMap(renderStep)];
}

function renderStep({ row, kind, name, objectId, holder }: Change): Line[] {
  const style = isIrreversible(kind) ? "bad" : "careful";
  const undo = isIrreversible(kind) ? IRREVERSIBLE : UNDO_WORDS[kind];
  const who = holder === null ? objectId : `${describeSubject(holder)}, ${objectId}`;
  return [
    { style, text: `  row ${row}  ${kind} ${name}  ${undo}` },
    { style, text: `      ${who}` },
  ];
}

/** The same for programs. */
export function listHolderActions({ changes }: Pick<Plan, "changes">) {
  return changes
    .filter(({ holder }) => holder !== null)
    .map(({ row, step, kind, objectId, name, holder }) => ({
      row,
      step,
      kind,
      objectId,
      name,
      ...holder,
      irreversible: isIrreversible(kind),
    }));
}
