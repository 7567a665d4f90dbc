/**
 * What every run store must do, whatever it is made of: the contract in `src/ports/run-store.ts` as tests.
 * An implementation calls {@link testRunStore} with a way to make an empty shelf.
 */
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { BatchError } from "../../src/core/errors.ts";
import type { Guid } from "../../src/core/guid.ts";
import { type Attempt, OBSERVATION_KINDS, type Observation } from "../../src/core/journal.ts";
import { planLines } from "../../src/core/plan.ts";
import type { NewAttempt, NewObservation, RunShelf, RunStore } from "../../src/ports/run-store.ts";
import { ABOUT, ATTEMPT, DECISIONS, OBSERVATION, planOf, sha256 } from "../adapters/run-folder/sample-run.ts";

/** An empty place for runs; `folderOf` gives the folder of a run that does not exist yet. */
export type EmptyShelf = { readonly shelf: RunShelf; folderOf(name: string): string; remove(): void };

const anyText = fc.oneof(
  fc.constantFrom(
    "",
    "\u0000",
    "a\u0000b",
    "😀",
    "\ud800",
    "\udc00x",
    "line\r\nline",
    "'; DROP TABLE attempt; --",
    "é",
    "e\u0301",
  ),
  fc.string({ unit: "binary" }),
);
const anyTextOrNull = fc.option(anyText, { nil: null });
const anyKey = { row: fc.integer({ min: 0, max: 1_000_000 }), step: fc.integer({ min: 1, max: 9 }) };
const anyAttempt: fc.Arbitrary<NewAttempt> = fc.record({
  ...anyKey,
  purpose: fc.constantFrom("change", "canary-back", "canary-again"),
  objectId: fc.uuid().map((text) => text as Guid),
  before: anyTextOrNull,
  after: anyTextOrNull,
  clientRequestId: anyText,
  operator: anyText,
  at: anyText,
});
const anyObservation: fc.Arbitrary<NewObservation> = fc.record({
  ...anyKey,
  kind: fc.constantFrom(...OBSERVATION_KINDS),
  attempt: fc.option(fc.integer({ min: 1 }), { nil: null }),
  value: anyTextOrNull,
  httpStatus: fc.option(fc.integer({ min: 100, max: 599 }), { nil: null }),
  errorCode: anyTextOrNull,
  message: anyTextOrNull,
  requestId: anyTextOrNull,
  at: anyText,
});

/** The code of the BatchError that `act` throws; anything else it throws goes through. */
export function codeThrownBy(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof BatchError) return error.code;
    throw error;
  }
  return "nothing";
}

/** The code of the BatchError with which a promise is rejected; anything else it is rejected with goes through. */
export async function codeRejectedBy(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof BatchError) return error.code;
    throw error;
  }
  return "nothing";
}

