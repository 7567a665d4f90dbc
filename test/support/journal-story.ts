/** Journals told in one line: `change accepted canary-back accepted` is a write, its answer, the set-back and its answer. */
import { type Change, keyOf } from "../../src/core/change.ts";
import type { Attempt, AttemptPurpose, Journal, Observation, ObservationKind } from "../../src/core/journal.ts";
import { CLOUD_ID } from "./facts.ts";

const PURPOSES: ReadonlySet<string> = new Set(["change", "canary-back", "canary-again"] satisfies AttemptPurpose[]);
export type StoryWord = AttemptPurpose | ObservationKind;

/** Time of the n-th event of a story. */
export const timeOf = (seq: number): string => new Date(Date.parse("2026-11-22T02:00:00Z") + seq * 1_000).toISOString();

/** Tells what happened to changes of a plan, key by key; an answer is about the attempt before it. */
export function tellJournal(
  stories: readonly (readonly [key: string, words: string])[],
  changes: readonly Change[] = [],
): Journal {
  const events: (Attempt | Observation)[] = [];
  for (const [key, words] of stories) {
    const [row = 0, step = 1] = key.split(".").map(Number);
    const change = changes.find((one) => keyOf(one) === key);
    const before = change?.before ?? null;
    const after = change?.after ?? null;
    const objectId = change?.objectId ?? CLOUD_ID(String(row));
    let attempt: number | null = null;
    for (const word of words.split(" ") as StoryWord[]) {
      const seq = events.length + 1;
      if (isPurpose(word)) {
        attempt = seq;
        const back = word === "canary-back";
        const values = back ? { before: after, after: before } : { before, after };
        const sent = { clientRequestId: `request-${seq}`, runId: "run-1", operator: "cyd", at: timeOf(seq) };
        events.push({ row, step, kind: "intent", seq, purpose: word, objectId, ...values, ...sent });
        continue;
      }
      const answer = { httpStatus: null, errorCode: null, message: null, requestId: null };
      events.push({ row, step, kind: word, seq, attempt, value: null, ...answer, at: timeOf(seq) });
    }
  }
  return events;
}

function isPurpose(word: StoryWord): word is AttemptPurpose {
  return PURPOSES.has(word);
}
