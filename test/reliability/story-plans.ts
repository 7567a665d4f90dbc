/** The plans of a story: the batch that it begins with, and the way back from what was recorded. */

import { foldJournal } from "../../src/core/change-progress.ts";
import type { Guid } from "../../src/core/guid.ts";
import { listOutcomes } from "../../src/core/outcome.ts";
import type { Plan } from "../../src/core/plan.ts";
import { makeRollbackPlan } from "../../src/core/rollback.ts";
import { resultLineFromOutcome } from "../../src/core/written-objects.ts";
import type { HeldValue } from "../../src/ports/writable-side.ts";
import { account, anchorOf, cloudUser, digest, HEADER, mapping, planOf } from "../support/facts.ts";
import type { MemoryRunStore } from "../support/memory-run.ts";
import type { WriteFate } from "./model-side.ts";

export type Story = {
  /** A permutation of the people: whose ID each would hold. */
  readonly holding: readonly number[];
  /** By person: whether it holds that, or its own, a foreign text, nothing. */
  readonly holds: readonly ("other" | "own" | "foreign" | "nothing")[];
  /** People whose ID an outsider holds, who is cleared first (a holder action). */
  readonly heldOutside: readonly boolean[];
  readonly canary: number;
  readonly fates: readonly WriteFate[];
  /** Which of the reads fail, by number. */
  readonly failingReads: readonly number[];
  /** Moment, counted from the start of each process, at which it dies. */
  readonly deaths: readonly number[];
  /** Turns that each step waits, over and over: another order of what runs side by side. */
  readonly turns: readonly number[];
  readonly lagMs: number;
};

export function outcomesOf(store: MemoryRunStore) {
  return [...listOutcomes(store.readPlan(), foldJournal(store.readJournal()))];
}

export function planFor(story: Story): Plan {
  const people = story.holding.map((_, index) => `user${index}`);
  const held = people.map((name, index) => {
    const other = `user${story.holding[index] ?? 0}`;
    const kind = story.holds[index] ?? "nothing";
    if (story.heldOutside[story.holding[index] ?? 0] === true && kind === "other") return null;
    if (kind === "own") return story.holding[index] === index ? anchorOf(name) : null;
    if (kind === "foreign") return `foreign${index}`;
    return kind === "other" ? anchorOf(other) : null;
  });
  return planOf({
    accounts: people.map((name) => account(name)),
    users: [
      ...people.map((name, index) => cloudUser(name, { immutableId: held[index] ?? null })),
      ...outsidersOf(story).map(({ name, value }) => cloudUser(name, { immutableId: value })),
    ],
    mappings: people.map((name, index) => mapping(index + 2, name)),
    options: { replace: true, onConflict: ["clear-holder"], allow: ["clear-holder"] },
  });
}

/** Users that are no part of the batch and hold what one of it wants. */
export function outsidersOf({ heldOutside }: Story): { name: string; value: string }[] {
  return heldOutside.flatMap((outside, index) =>
    outside ? [{ name: `outsider${index}`, value: anchorOf(`user${index}`) }] : [],
  );
}

/** @param users As the tenant shows them now. */
export function planBack(store: MemoryRunStore, users: readonly HeldValue[]): Plan {
  const lines = outcomesOf(store).map((outcome, index) => resultLineFromOutcome(outcome, index + 2));
  const current = new Map(
    users.map(({ objectId, name, value }) => [
      objectId,
      cloudUser(name.split("@")[0] ?? "", { id: objectId as Guid, userPrincipalName: name, immutableId: value }),
    ]),
  );
  const { about } = store;
  const recorded = {
    name: "people",
    runId: about.runId,
    planId: about.planHash.slice(0, 12),
    tenantId: HEADER.tenantId,
    delimiter: ",",
    extraColumns: [],
    lines,
    unread: [],
  };
  const present = { users: current, accounts: new Map() };
  return makeRollbackPlan(recorded, present, {
    cloud: HEADER.cloud,
    rows: null,
    digest,
    directories: [],
  }).plan;
}
