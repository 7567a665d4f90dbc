/**
 * The demonstration itself: the whole job, plan to rollback, command by command.
 *
 * After each command the tenant's own ledger and the files that the command left are compared with what the company's
 * tables announce. Nothing is asked of the program but to be run.
 */
import type { ExpectedRow } from "../company/company.ts";
import type { Expectation } from "../company/expectation.ts";
import {
  checkIrreversible,
  checkNoWrite,
  checkPlan,
  checkResults,
  checkSavedObjects,
  checkStart,
  checkValues,
  checkWrites,
  listFiles,
  type Stage,
  showPlanLines,
} from "./check-run.ts";
import type { AnnouncedAct, AnnouncedChange } from "./compare-writes.ts";
import { runProgram } from "./run-program.ts";

const EXIT = { done: 0, blocked: 3, incomplete: 6 } as const;
const [MAPPING, FIRST, NIGHT, BACK] = ["mappings/example.csv", "runs/first-look", "runs/night", "runs/way-back"];

/** Every holder action; a row still has to choose one. */
const ALLOWED = "purge-deleted-holder,delete-holder,clear-holder,restore-target,clear-object-identifier";

/** What the second tenant has to say. */
const CLOSED_TENANT = ["tenant-hard-match-blocked", "tenant-sync-off", "tenant-check-unavailable"] as const;

/** A command ended otherwise than announced: what follows would stand on nothing. */
class StepFailed extends Error {
  override readonly name = "StepFailed";
}

/**
 * Plays the steps. A check that does not hold is counted and the next step played; a command with another exit code
 * than announced ends the demonstration.
 *
 * @throws The signal's reason.
 */
export async function playDemo(stage: Stage): Promise<void> {
  const { transcript } = stage;
  try {
    await playSteps(stage);
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    transcript.say("The demonstration ends here.");
  }
  const { held, failed } = transcript;
  transcript.say("");
  transcript.say(failed === 0 ? `All ${held} checks held.` : `${failed} of ${held + failed} checks did not hold.`);
}

async function playSteps(stage: Stage): Promise<void> {
  const { company, tenant, transcript } = stage;
  const { heading } = transcript;
  const changes = listChanges(company.expected);
  const acts = listActs(company.expected);
  const holders = String(new Set(company.expected.flatMap((row) => row.acts.map(({ userId }) => userId))).size);
  const rows = String(company.expected.filter(({ replacing }) => writes(replacing)).length);
  const plainRows = company.expected.filter(({ plain }) => writes(plain)).length;

  heading("A dry run of the whole mapping");
  await hardmatch(stage, ["plan", MAPPING, "--run", FIRST], EXIT.blocked);
  checkPlan(stage, FIRST, "plain");
  checkNoWrite(stage, 0, "plan");
  listFiles(stage, FIRST);

  heading("A look into plan.csv: what would happen to each row, and why not");
  showPlanLines(stage, FIRST);

  heading("One blocked row refuses the whole batch");
  await hardmatch(stage, ["apply", FIRST, "--confirm", String(plainRows)], EXIT.blocked);
  checkNoWrite(stage, 0, "apply");

  heading("Old IDs and neighbours' shall be replaced, and what rows choose in onConflict is allowed");
  await hardmatch(stage, ["plan", MAPPING, "--replace", "--allow", ALLOWED, "--run", NIGHT], EXIT.blocked);
  checkPlan(stage, NIGHT, "replacing");
  checkNoWrite(stage, 0, "plan");

  heading("The night: apply the clean rows, leave the blocked ones alone");
  const apply = ["apply", NIGHT, "--skip-blocked", "--confirm", rows, "--confirm-holders", holders];
  await hardmatch(stage, apply, EXIT.done);
  checkWrites(stage, 0, changes, acts);
  checkValues(stage, changes);
  checkResults(stage, NIGHT);
  checkSavedObjects(stage, NIGHT);
  listFiles(stage, NIGHT);

  heading("What stands where, offline, from the run folder alone");
  const afterApply = tenant.ledger.entries.length;
  await hardmatch(stage, ["status", NIGHT], EXIT.done);

  heading("Apply once more: there is nothing left to do");
  await hardmatch(stage, apply, EXIT.done);
  checkNoWrite(stage, afterApply, "the second apply");

  heading("Read both sides again");
  await hardmatch(stage, ["verify", NIGHT], EXIT.done);
  checkNoWrite(stage, afterApply, "verify");

  heading("The way back: everything but what was removed for good, and the exit code says so");
  await hardmatch(stage, ["rollback", NIGHT, "--run", BACK, "--confirm", rows], EXIT.incomplete);
  const reversed = changes.map(({ userId, from, to }) => ({ userId, from: to, to: from }));
  checkWrites(stage, afterApply, reversed, []);
  checkIrreversible(stage, BACK);
  checkStart(stage);

  heading("Read the tenant again");
  await hardmatch(stage, ["verify", BACK], EXIT.done);

  heading("Another tenant: it blocks hard matches, sync is off, and the account may not read everything");
  const printed = await hardmatch(
    { ...stage, place: stage.closedPlace },
    ["plan", MAPPING, "--run", FIRST],
    EXIT.blocked,
  );
  const unsaid = CLOSED_TENANT.filter((code) => !printed.some((line) => line.includes(code)));
  transcript.check(
    `the summary says ${CLOSED_TENANT.join(", ")}`,
    unsaid.map((code) => `it does not say ${code}`),
  );
}

const writes = ({ action }: Expectation): boolean => action === "set" || action === "replace";

/** Every user whose ID the second plan writes. */
function listChanges(expected: readonly ExpectedRow[]): AnnouncedChange[] {
  return expected.flatMap(({ replacing, target, immutableId, acts }) => {
    if (!writes(replacing) || target === null) return [];
    const cleared = acts.filter(({ kind }) => kind === "clear");
    return [
      ...cleared.map(({ userId, before }) => ({ userId, from: before, to: null, late: true })),
      { userId: target.id, from: target.before, to: immutableId, late: acts.length > 0 },
    ];
  });
}

/** Everything else that it does to users. */
function listActs(expected: readonly ExpectedRow[]): AnnouncedAct[] {
  return expected.flatMap(({ acts }) =>
    acts.flatMap(({ kind, userId }) => (kind === "clear" ? [] : [{ kind, userId }])),
  );
}

/** @returns The lines that the command printed. */
async function hardmatch(stage: Stage, words: readonly string[], exitCode: number): Promise<string[]> {
  const { transcript, place, signal } = stage;
  signal.throwIfAborted();
  transcript.say(`$ hardmatch ${words.join(" ")}`);
  const printed: string[] = [];
  const show = (line: string) => {
    printed.push(line);
    transcript.output(line);
  };
  const ended = await runProgram(place, words, { show, signal });
  signal.throwIfAborted();
  transcript.check(`exit code ${exitCode}`, ended === exitCode ? [] : [`it was ${ended}`]);
  if (ended !== exitCode) throw new StepFailed(words.join(" "));
  return printed;
}
