/** Tests answers as soon as they are given, and asks what to do where they fail. */
import type { DiagnosisLine } from "../../core/diagnosis/diagnosis-line.ts";
import type { Questions } from "../../ports/questions.ts";
import type { Program } from "../program.ts";
import { renderTested } from "../render/diagnosis.ts";

/** What came of testing answers. */
export type Tested = {
  readonly lines: readonly DiagnosisLine[];
  /** Those of them that the operator has not seen yet. */
  readonly news: readonly DiagnosisLine[];
  /** false where the answers themselves are wrong: nothing that is mended elsewhere could make them right. */
  readonly isWorthAgain: boolean;
  /** The operator has said already that it goes on all the same. */
  readonly isWaved: boolean;
};

/** A test whose every line is news, of answers that can be looked at. */
export function testedAll(lines: readonly DiagnosisLine[]): Tested {
  return { lines, news: lines, isWorthAgain: true, isWaved: false };
}

/** What was answered in the end, and whether it holds. */
export type Settled<Answers> = {
  readonly answers: Answers;
  readonly lines: readonly DiagnosisLine[];
  readonly isGood: boolean;
};

/**
 * Asks and tests until the answers hold or the operator goes on all the same.
 *
 * @param before The answers of last time, for the first time that is asked.
 * @param ask Asks anew; gets the answers of last time.
 * @param test Tests answers; may be asked again for the same ones.
 * @throws {BatchError} interrupted
 */
export async function askUntilGood<Answers>(
  program: Program,
  questions: Questions,
  {
    before = null,
    ask,
    test,
  }: {
    readonly before?: Answers | null;
    ask(before: Answers | null): Promise<Answers>;
    test(answers: Answers): Promise<Tested>;
  },
): Promise<Settled<Answers>> {
  let answers = await ask(before);
  for (;;) {
    const { lines, news, isWorthAgain, isWaved } = await test(answers);
    program.screen.complain(...renderTested(news));
    const isGood = !lines.some(({ state }) => state === "failure");
    if (isGood || isWaved) return { answers, lines, isGood };
    const next = await questions.choose<"correct" | "again" | "go-on">({
      message: "Something failed. What now?",
      initial: "correct",
      choices: [
        { value: "correct", label: "Correct the answers" },
        ...(isWorthAgain
          ? [{ value: "again", label: "Test the same answers again", hint: "after mending what is named" } as const]
          : []),
        { value: "go-on", label: "Go on all the same", hint: "doctor will say it again" },
      ],
    });
    if (next === "go-on") return { answers, lines, isGood };
    if (next === "correct") answers = await ask(answers);
  }
}
