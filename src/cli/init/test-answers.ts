/** Tests answers as soon as they are given, and asks what to do where they fail. */
import type { DiagnosisLine } from "../../core/diagnosis/diagnosis-line.ts";
import type { Questions } from "../../ports/questions.ts";
import type { Program } from "../program.ts";
import { renderTested } from "../render/diagnosis.ts";

/**
 * Asks and tests until the answers hold or the operator goes on all the same.
 *
 * @param ask Asks anew; gets the answers of last time.
 * @param test Tests answers; may be asked again for the same ones.
 * @throws {BatchError} interrupted
 */
export async function askUntilGood<Answers>(
  program: Program,
  questions: Questions,
  {
    ask,
    test,
  }: { ask(before: Answers | null): Promise<Answers>; test(answers: Answers): Promise<readonly DiagnosisLine[]> },
): Promise<{ readonly answers: Answers; readonly lines: readonly DiagnosisLine[] }> {
  let answers = await ask(null);
  for (;;) {
    const lines = await test(answers);
    program.screen.complain(...renderTested(lines));
    if (!lines.some(({ state }) => state === "failure")) return { answers, lines };
    const next = await questions.choose({
      message: "Something failed. What now?",
      initial: "correct",
      choices: [
        { value: "correct", label: "Correct the answers" },
        { value: "again", label: "Test the same answers again", hint: "after mending what is named" },
        { value: "go-on", label: "Go on all the same", hint: "doctor will say it again" },
      ],
    });
    if (next === "go-on") return { answers, lines };
    if (next === "correct") answers = await ask(answers);
  }
}
