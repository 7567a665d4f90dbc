/**
 * The text of a new `hardmatch.yaml`: every answer with a word on what it means, and what else could stand there.
 *
 * It is written for whoever opens it a year later. Values are quoted by the YAML library, so that none of
 * them can be read as anything else.
 */
import { stringify } from "yaml";
import { ANCHOR_MODES } from "../../core/source-anchor.ts";
import { DEFAULT_SOURCE_KEY, SOURCE_KEYS } from "../../core/source-key.ts";
import { describeKeys } from "../config-schema.ts";
import type { Draft, DraftDirectory, DraftTenant } from "./draft.ts";

/**
 * @param schemaFile Name of the JSON Schema beside it.
 * @param origin Who wrote it and when: `hardmatch 0.1.0 on 2026-11-25`.
 */
export function renderConfig(draft: Draft, schemaFile: string, origin: string): string {
  return [
    `# yaml-language-server: $schema=./${schemaFile}`,
    `# Written by ${origin} (hardmatch init). Look at it with: hardmatch doctor`,
    "# No secret stands here, and none may: a variable of the environment, or a file with mode 0600, holds it.",
    "# Relative paths count from this file.",
    "",
    ...renderTenant(draft.tenant),
    "",
    "# One entry for each Active Directory domain.",
    "directories:",
    ...draft.directories.flatMap(renderDirectory),
    "",
    `# Source anchor: ${ANCHOR_MODES.join(" | ")}. auto refuses accounts where the two differ.`,
    "anchor: auto",
    "",
    `# What stands in the mapping's account column: ${SOURCE_KEYS.join(" | ")}`,
    `# sourceKey: ${DEFAULT_SOURCE_KEY}`,
    "",
    "# Writes that the tenant grants this app, and how long to wait; the defaults are Microsoft's own.",
    "# limits:",
    "#   writes: 3000",
    "#   windowSeconds: 150",
    "#   inFlight: 16",
    "#   requestTimeoutSeconds: 60",
    "",
  ].join("\n");
}

function renderTenant({ auth, ...tenant }: DraftTenant): string[] {
  return [
    "tenant:",
    ...renderPairs("  ", tenant, describeKeys("tenant")),
    "  auth:",
    ...renderPairs("    ", auth, describeKeys("auth", auth.method)),
  ];
}

function renderDirectory(directory: DraftDirectory): string[] {
  const [first = "", ...others] = renderPairs("    ", directory, describeKeys("directory"));
  return [first.replace(/^ {4}/, "  - "), ...others];
}

/** Those that are there, in the order of the schema. */
function renderPairs(indent: string, values: object, words: ReadonlyMap<string, string>): string[] {
  const typed: Readonly<Record<string, unknown>> = { ...values };
  return Array.from(words).flatMap(([key, says]) =>
    typed[key] === undefined ? [] : [renderPair(indent, key, typed[key], says)],
  );
}

function renderPair(indent: string, key: string, value: unknown, says: string): string {
  const text = Array.isArray(value)
    ? `[${value.map((each) => renderScalar(each, true)).join(", ")}]`
    : renderScalar(value, false);
  return `${indent}${key}: ${text} # ${says}`;
}

/** @param inList Between brackets more characters mean something. */
function renderScalar(value: unknown, inList: boolean): string {
  const plain = stringify(value, { lineWidth: 0 }).trimEnd();
  return inList || plain.includes("\n") ? JSON.stringify(value) : plain;
}
