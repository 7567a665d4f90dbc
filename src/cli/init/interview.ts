/** The whole interview: tenant, then one directory after the other, each tested as soon as it is answered. */
import type { DiagnosisLine } from "../../core/diagnosis/diagnosis-line.ts";
import type { Failed } from "../../core/diagnosis/fact.ts";
import { foldCase } from "../../core/names.ts";
import type { Questions } from "../../ports/questions.ts";
import { type Examined, examineDirectories, examineTenant } from "../examine.ts";
import type { Program } from "../program.ts";
import type { DirectorySettings } from "../settings.ts";
import { askDirectory } from "./ask-directory.ts";
import { askTenant } from "./ask-tenant.ts";
import { type Draft, type DraftDirectory, type DraftTenant, settleDraft } from "./draft.ts";
import { EarlyTests, refusedDraft } from "./early-tests.ts";
import { renderConfig } from "./render-config.ts";
import { askUntilGood, type Tested, testedAll } from "./test-answers.ts";

type Interview = {
  /** Of the configuration. */
  readonly text: string;
  /** Names of environment variables that it names. */
  readonly variables: readonly string[];
  /** What came of testing the answers that were kept. */
  readonly lines: readonly DiagnosisLine[];
};

/**
 * @param place.file Where the configuration will stand. @param place.schemaFile Name of the schema beside it.
 * @throws {BatchError} interrupted
 */
export async function interview(
  program: Program,
  questions: Questions,
  { file, schemaFile }: { readonly file: string; readonly schemaFile: string },
): Promise<Interview> {
  const { environment } = program;
  const early = new EarlyTests({ program, questions, file });
  const tenant = await askUntilGood<DraftTenant>(program, questions, {
    ask(before) {
      early.begin();
      return askTenant(questions, { file, environment, askTested: early.askTenantPart }, before);
    },
    test: async (answers) => early.wholeOf(await testTenant(program, answers, file)),
  });
  const directories: DraftDirectory[] = [];
  const lines = [...tenant.lines];
  const refusals = new Map<string, Failed>();
  do {
    const earlier = directories.length;
    let learnt: string | null = null;
    const directory = await askUntilGood<DraftDirectory>(program, questions, {
      ask(before) {
        early.begin();
        return askDirectory(questions, { file, environment, earlier, askTested: early.askDirectoryPart }, before);
      },
      async test(answers) {
        const draft = { tenant: tenant.answers, directories: [...directories, answers] };
        const { domain, tested } = await testDirectory(program, questions, { draft, file, refusals });
        learnt = domain;
        return early.wholeOf(tested);
      },
    });
    directories.push(withDomain(directory.answers, learnt));
    lines.push(...directory.lines);
  } while (await questions.confirm({ message: "Is there another domain to read?", initial: false }));
  const draft = { tenant: tenant.answers, directories };
  const origin = `hardmatch ${program.version} on ${program.clock.now().toISOString().slice(0, 10)}`;
  return { text: renderConfig(draft, schemaFile, origin), variables: listVariables(draft), lines };
}

async function testTenant(program: Program, tenant: DraftTenant, file: string): Promise<Tested> {
  const { settings, problems } = settleDraft({ tenant, directories: [] }, file);
  return settings === null ? refusedDraft(problems) : testedOf(await examineTenant(program, settings));
}

/** Settings that are refused before anything connects are wrong answers. */
function testedOf({ facts, lines }: Examined<unknown>): Tested {
  return { ...testedAll(lines), isWorthAgain: facts !== null };
}

/** The last of the draft's directories; the others have been looked at before. */
async function testDirectory(
  program: Program,
  questions: Questions,
  { draft, file, refusals }: { draft: Draft; file: string; refusals: Map<string, Failed> },
): Promise<{ readonly tested: Tested; readonly domain: string | null }> {
  const { settings, problems } = settleDraft(draft, file);
  const directory = settings?.directories.at(-1);
  if (settings === null || directory === undefined) return { tested: refusedDraft(problems), domain: null };
  const account = accountOf(directory);
  const refused = account === null ? undefined : refusals.get(account);
  const failedBefore = refused !== undefined && !(await isToSignInAgain(questions)) ? refused : null;
  const [examined = { facts: null, lines: [] }] = await examineDirectories(
    program,
    settings,
    [directory],
    failedBefore,
  );
  const { facts } = examined;
  const failed = facts?.kind === "live" && facts.bind.state === "failed" ? facts.bind : null;
  if (account !== null && failed?.code === "directory") refusals.set(account, failed);
  const identity = facts?.identity;
  return { tested: testedOf(examined), domain: identity?.state === "found" ? identity.found.domain : null };
}

/** Whose wrong passwords are counted; `null` where there are none to count. */
function accountOf(directory: DirectorySettings): string | null {
  return directory.kind === "live" && directory.signIn.method === "simple" ? foldCase(directory.signIn.bindDn) : null;
}

async function isToSignInAgain(questions: Questions): Promise<boolean> {
  return await questions.confirm({
    message: "This account was refused once, and a few wrong passwords lock it out. Sign in again?",
    initial: false,
  });
}

/** With the name that the forest has for it, where none was given: rows can then name it, and a typo in url shows. */
function withDomain(directory: DraftDirectory, learnt: string | null): DraftDirectory {
  return "url" in directory && directory.domain === undefined && learnt !== null
    ? { ...directory, domain: learnt }
    : directory;
}

function listVariables({ tenant, directories }: Draft): string[] {
  const pairs = [tenant.auth, ...directories].flatMap((part) => Object.entries(part));
  const names = pairs.flatMap(([key, value]) => (key.endsWith("Env") && typeof value === "string" ? [value] : []));
  return [...new Set(names)];
}
