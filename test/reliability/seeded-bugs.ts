/**
 * Mistakes that a writer of immutable IDs could make, each as a replacement in the source, and the part of the suite
 * that must notice it. A suite that passes with one of them in place proves nothing.
 *
 * `npm run reliability:bugs` plants them one by one in a copy of the program.
 */

export type SeededBug = {
  readonly name: string;
  /** The source that it is planted in. */
  readonly file: string;
  readonly edits: readonly { readonly find: string; readonly replace: string }[];
  /** The test file that fails then. */
  readonly caughtBy: string;
};

const WRITER = "src/stages/write-change.ts";
const SETTLER = "src/stages/settle-write.ts";
const DATABASE = "src/adapters/run-folder/run-database.ts";
const SAVED_RUN = "src/adapters/run-folder/saved-run.ts";
const FILE = "src/adapters/run-folder/write-file-safely.ts";
/** The order of waves. */
const ORDER = "src/stages/apply-changes.ts";
/** One apply under way. */
const RUN = "src/stages/writer-run.ts";
const catalogue = (subject: string) => `test/reliability/graph/${subject}.test.ts`;
const folder = (subject: string) => `test/adapters/run-folder/${subject}.test.ts`;
const stage = (subject: string) => `test/stages/${subject}.test.ts`;

function bug(name: string, file: string, find: string, replace: string, caughtBy: string): SeededBug {
  return { name, file, edits: [{ find, replace }], caughtBy };
}

