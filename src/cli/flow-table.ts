/**
 * Reads a table of attribute flows: the one that comes with the program, or an operator's own.
 *
 * A flow that is misspelt and passed over would preview nothing for that attribute, and "nothing changes" would be
 * believed. So everything that is not understood is refused with its place.
 */
import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { describeError } from "../core/errors.ts";
import {
  COMPARISONS,
  comparisonsOf,
  FLOW_SOURCES,
  FLOW_TARGETS,
  type FlowTable,
  fitsComparison,
  WHEN_EMPTY,
} from "../core/takeover-flows.ts";
import { type ConfigProblem, describeIssue } from "./config-problems.ts";
import { decodeYaml, parseYaml, refuseYaml, type YamlFile } from "./yaml-file.ts";

const MOST_BYTES = 1024 * 1024;

const flowSchema = z.strictObject({
  from: z.enum(FLOW_SOURCES),
  to: z.enum(FLOW_TARGETS),
  compare: z.enum(COMPARISONS),
  whenEmpty: z.enum(WHEN_EMPTY),
});

const tableSchema = z.strictObject({
  source: z.string().trim().min(1, "must not be empty"),
  checked: z.string().regex(/^[0-9]{4}-[0-9]{2}$/, "must be a year and a month, such as 2026-11"),
  flows: z.array(flowSchema).min(1, "must name at least one flow"),
});

/** The table for the default rules. It stands beside `src` and `dist` alike. */
const BUILT_IN = fileURLToPath(new URL("../../takeover/attributes.yaml", import.meta.url));

/** @throws {BatchError} config: the program's own table is damaged. */
export function readBuiltInFlows(): FlowTable {
  return { ...readFlows(BUILT_IN), file: null };
}

/**
 * An operator's table.
 *
 * @param problems Gets what is wrong with the name of the file in hardmatch.yaml; then the table has no flow.
 * @throws {BatchError} config: it can be read, and has problems; `details` names all of them with their places.
 */
export function readFlowFile(path: string, problems: ConfigProblem[]): FlowTable {
  const trouble = findTrouble(path);
  if (trouble === null) return readFlows(path);
  problems.push({ path: ["takeover"], text: trouble });
  return { file: basename(path), source: "", checked: "", flows: [] };
}

/** As it fits behind the key that names the file. */
function findTrouble(path: string): string | null {
  try {
    const found = statSync(path);
    if (!found.isFile()) return "names something that is no file";
    return found.size > MOST_BYTES ? "names a file that is too long to be a table of attribute flows" : null;
  } catch (error) {
    return `names a file that cannot be read: ${describeError(error)}`;
  }
}

function readFlows(path: string): FlowTable {
  const file = parseYaml(decodeYaml(path, readFileSync(path)));
  if (file.problems.length > 0) throw refuseYaml(path, file);
  const parsed = tableSchema.safeParse(file.typed);
  const problems = parsed.success ? [...checkFlows(parsed.data)] : listIssues(parsed.error, file);
  if (!parsed.success || problems.length > 0) throw refuseYaml(path, { ...file, problems });
  return { file: basename(path), ...parsed.data };
}

function listIssues(error: z.ZodError, { typed }: YamlFile): ConfigProblem[] {
  const listKeys = (path: readonly PropertyKey[]) =>
    Object.keys(path.length === 0 ? tableSchema.shape : path.length === 2 ? flowSchema.shape : {});
  return error.issues.flatMap((issue) => describeIssue(issue, typed, listKeys));
}

/** What the schema cannot see. */
function* checkFlows({ flows }: z.output<typeof tableSchema>): Generator<ConfigProblem> {
  const seen = new Set<string>();
  for (const [index, { from, to, compare }] of flows.entries()) {
    const place = ["flows", index];
    if (seen.has(to)) yield { path: [...place, "to"], text: `names ${to}, which a flow above fills already` };
    seen.add(to);
    const possible = comparisonsOf(to);
    if (!possible.includes(compare))
      yield { path: [...place, "compare"], text: `must be ${possible.join(" or ")} where the flow goes to ${to}` };
    else if (!fitsComparison(from, compare))
      yield { path: [...place, "from"], text: `names ${from}, whose values cannot be compared as ${compare}` };
  }
}