/** Runs the suite against one kind of store. */
export function testRunStore(name: string, makeShelf: () => EmptyShelf): void {
  describe(`${name} as a run store`, () => {
    let empty: EmptyShelf;
    beforeEach(() => {
      empty = makeShelf();
    });
    afterEach(() => empty.remove());

    const createRun = (plan = planOf(3)) => empty.shelf.create(empty.folderOf("run"), plan, ABOUT);
    const reopen = (access: "write" | "read" = "write") => empty.shelf.open(empty.folderOf("run"), access);

    for (const count of [0, 1, 3, 500]) {
      test(`gives back a plan of ${count} rows exactly, with the same hash`, () => {
        const plan = planOf(count);
        const made = createRun(plan);
        expect(made.readPlan()).toEqual(plan);
        made.close();
        const run = reopen();
        expect(run.readPlan()).toEqual(plan);
        expect(sha256(planLines(run.readPlan()))).toBe(plan.hash);
        run.close();
      });
    }

    test("tells what the run is before its plan is read", () => {
      const plan = planOf(1);
      createRun(plan).close();
      const run = reopen();
      expect(run.about).toEqual({ ...ABOUT, planHash: plan.hash, kind: "apply", tenantId: plan.header.tenantId });
      expect([run.writable, run.heldBy]).toEqual([true, null]);
      run.close();
    });

    test("refuses to make a run in a folder that exists", () => {
      createRun().close();
      expect(codeThrownBy(() => createRun(planOf(1)))).toBe("usage");
      const run = reopen();
      expect(run.readPlan()).toEqual(planOf(3));
      run.close();
    });

    test("says that there is no run where there is none", () => {
      expect(codeThrownBy(() => reopen())).toBe("usage");
      expect(codeThrownBy(() => reopen("read"))).toBe("usage");
    });

    test("numbers intents and observations together from 1 and goes on after a reopening", async () => {
      const made = createRun();
      expect(made.readJournal()).toEqual([]);
      const first = await made.intend(ATTEMPT);
      const second = made.observe(OBSERVATION);
      made.close();
      const run = reopen();
      const third = await run.intend(ATTEMPT);
      expect([first.seq, second.seq, third.seq]).toEqual([1, 2, 3]);
      expect(first).toEqual({ ...ATTEMPT, kind: "intent", seq: 1, runId: ABOUT.runId });
      expect(run.readJournal()).toEqual([first, second, third]);
      run.close();
    });

    test("gives back any journal in order, every text and null exactly", async () => {
      const events = fc.array(fc.oneof(anyAttempt, anyObservation), { maxLength: 6 });
      let number = 0;
      await fc.assert(
        fc.asyncProperty(events, async (some) => {
          number += 1;
          const folder = empty.folderOf(`run-${number}`);
          const made = empty.shelf.create(folder, planOf(1), ABOUT);
          const kept: (Attempt | Observation)[] = [];
          for (const event of some) kept.push("purpose" in event ? await made.intend(event) : made.observe(event));
          made.close();
          const run = empty.shelf.open(folder, "read");
          try {
            expect(run.readJournal()).toEqual(kept);
            expect(kept.map(({ seq }) => seq)).toEqual(some.map((_, index) => index + 1));
            expect(kept).toMatchObject(some);
          } finally {
            run.close();
          }
        }),
        { numRuns: 25 },
      );
    });

    test("has everything on disk that was observed before an intent when the intent has resolved", async () => {
      const writer = createRun();
      const learned = Array.from({ length: 3 }, () => writer.observe(OBSERVATION));
      const attempts = await Promise.all([writer.intend(ATTEMPT), writer.intend(ATTEMPT)]);
      const reader = reopen("read");
      expect(reader.readJournal()).toEqual([...learned, ...attempts]);
      reader.close();
      writer.close();
    });

    for (const [what, act] of [
      ["reads its journal", (run: RunStore) => run.readJournal()],
      ["records its end", (run: RunStore) => run.recordEnd("done", "2026-11-02T20:30:00.000Z")],
      ["publishes a file", (run: RunStore) => run.publish("results.csv", [])],
      ["stores what the breaker says", (run: RunStore) => run.storeOpenings([])],
    ] as const) {
      test(`has what was observed on disk when the run ${what}`, () => {
        const writer = createRun();
        const learned = writer.observe(OBSERVATION);
        act(writer);
        const reader = reopen("read");
        expect(reader.readJournal()).toEqual([learned]);
        reader.close();
        writer.close();
      });
    }

    test("stores the decisions of the first apply and refuses others", () => {
      const made = createRun();
      expect(made.readDecisions()).toBeNull();
      made.storeDecisions(DECISIONS);
      made.close();
      const run = reopen();
      run.storeDecisions({ ...DECISIONS });
      expect(codeThrownBy(() => run.storeDecisions({ ...DECISIONS, skipBlocked: true }))).toBe("refused");
      expect(run.readDecisions()).toEqual(DECISIONS);
      run.close();
    });

    test("keeps what the breaker has said, and the operator's word that takes its place", () => {
      const opening = {
        reason: "drift",
        detail: "3 users",
        openedAt: "2026-11-02T20:30:00.000Z",
        acknowledged: null,
      } as const;
      const made = createRun();
      expect(made.readOpenings()).toEqual([]);
      made.storeOpenings([opening]);
      made.close();
      const run = reopen();
      expect(run.readOpenings()).toEqual([opening]);
      const acknowledged = { operator: "cyd", at: "2026-11-02T21:00:00.000Z" };
      run.storeOpenings([{ ...opening, acknowledged }, opening]);
      run.close();
      const reader = reopen("read");
      expect(reader.readOpenings()).toEqual([{ ...opening, acknowledged }, opening]);
      reader.close();
    });

    test("publishes a file whole, and keeps the old one when the new one cannot be made", () => {
      const run = createRun();
      expect(run.readPublished("results.csv")).toBeNull();
      expect(run.publish("results.csv", ["\ufeffrow,step\r\n", "2,1\r\n"])).toBe("results.csv");
      const failing = function* () {
        yield "x".repeat(1_000_000);
        throw new Error("the projection failed");
      };
      expect(() => run.publish("results.csv", failing())).toThrow("the projection failed");
      expect(run.readPublished("results.csv")).toBe("\ufeffrow,step\r\n2,1\r\n");
      run.publish("results.csv", []);
      expect(run.readPublished("results.csv")).toBe("");
      run.close();
    });

    test("lets one writer in and lets others read meanwhile", async () => {
      const writer = createRun();
      expect(codeThrownBy(() => reopen("write"))).toBe("refused");
      const reader = reopen("read");
      expect(reader.writable).toBe(false);
      expect(reader.heldBy).not.toBeNull();
      const attempt = await writer.intend(ATTEMPT);
      expect(reader.readJournal()).toEqual([attempt]);
      for (const change of [
        () => reader.observe(OBSERVATION),
        () => reader.storeDecisions(DECISIONS),
        () => reader.storeOpenings([]),
        () => reader.recordEnd("done", "2026-11-02T20:30:00.000Z"),
        () => reader.publish("results.csv", []),
      ]) {
        expect(codeThrownBy(change)).toBe("refused");
      }
      expect(await codeRejectedBy(reader.intend(ATTEMPT))).toBe("refused");
      reader.close();
      expect(codeThrownBy(() => reopen("write"))).toBe("refused");
      writer.close();
      reopen("write").close();
    });
  });
}
