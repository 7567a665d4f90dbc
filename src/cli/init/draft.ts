/** A configuration in the making: what was answered so far, in the words of the file, and what it means. */
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { z } from "zod";
import { type ConfigProblem, crossCheck, describeEndpointProblem, describeIssue } from "../config-problems.ts";
import { configSchema, FIELDS } from "../config-schema.ts";
import { type Settings, settingsFrom } from "../settings.ts";

/** As it is typed: without defaults. */
export type DraftTenant = z.input<typeof configSchema>["tenant"];
export type DraftDirectory = z.input<typeof configSchema>["directories"][number];
export type Draft = { readonly tenant: DraftTenant; readonly directories: readonly DraftDirectory[] };

/** While the tenant is asked for, there is no directory yet. */
const draftSchema = configSchema.extend({ directories: z.array(configSchema.shape.directories.element) });

/** @param file Where the configuration will stand: relative paths count from it. */
export function settleDraft(
  draft: Draft,
  file: string,
): { readonly settings: Settings | null; readonly problems: readonly string[] } {
  const parsed = draftSchema.safeParse(draft);
  const problems: ConfigProblem[] = parsed.success
    ? []
    : parsed.error.issues.flatMap((issue) => describeIssue(issue, draft));
  problems.push(...crossCheck(draft));
  const settings = parsed.success ? settingsFrom(parsed.data, file, problems) : null;
  return {
    settings: problems.length === 0 ? settings : null,
    problems: problems.map(({ path, text }) => `${path.map(String).join(".")} ${text}`),
  };
}

/** Checks of single answers: `null` where the answer is right, else what is wrong with it. */
export const CHECKS = {
  tenantId: (answer: string) => checkField(FIELDS.tenantId, answer),
  clientId: (answer: string) => checkField(FIELDS.clientId, answer),
  variable: (answer: string) => checkField(FIELDS.environmentName, answer),
  domain: (answer: string) => checkField(FIELDS.domain, answer),
  endpoint: (answer: string) => {
    if (answer === "") return "It must not be empty.";
    const problem = describeEndpointProblem(answer);
    return problem === null ? null : `It ${problem}.`;
  },
  text: (answer: string) => (answer === "" ? "It must not be empty." : null),
  anything: () => null,
} as const satisfies Readonly<Record<string, (answer: string) => string | null>>;

/** The same check, where the answer may also be left out. */
export function orNothing(check: (answer: string) => string | null): (answer: string) => string | null {
  return (answer) => (answer === "" ? null : check(answer));
}

/** @param file As in {@link settleDraft}. */
export function checkPresent(file: string): (answer: string) => string | null {
  return (answer) => {
    if (answer === "") return "It must not be empty.";
    const path = resolve(dirname(file), answer);
    return existsSync(path) ? null : `There is no file ${path}.`;
  };
}

type Scheme = "ldap" | "ldaps";

/** Domain controllers, one or several with commas, each a host or a URL of that scheme. */
export function checkUrls(scheme: Scheme): (answer: string) => string | null {
  return (answer) => {
    const urls = splitUrls(answer, scheme);
    if (urls.length === 0) return "It must not be empty.";
    const wrong = urls.find((url) => checkField(FIELDS.ldapUrl, url) !== null);
    if (wrong !== undefined) return checkField(FIELDS.ldapUrl, wrong);
    const other = urls.find((url) => !url.toLowerCase().startsWith(`${scheme}://`));
    return other === undefined ? null : `${other} is another way than the one chosen before, which is ${scheme}://.`;
  };
}

export function splitUrls(answer: string, scheme: Scheme): string[] {
  const parts = answer.split(/[\s,;]+/).filter((part) => part !== "");
  return parts.map((part) => (part.includes("://") ? part : `${scheme}://${part}`));
}

function checkField(schema: z.ZodType, answer: string): string | null {
  const parsed = schema.safeParse(answer);
  return parsed.success ? null : `It ${parsed.error.issues[0]?.message ?? "cannot be that"}.`;
}
