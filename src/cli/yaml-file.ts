/** What every YAML file of an operator is read with: values that are plain, and problems with their place. */
import { type Document, isMap, isScalar, LineCounter, parseDocument, visit } from "yaml";
import { BatchError } from "../core/errors.ts";
import type { ConfigProblem } from "./config-problems.ts";

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** A file as it was parsed. */
export type YamlFile = {
  readonly document: Document;
  readonly places: LineCounter;
  /** As plain values; `null` when there are problems. */
  readonly typed: unknown;
  readonly problems: ConfigProblem[];
};

export function parseYaml(source: string): YamlFile {
  const places = new LineCounter();
  const document = parseDocument(source, { lineCounter: places, prettyErrors: false });
  const problems: ConfigProblem[] = document.errors.map(({ message, pos }) => ({
    path: [],
    offset: pos[0],
    text: message,
  }));
  const typed: unknown = problems.length > 0 ? null : readValues(document, problems);
  return { document, places, typed, problems };
}

/** @throws {BatchError} config: it is not UTF-8, which YAML could not be made of without other letters in it. */
export function decodeYaml(path: string, bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch (error) {
    const wide = bytes.includes(0);
    throw new BatchError(
      "config",
      `${path} is ${wide ? "UTF-16 or no text" : "not UTF-8"}. Nothing was read or written.`,
      'Save it as UTF-8: in Notepad with "Encoding: UTF-8", in PowerShell with Out-File -Encoding utf8.',
      { cause: error },
    );
  }
}

/** The document as plain values. A mapping key may be any YAML value; only texts are ours. */
function readValues(document: Document, problems: ConfigProblem[]): unknown {
  visit(document, {
    Alias: (_key, node) => {
      problems.push({
        path: [],
        offset: node.range?.[0] ?? 0,
        text: "aliases (*name) are not understood here; write the value out",
      });
    },
    Pair: (_key, { key }) => {
      if (isScalar(key) && typeof key.value !== "string")
        problems.push({ path: [], offset: key.range?.[0] ?? 0, text: "a key must be a text" });
    },
  });
  return problems.length > 0 ? null : document.toJS();
}

/**
 * All problems of a file in one error; `details` names each as `file:line:column: path: what is wrong`.
 *
 * @param hint What the operator can do beyond the problems themselves.
 */
export function refuseYaml(
  file: string,
  { document, places, problems }: Pick<YamlFile, "document" | "places" | "problems">,
  hint = "Mend what is named, then run the same command again.",
): BatchError {
  const placed = problems.map((problem) => ({
    problem,
    ...places.linePos(problem.offset ?? offsetOf(document, problem.path)),
  }));
  const sorted = placed.toSorted((left, right) => left.line - right.line || left.col - right.col);
  const details = sorted.map(({ problem: { path, text }, line, col }) => {
    const name = path
      .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`))
      .join("");
    return `${file}:${line}:${col}: ${name === "" ? "" : `${name} `}${text}`;
  });
  const count = details.length === 1 ? "a problem" : `${details.length} problems`;
  return new BatchError("config", `${file} has ${count}. Nothing was read or written.`, hint, {
    details: [...new Set(details)],
  });
}

/** Where in the file the path is, or where the nearest thing above it is. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent: unknown = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => isScalar(key) && key.value === last);
      if (pair !== undefined && isScalar(pair.key)) return pair.key.range?.[0] ?? 0;
    }
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range))
      return Number(node.range[0]);
  }
  return 0;
}
