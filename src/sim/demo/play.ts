/**
 * The demonstration itself: the whole job, plan to rollback, command by command.
 *
 * After each command the tenant's own ledger and the files that the command left are compared with what the company's
 * tables announce. Nothing is asked of the program but to be run.
 */
import type { ExpectedRow } from "../company/company.ts";
import type { Expectation } from "../company/expectation.ts";
import {
  checkNoWrite,
  checkPlan,
  checkResults,
  checkStart,
  checkValues,
  checkWrites,
  listFiles,
  type Stage,
  showPlanLines,
} from "./check-run.ts";
import type { AnnouncedChange } from "./compare-writes.ts";
import { runProgram } from "./run-program.ts";

const EXIT = { done: 0, blocked: 3 } as const;
const [MAPPING, FIRST, NIGHT, BACK] = ["mappings/example.csv", "runs/first-look", "runs/night", "runs/way-back"];

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
  const rows = String(changes.length);
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

  heading("Users that hold an ID of an old domain, or a neighbour's, shall get their own: plan with --replace");
  await hardmatch(stage, ["plan", MAPPING, "--replace", "--run", NIGHT], EXIT.blocked);
  checkPlan(stage, NIGHT, "replacing");
  checkNoWrite(stage, 0, "plan");

  heading("The night: apply the clean rows, leave the blocked ones alone");
  await hardmatch(stage, ["apply", NIGHT, "--skip-blocked", "--confirm", rows], EXIT.done);
  checkWrites(stage, 0, changes);
  checkValues(stage, changes);
  checkResults(stage, NIGHT);
  listFiles(stage, NIGHT);

  heading("What stands where, offline, from the run folder alone");
  const afterApply = tenant.ledger.entries.length;
  await hardmatch(stage, ["status", NIGHT], EXIT.done);

  heading("Apply once more: there is nothing left to do");
  await hardmatch(stage, ["apply", NIGHT, "--skip-blocked", "--confirm", rows], EXIT.done);
  checkNoWrite(stage, afterApply, "the second apply");

  heading("Read both sides again");
  await hardmatch(stage, ["verify", NIGHT], EXIT.done);
  checkNoWrite(stage, afterApply, "verify");

  heading("The way back");
  await hardmatch(stage, ["rollback", NIGHT, "--run", BACK, "--confirm", rows], EXIT.done);
  const reversed = changes.map(({ userId, from, to }) => ({ userId, from: to, to: from }));
  checkWrites(stage, afterApply, reversed);
  checkStart(stage);

  heading("Read the tenant again");
  await hardmatch(stage, ["verify", BACK], EXIT.done);
}

const writes = ({ action }: Expectation): boolean => action === "set" || action === "replace";

/** Every user that a plan with --replace writes. */
function listChanges(expected: readonly ExpectedRow[]): AnnouncedChange[] {
  return expected.flatMap(({ replacing, target, immutableId }) =>
    writes(replacing) && target !== null ? [{ userId: target.id, from: target.before, to: immutableId }] : [],
  );
}

async function hardmatch(stage: Stage, words: readonly string[], exitCode: number): Promise<void> {
  const { transcript, place, signal } = stage;
  signal.throwIfAborted();
  transcript.say(`$ hardmatch ${words.join(" ")}`);
  const ended = await runProgram(place, words, { show: transcript.output, signal });
  signal.throwIfAborted();
  transcript.check(`exit code ${exitCode}`, ended === exitCode ? [] : [`it was ${ended}`]);
  if (ended !== exitCode) throw new StepFailed(words.join(" "));
}
