/** Survivors of the group `writer`, each with its reason; see `surviving-mutants.ts`. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are lines of code
import type { Explained } from "./explained.ts";

export const STAGES: readonly Explained[] = [
  {
    reason: "Nothing is at most `null`: the compiler asks.",
    mutants: [
      {
        file: "src/stages/apply-changes.ts",
        code: 'return status === "drift" || (status === "failed" && journal.acknowledgedAt !== null && at <= journal.acknowledgedAt);',
        becomes: 'return status === "drift" || (status === "failed" && true && at <= journal.acknowledgedAt);',
      },
    ],
  },
  {
    reason: "The compiler asks: at this place the value is always there, so the check is never taken.",
    mutants: [
      {
        file: "src/stages/apply-changes.ts",
        code: 'const parked = pivot === undefined ? "" : `, ${pivot.name} of row ${pivot.row} is parked until its end`;',
        becomes: 'const parked = false ? "" : `, ${pivot.name} of row ${pivot.row} is parked until its end`;',
      },
      {
        file: "src/stages/settle-write.ts",
        code: "const waitMs = earlier === undefined ? 0 : this.#journal.landingLeftMs(earlier, this.#limits.quarantineMs);",
        becomes: "const waitMs = false ? 0 : this.#journal.landingLeftMs(earlier, this.#limits.quarantineMs);",
      },
      {
        file: "src/stages/record-run.ts",
        code: "return note?.trouble === errorCode && note.text === message;",
        becomes: "return note.trouble === errorCode && note.text === message;",
      },
      {
        file: "src/stages/write-change.ts",
        code: "const passing = conflict.holderId !== null && this.#releasers.has(conflict.holderId);",
        becomes: "const passing = true && this.#releasers.has(conflict.holderId);",
      },
      {
        file: "src/stages/writer-run.ts",
        code: "if (toGo.delete(change)) stage?.advance(1);",
        becomes: "if (toGo.delete(change)) stage.advance(1);",
      },
      {
        file: "src/stages/writer-run.ts",
        code: "const why = this.#world.journal.progressOf(change)?.last?.message;",
        becomes: "const why = this.#world.journal.progressOf(change)?.last.message;",
      },
      {
        file: "src/stages/writer-run.ts",
        code: "const why = this.#world.journal.progressOf(change)?.last?.message;",
        becomes: "const why = this.#world.journal.progressOf(change).last?.message;",
      },
      {
        file: "src/stages/apply-changes.ts",
        code: 'const why = world.journal.progressOf(drifted)?.last?.message ?? "changed by somebody else since the plan";',
        becomes:
          'const why = world.journal.progressOf(drifted)?.last.message ?? "changed by somebody else since the plan";',
      },
      {
        file: "src/stages/apply-changes.ts",
        code: 'const why = world.journal.progressOf(drifted)?.last?.message ?? "changed by somebody else since the plan";',
        becomes:
          'const why = world.journal.progressOf(drifted).last?.message ?? "changed by somebody else since the plan";',
      },
      {
        file: "src/stages/apply-changes.ts",
        code: 'const why = progress.last?.message ?? progress.answer?.message ?? (progress.status === "pending" ? lost : null);',
        becomes:
          'const why = progress.last.message ?? progress.answer?.message ?? (progress.status === "pending" ? lost : null);',
      },
      {
        file: "src/stages/apply-changes.ts",
        code: 'if (pivot !== undefined && run.status(pivot) === "failed") {',
        becomes: 'if (true && run.status(pivot) === "failed") {',
      },
      {
        file: "src/stages/apply-changes.ts",
        code: 'if (first === undefined || unit.some((change) => run.status(change) !== "pending")) return;',
        becomes: 'if (false || unit.some((change) => run.status(change) !== "pending")) return;',
      },
      {
        file: "src/stages/apply-changes.ts",
        code: 'world.progress.note(`Finishing the open ${what} of row ${unit[0]?.row}: ${countOf(left, "step")} to go.`);',
        becomes:
          'world.progress.note(`Finishing the open ${what} of row ${unit[0].row}: ${countOf(left, "step")} to go.`);',
      },
      {
        file: "src/stages/live-journal.ts",
        code: 'if (kind === "undecided" && attempt !== undefined) this.#rememberUnclear(attempt, this.#clock.monotonicMs());',
        becomes: 'if (kind === "undecided" && true) this.#rememberUnclear(attempt, this.#clock.monotonicMs());',
      },
      {
        file: "src/stages/recheck-written-rows.ts",
        code: "return planned !== undefined && stands ? [{ planned, change }] : [];",
        becomes: "return true && stands ? [{ planned, change }] : [];",
      },
      {
        file: "src/stages/recheck-written-rows.ts",
        code: "if ((journal.progressOf(change)?.setBackAt ?? null) === null) return;",
        becomes: "if ((journal.progressOf(change).setBackAt ?? null) === null) return;",
      },
      {
        file: "src/stages/recheck-written-rows.ts",
        code: "if ((journal.progressOf(change)?.setBackAt ?? null) !== null) return;",
        becomes: "if ((journal.progressOf(change).setBackAt ?? null) !== null) return;",
      },
      {
        file: "src/stages/record-run.ts",
        code: 'if (kind === "set-back") return setBackAt !== null && last?.message === seen.message;',
        becomes: 'if (kind === "set-back") return setBackAt !== null && last.message === seen.message;',
      },
      {
        file: "src/stages/record-run.ts",
        code: 'const isSame = status === "drift" && last?.kind === "mismatch" && last.value === seen.value;',
        becomes: 'const isSame = status === "drift" && last.kind === "mismatch" && last.value === seen.value;',
      },
      {
        file: "src/stages/record-run.ts",
        code: "const isNews = seen.message !== last?.message && seen.message?.startsWith(IN_RECYCLE_BIN) === true;",
        becomes: "const isNews = seen.message !== last.message && seen.message?.startsWith(IN_RECYCLE_BIN) === true;",
      },
      {
        file: "src/stages/record-run.ts",
        code: "const isNews = seen.message !== last?.message && seen.message?.startsWith(IN_RECYCLE_BIN) === true;",
        becomes: "const isNews = seen.message !== last?.message && seen.message.startsWith(IN_RECYCLE_BIN) === true;",
      },
    ],
  },
  {
    reason:
      "A canary row that is not verified, in a run that goes on, was sent: one that was never sent is settled or ends the run.",
    mutants: [
      {
        file: "src/stages/apply-changes.ts",
        code: 'if (progress === undefined || progress.attempts.length === 0) return "";',
        becomes: 'if (false) return "";',
      },
      {
        file: "src/stages/apply-changes.ts",
        code: 'if (progress === undefined || progress.attempts.length === 0) return "";',
        becomes: 'if (progress === undefined && progress.attempts.length === 0) return "";',
      },
      {
        file: "src/stages/apply-changes.ts",
        code: 'if (progress === undefined || progress.attempts.length === 0) return "";',
        becomes: 'if (false || progress.attempts.length === 0) return "";',
      },
      {
        file: "src/stages/apply-changes.ts",
        code: 'if (progress === undefined || progress.attempts.length === 0) return "";',
        becomes: 'if (progress === undefined || false) return "";',
      },
    ],
  },
  {
    reason: "A signal aborts once.",
    mutants: [
      {
        file: "src/stages/write-change.ts",
        code: 'for (const signal of signals) signal.addEventListener("abort", cutOff, { once: true });',
        becomes: 'for (const signal of signals) signal.addEventListener("abort", cutOff, {});',
      },
      {
        file: "src/stages/write-change.ts",
        code: 'for (const signal of signals) signal.addEventListener("abort", cutOff, { once: true });',
        becomes: 'for (const signal of signals) signal.addEventListener("abort", cutOff, { once: false });',
      },
      {
        file: "src/stages/apply-changes.ts",
        code: 'drain.addEventListener("abort", tell, { once: true });',
        becomes: 'drain.addEventListener("abort", tell, {});',
      },
      {
        file: "src/stages/apply-changes.ts",
        code: 'drain.addEventListener("abort", tell, { once: true });',
        becomes: 'drain.addEventListener("abort", tell, { once: false });',
      },
    ],
  },
  {
    reason: "The quick count only saves the list.",
    mutants: [
      {
        file: "src/stages/intake-gate.ts",
        code: "return this.#countUndecided() > this.#most && this.#listUndecided().length > this.#most;",
        becomes: "return true && this.#listUndecided().length > this.#most;",
      },
    ],
  },
  {
    reason: "The list that is counted after it is never longer than the quick count.",
    mutants: [
      {
        file: "src/stages/intake-gate.ts",
        code: "return this.#countUndecided() > this.#most && this.#listUndecided().length > this.#most;",
        becomes: "return this.#countUndecided() >= this.#most && this.#listUndecided().length > this.#most;",
      },
    ],
  },
  {
    reason: "A sleep with a signal that has fired ends at once.",
    mutants: [
      {
        file: "src/stages/patient-reader.ts",
        code: "if (giveUp.aborted) return false;",
        becomes: "if (false) return false;",
      },
    ],
  },
  {
    reason: "What no time says is not older than anything: the compiler asks.",
    mutants: [
      {
        file: "src/stages/recheck-written-rows.ts",
        code: "const old = writtenAt !== null && nowMs - Date.parse(writtenAt) > LAG_MS;",
        becomes: "const old = true && nowMs - Date.parse(writtenAt) > LAG_MS;",
      },
    ],
  },
  {
    reason: "What stands in the place of a user has no id by which it could be looked up.",
    mutants: [
      {
        file: "src/stages/recheck-written-rows.ts",
        code: "return new Map(ids.flatMap((id) => snapshot.byId(id) ?? []).map((user) => [user.id, user.immutableId]));",
        becomes:
          'return new Map(ids.flatMap((id) => snapshot.byId(id) ?? ["Stryker was here"]).map((user) => [user.id, user.immutableId]));',
      },
    ],
  },
  {
    reason: "Nobody is looked up by no id: the compiler asks.",
    mutants: [
      {
        file: "src/stages/recheck-written-rows.ts",
        code: "return objectId === null ? [] : [[objectId, row.previousImmutableId] as const];",
        becomes: "return false ? [] : [[objectId, row.previousImmutableId] as const];",
      },
    ],
  },
  {
    reason: "A row without a write is settled, and never due: the compiler asks.",
    mutants: [
      {
        file: "src/stages/record-run.ts",
        code: "return listRunOutcomes(store).flatMap(({ change, status }) => (change !== null && DUE.has(status) ? change : []));",
        becomes:
          "return listRunOutcomes(store).flatMap(({ change, status }) => (true && DUE.has(status) ? change : []));",
      },
    ],
  },
  {
    reason:
      "The message of a set-back stands in the record only until the next read, whose own message takes its place.",
    mutants: [
      {
        file: "src/stages/record-run.ts",
        code: 'if (kind === "set-back") return setBackAt !== null && last?.message === seen.message;',
        becomes: 'if (kind === "set-back") return true && last?.message === seen.message;',
      },
    ],
  },
  {
    reason:
      "Only a mismatch leaves a row that was written as drift, and a read that shows the value again is recorded before the next one.",
    mutants: [
      {
        file: "src/stages/record-run.ts",
        code: 'const isSame = status === "drift" && last?.kind === "mismatch" && last.value === seen.value;',
        becomes: 'const isSame = true && last?.kind === "mismatch" && last.value === seen.value;',
      },
    ],
  },
  {
    reason: "Every other write has outlasted writes of other values before it was sent.",
    mutants: [
      {
        file: "src/stages/settle-write.ts",
        code: 'if (attempt.purpose === "canary-back" && !(await this.outlastOthers(change, change.after, giveUp))) return false;',
        becomes: "if (true && !(await this.outlastOthers(change, change.after, giveUp))) return false;",
      },
    ],
  },
  {
    reason: "Without the check the lines that follow come to the same end.",
    mutants: [
      {
        file: "src/stages/write-change.ts",
        code: 'if (answer.meaning === "accepted") return true;',
        becomes: "if (false) return true;",
      },
      {
        file: "src/stages/settle-write.ts",
        code: "if (held === undefined) return false;",
        becomes: "if (false) return false;",
      },
    ],
  },
  {
    reason: "Where a set-back was refused the proof has failed, whatever the write says of the run.",
    mutants: [
      {
        file: "src/stages/write-change.ts",
        code: 'if (answer.meaning === "refused" && purpose === "canary-back") return true;',
        becomes: 'if (answer.meaning === "refused" && purpose === "canary-back") return false;',
      },
    ],
  },
  {
    reason: "What is read back already is let go for the sake of memory alone.",
    mutants: [
      {
        file: "src/stages/writer-run.ts",
        code: "void reading.then(() => readBacks.delete(reading));",
        becomes: "void reading.then(() => undefined);",
      },
    ],
  },
  {
    reason: "Of two equal times either is the last.",
    mutants: [
      {
        file: "src/stages/record-run.ts",
        code: "return new Map(times.toSorted(([, left], [, right]) => (left < right ? -1 : 1)));",
        becomes: "return new Map(times.toSorted(([, left], [, right]) => (left <= right ? -1 : 1)));",
      },
    ],
  },
];