export const SEEDED_BUGS: readonly SeededBug[] = [
  {
    name: "no fsync: the journal is not on disk when a write is sent",
    file: "src/adapters/run-folder/run-database.ts",
    edits: [
      { find: "PRAGMA synchronous=EXTRA", replace: "PRAGMA synchronous=OFF" },
      {
        find: 'requireAnswer(database, "PRAGMA synchronous", 3)',
        replace: 'requireAnswer(database, "PRAGMA synchronous", 0)',
      },
    ],
    caughtBy: "test/adapters/run-folder/run-shelf.test.ts",
  },
  bug(
    "no quarantine: a different value follows a lost write at once",
    SETTLER,
    "const waitMs = this.#journal.quarantineLeftMs(change.objectId, after, this.#limits.quarantineMs);",
    "const waitMs = 0;",
    catalogue("late-writes"),
  ),
  bug(
    "the quarantine counts from the intent, not from the lost answer",
    "src/core/journal.ts",
    "sentByMs: at === undefined ? nowMs : Date.parse(at)",
    "sentByMs: Date.parse(event.at)",
    stage("cautious-writes"),
  ),
  bug(
    "a resume forgets which writes may still land",
    "src/stages/live-journal.ts",
    "      this.#rememberUnclear(attempt, clock.monotonicMs() - Math.max(0, nowMs - sentByMs));\n",
    "      void [attempt, sentByMs];\n",
    stage("cautious-writes"),
  ),
  bug(
    "a write is sent again after a 504 without looking",
    "src/adapters/graph/resend-writes.ts",
    "replyOf(call).status !== 429",
    "![429, 504].includes(replyOf(call).status)",
    catalogue("lost-answers"),
  ),
  bug(
    "a write is sent again after a reset without looking",
    "src/adapters/graph/resend-writes.ts",
    '!(error instanceof TransportFailure) || error.sent === "lost" || !error.worthRetry',
    "!(error instanceof TransportFailure) || !error.worthRetry",
    catalogue("lost-answers"),
  ),
  bug(
    "the write goes to the UPN instead of the object id",
    WRITER,
    "const { objectId, kind } = change;",
    "const { name: objectId, kind } = change;",
    catalogue("lost-answers"),
  ),
  bug(
    "no read before the write",
    WRITER,
    "if (!(await this.#isAsPlanned(write))) return true;",
    "",
    catalogue("foreign-changes"),
  ),
  bug(
    "drift is ignored: a value changed since the plan is overwritten",
    WRITER,
    "if (held.value !== before)\n",
    "if (held === undefined)\n",
    catalogue("foreign-changes"),
  ),
  bug(
    "a user that was renamed since the plan is written",
    WRITER,
    'if (held.name !== change.name && held.value !== "deleted")',
    "if (held === undefined)",
    catalogue("foreign-changes"),
  ),
  bug(
    "a user that sync took over since the plan is written",
    WRITER,
    'if (this.#isTakenOver(change, held)) {\n      const message = "sync has taken',
    'if (held === undefined) {\n      const message = "sync has taken',
    catalogue("foreign-changes"),
  ),
  bug(
    "no settling: a lost write counts as not applied",
    SETTLER,
    "if (attempt === null) return true;",
    'if (attempt !== null) this.#journal.observe(change, "settled-not-applied", { attempt });\n    return true;',
    stage("apply-changes"),
  ),
  bug(
    "one settling read is enough",
    SETTLER,
    "if (previous === undefined || previous?.value !== held?.value) {",
    "if (previous !== undefined && previous?.value !== held?.value) {",
    stage("apply-changes"),
  ),
  bug(
    "a set-back that a lagging copy hides passes for done after a crash",
    WRITER,
    "if (!isOutdated) return held;",
    "return held;",
    stage("cautious-writes"),
  ),
  bug(
    "the last write of an open cycle takes an outdated read for somebody else's change",
    "src/stages/live-journal.ts",
    "Array.from({ length: last }, (_, index) => this.#progress.get(keyOf({ row, step: index + 1 })))",
    "[this.#progress.get(keyOf({ row, step: last }))]",
    stage("cautious-writes"),
  ),
  bug(
    "a row is failed while an earlier write of it may still land",
    WRITER,
    "      if (!(await this.#settler.awaitLateLanding(change, after, giveUp))) return true;\n",
    "",
    stage("apply-changes"),
  ),
  bug(
    "a refused row has failed for good though the process dies while an earlier write of it may still land",
    "src/core/change-progress.ts",
    'return unclear.some(({ after }) => after === refused?.after) ? "undecided" : "failed";',
    'return unclear.some(({ after }) => after !== refused?.after) ? "undecided" : "failed";',
    stage("settle-write"),
  ),
  bug(
    "how long a write may still land is told by the clock on the wall",
    "src/stages/live-journal.ts",
    "unclear.sentByMs + quarantineMs - this.#clock.monotonicMs()",
    "unclear.sentByMs + quarantineMs - this.#clock.now().getTime()",
    stage("apply-changes"),
  ),
  bug(
    "a signal does not end the wait for the end of a pause",
    WRITER,
    "freshForMs: FRESH_FOR_MS, giveUp }",
    "freshForMs: FRESH_FOR_MS }",
    catalogue("signal-in-a-pause"),
  ),
  bug(
    "a pivot goes on although its first write was not read back",
    RUN,
    'if (first !== undefined && this.status(first.change) === "accepted") return;',
    "",
    stage("cautious-writes"),
  ),
  bug("the canary is skipped", ORDER, "  await writeCanary(canary, { plan, world, run });\n", "", catalogue("order")),
  bug("the canary does not prove the way back", ORDER, ".proveRollback(proof,", ".readBack(proof,", catalogue("order")),
  bug(
    "a row does not wait for the row that frees its value",
    RUN,
    "if (waitsFor !== null && !APPLIED.has(this.#statusOf(keyOf(waitsFor)))) {",
    "if (waitsFor !== null && change.row < 0) {",
    stage("apply-changes"),
  ),
  bug(
    "an answer counts as proof: accepted is reported as verified",
    "src/core/change-progress.ts",
    'status: "accepted", achieved: "accepted"',
    'status: "verified", achieved: "verified"',
    catalogue("foreign-changes"),
  ),
  bug(
    "a foreign value found when reading back is waited out in silence",
    WRITER,
    "if (held === null || (seen !== change.before && seen === foreign)) {",
    "if (held === null) {",
    stage("read-back"),
  ),
  bug(
    "a conflict is tried for ever",
    WRITER,
    "if (!passing || sent >= MOST_ATTEMPTS) {",
    "if (!passing) {",
    catalogue("order"),
  ),
  bug(
    "a conflict with anybody is tried again",
    WRITER,
    "const passing = conflict.holderId !== null && this.#releasers.has(conflict.holderId);",
    "const passing = true;",
    catalogue("order"),
  ),
  bug(
    "a refused token is sent a third time",
    "src/adapters/graph/authorize.ts",
    "?.message ?? null));\n    await next();\n",
    "?.message ?? null));\n    await next();\n    if (replyOf(call).status === 401) await next();\n",
    catalogue("tokens"),
  ),
  bug(
    "Retry-After is cut to 180 s",
    "src/adapters/graph/retry-after.ts",
    "return Math.ceil(Math.max(...parts.map(Number)) * 1000);",
    "return Math.min(180_000, Math.ceil(Math.max(...parts.map(Number)) * 1000));",
    catalogue("throttling"),
  ),
  bug(
    "a Retry-After date is measured by the local clock",
    "src/adapters/graph/retry-after.ts",
    "const serverNowMs = readHttpDateMs(serverNow);",
    "const serverNowMs = serverNow === null ? null : Date.now();",
    catalogue("throttling"),
  ),
  bug(
    "a pause holds nobody",
    "src/adapters/graph/governor.ts",
    "if (nowMs + waitMs > this.#heldUntilMs) {",
    "if (waitMs < 0) {",
    catalogue("throttling"),
  ),
  bug(
    "redirects are followed",
    "src/adapters/graph/transport.ts",
    'redirect: "manual"',
    'redirect: "follow"',
    catalogue("hostile-answers"),
  ),
  bug(
    "a 204 without a request-id is accepted",
    "src/adapters/graph/write-answer.ts",
    'if (requestId === null || isHtml(reply)) return "undecided";',
    'if (isHtml(reply)) return "undecided";',
    catalogue("hostile-answers"),
  ),
  bug(
    "a 504 counts as surely not applied",
    "src/adapters/graph/write-answer.ts",
    "new Set([400, 403, 404, 405, 413, 415])",
    "new Set([400, 403, 404, 405, 413, 415, 504])",
    catalogue("lost-answers"),
  ),
  bug(
    "a lost connection counts as never made",
    "src/adapters/graph/transport-failure.ts",
    'return new TransportFailure(neverConnected ? "not-sent" : "lost", code, text, { host });',
    'return new TransportFailure("not-sent", code, text, { host });',
    catalogue("lost-answers"),
  ),
  bug(
    "a next page on another host is followed",
    "src/adapters/graph/read-pages.ts",
    "url.origin === base.origin && ",
    "",
    catalogue("paging"),
  ),
  bug(
    "the breaker never opens",
    "src/core/breaker.ts",
    "if (equal.count >= BREAKER.equalInARow)",
    "if (equal.count < 0)",
    catalogue("tokens"),
  ),
  bug(
    "rollback writes over what somebody changed since",
    "src/core/rollback-verdict.ts",
    'return now.value === ours ? "revert" : "drift";',
    'return "revert";',
    "test/core/rollback.test.ts",
  ),
  bug(
    "rollback takes unset and empty for the same",
    "src/core/rollback.ts",
    "          before: ours,\n          after: before,\n",
    '          before: ours,\n          after: before === "" ? null : before,\n',
    catalogue("foreign-changes"),
  ),
  bug(
    "the rollback journal of the record is kept in memory",
    DATABASE,
    'PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA; PRAGMA fullfsync=ON");\n    requireAnswer(database, "PRAGMA journal_mode", "delete");',
    'PRAGMA journal_mode=MEMORY; PRAGMA synchronous=EXTRA; PRAGMA fullfsync=ON");',
    folder("run-shelf"),
  ),
  bug(
    "the pages of the record are not checked when it is opened",
    DATABASE,
    'const verdict = firstValue(database, "PRAGMA quick_check(1)");',
    'const verdict: unknown = "ok";',
    folder("damaged-run"),
  ),
  bug(
    "a journal line is not held against its check",
    "src/adapters/run-folder/stored-journal.ts",
    'typeof body !== "string" || check !== checkFields([runId, place, seq, body])',
    'typeof body !== "string" || check === null',
    folder("damaged-run"),
  ),
  bug(
    "a journal that lost its last lines passes for whole",
    "src/adapters/run-folder/stored-journal.ts",
    "if (journal.length !== last) throw",
    "if (journal.length > last) throw",
    folder("damaged-run"),
  ),
  bug(
    "the stored plan is not held against its hash",
    "src/adapters/run-folder/stored-plan.ts",
    "if (actual !== hash) {",
    'if (actual === "") {',
    folder("damaged-run"),
  ),
  bug(
    "a write to a file that took a part of the bytes counts as whole",
    FILE,
    "written += count;",
    "written = bytes.length + 0 * count;",
    folder("write-file-safely"),
  ),
  bug(
    "a system that writes nothing is asked for ever, or believed",
    FILE,
    "if (count <= 0) throw",
    "if (count <= 0) return;\n    if (count < 0) throw",
    folder("write-file-safely"),
  ),
  bug(
    "an fsync of a file that failed is tried again",
    FILE,
    "    calls.fsyncSync(descriptor);\n",
    "    try {\n      calls.fsyncSync(descriptor);\n    } catch {\n      calls.fsyncSync(descriptor);\n    }\n",
    folder("write-file-safely"),
  ),
  bug(
    "a commit whose fsync failed is tried again",
    SAVED_RUN,
    "      commitTogether(this.#parts.database, what, statements);\n",
    "      try {\n        commitTogether(this.#parts.database, what, statements);\n      } catch {\n        commitTogether(this.#parts.database, what, statements);\n      }\n",
    "test/crash/failed-fsync.test.ts",
  ),
  bug(
    "an intent that could not be saved does not keep its write from being sent",
    SAVED_RUN,
    "    await this.#lines.settle();\n",
    "    await this.#lines.settle().catch(() => undefined);\n",
    "test/crash/broken-disk.test.ts",
  ),
  bug(
    "a full disk is reported as anything",
    "src/adapters/run-folder/disk-trouble.ts",
    "    case SQLITE.full:\n",
    "    case -1:\n",
    folder("full-disk"),
  ),
  bug(
    "a run folder that was swapped gets the changes of the old one",
    SAVED_RUN,
    "if (lock.isInPlace() && isSameFile(identity, identifyFile(join(folder, DATABASE_FILE)))) return;",
    "if (identity !== null || heldBy !== null || folder !== DATABASE_FILE) return;",
    folder("run-shelf"),
  ),
  bug(
    "the lock of a run is shared",
    "src/adapters/run-folder/run-lock.ts",
    'database.exec("BEGIN EXCLUSIVE")',
    'database.exec("BEGIN")',
    folder("run-lock"),
  ),
  bug(
    "a plan is built under its own name",
    "src/adapters/run-folder/run-shelf.ts",
    "    buildDatabase(join(path, temporary), plan, about, user);\n    renameSync(join(path, temporary), join(path, DATABASE_FILE));\n",
    "    buildDatabase(join(path, DATABASE_FILE), plan, about, user);\n    void renameSync;\n",
    "test/crash/cut-plan.test.ts",
  ),
  bug(
    "a damaged line of a results file is used",
    "src/adapters/csv/read-results.ts",
    "checkOf(HEADINGS.map(cell), place) === check;",
    "HEADINGS.length > 0;",
    "test/cli/spreadsheet-results.test.ts",
  ),
  bug(
    "an error that nobody caught does not end the program",
    "src/cli/run-command-line.ts",
    "    frame.exit(EXIT_CODES.bug);\n",
    "",
    "test/crash/planted-bugs.test.ts",
  ),
  {
    name: "an intent is not waited for until it is on disk",
    file: SAVED_RUN,
    edits: [{ find: "    await this.#lines.settle();\n", replace: "" }],
    caughtBy: folder("killed-run"),
  },
  bug(
    "no compare-and-set: a value that somebody has put into AD meanwhile is overwritten",
    "src/adapters/ldap/ldap-side.ts",
    '[changeOf("add", after)]',
    '[changeOf("replace" as "add", after)]',
    "test/adapters/ldap/ldap-side.test.ts",
  ),
  bug(
    "a modification of AD whose answer was lost counts as not sent",
    "src/adapters/ldap/ldap-side.ts",
    'answerOf(sent ? "undecided" : "not-sent", describeError(told))',
    'answerOf("not-sent", describeError(told))',
    "test/adapters/ldap/ldap-side.test.ts",
  ),
  bug(
    "what AD refuses because the value had changed is taken for a write that may still land",
    "src/stages/write-change.ts",
    'this.#journal.observe(change, "conflict", { answer, attempt });\n        continue;',
    'this.#journal.observe(change, "settled-not-applied", { answer, attempt });\n        continue;',
    "test/write-to-ad.test.ts",
  ),
  bug(
    "a way back into AD does not ask for its rights before its first write",
    "src/pipeline.ts",
    "if (!isForth) await requireWritableAccounts(",
    "if (!isForth && again !== null) await requireWritableAccounts(",
    "test/write-to-ad.test.ts",
  ),
  bug(
    "an AD account is set back for a proof while sync may import it",
    ORDER,
    'side === "cloud" || plan.decisions.syncPaused',
    "side !== null || plan.decisions.syncPaused",
    "test/write-to-ad.test.ts",
  ),
];
