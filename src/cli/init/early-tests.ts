/**
 * Tests a part of the answers while the rest is still to be asked: whoever mistypes an address learns it at once, and
 * not after seven more questions.
 *
 * A part that is waved through is not fought over again when the whole is tested; what was seen of it is not shown twice.
 */
import { type DiagnosisCheck, type DiagnosisLine, endSentence, failure } from "../../core/diagnosis/diagnosis-line.ts";
import type { Questions } from "../../ports/questions.ts";
import { examineGraph, examineServers } from "../examine.ts";
import type { Program } from "../program.ts";
import { type Draft, type DraftDirectory, type DraftTenant, settleDraft } from "./draft.ts";
import { askUntilGood, type Tested, testedAll } from "./test-answers.ts";

/**
 * Asks for a part until it holds or the operator goes on.
 *
 * @param draftOf The part as far as it can be looked at, made whole with whatever is not known yet.
 * @param checks Which lines the part decides.
 */
export type AskTested<Whole> = <Part>(
  checks: readonly DiagnosisCheck[],
  part: {
    readonly before: Part | null;
    ask(before: Part | null): Promise<Part>;
    draftOf(part: Part): Whole;
  },
) => Promise<Part>;

type Surroundings = { readonly program: Program; readonly questions: Questions; readonly file: string };

export class EarlyTests {
  readonly #around: Surroundings;
  readonly #seen = new Set<DiagnosisCheck>();
  #isWaved = false;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** Call when questions are asked anew: nothing of the answers has been seen then. */
  begin(): void {
    this.#seen.clear();
    this.#isWaved = false;
  }

  readonly askTenantPart: AskTested<DraftTenant> = (checks, { draftOf, ...part }) =>
    this.#askPart(checks, part, (given) => this.#look({ tenant: draftOf(given), directories: [] }));

  readonly askDirectoryPart: AskTested<DraftDirectory> = (checks, { draftOf, ...part }) =>
    this.#askPart(checks, part, (given) => this.#look({ tenant: NO_TENANT, directories: [draftOf(given)] }));

  /** The test of the whole, without what was shown of it before; shown again in full when it is repeated. */
  wholeOf(tested: Tested): Tested {
    const isNews = ({ check, state }: DiagnosisLine) =>
      !this.#seen.has(check) || (state === "failure" && !this.#isWaved);
    const whole = { ...tested, news: tested.lines.filter(isNews), isWaved: this.#isWaved };
    this.begin();
    return whole;
  }

  async #askPart<Part>(
    checks: readonly DiagnosisCheck[],
    { before, ask }: { readonly before: Part | null; ask(before: Part | null): Promise<Part> },
    look: (part: Part) => Promise<Tested>,
  ): Promise<Part> {
    const { program, questions } = this.#around;
    const test = async (part: Part): Promise<Tested> => {
      const { lines, ...tested } = await look(part);
      const own = lines.filter(({ check }) => check === "configuration" || checks.includes(check));
      return { ...tested, lines: own, news: own };
    };
    const { answers, isGood } = await askUntilGood(program, questions, { before, ask, test });
    for (const check of checks) this.#seen.add(check);
    if (!isGood) this.#isWaved = true;
    return answers;
  }

  async #look(draft: Draft): Promise<Tested> {
    const { program, file } = this.#around;
    const { settings, problems } = settleDraft(draft, file);
    if (settings === null) return refusedDraft(problems);
    const [directory] = settings.directories;
    const lines = await (directory === undefined
      ? examineGraph(program, settings)
      : examineServers(program, settings, directory));
    return testedAll(lines);
  }
}

/** Stands for what is not asked yet, and is never signed in to. */
const NO_TENANT: DraftTenant = { id: "not-asked.example", cloud: "global", auth: { method: "azure-cli" } };

/** Answers that are no settings: only other answers help. */
export function refusedDraft(problems: readonly string[]): Tested {
  const place = { part: "configuration", subject: null, check: "configuration" } as const;
  const lines = problems.map((text) => ({ ...place, ...failure(endSentence(text), "Correct that answer.") }));
  return { ...testedAll(lines), isWorthAgain: false };
}
