/** What a plan was asked for, as words of a command line: whoever plans again must not lose a part of it. */
import type { PlanHeader } from "./plan.ts";
import { DEFAULT_SOURCE_KEY } from "./source-key.ts";

/** `--replace --allow purge-deleted-holder`; empty where every option has its usual value. */
export function optionWords(options: PlanHeader["options"]): string[] {
  const { replace, anchor, onConflict, allow, sourceKey, writeTo } = options;
  return [
    ...(writeTo === "cloud" ? [] : ["--write-to", writeTo]),
    ...(replace ? ["--replace"] : []),
    ...(anchor === "auto" ? [] : ["--anchor", anchor]),
    ...(sourceKey === DEFAULT_SOURCE_KEY ? [] : ["--source-key", sourceKey]),
    ...(onConflict.length === 0 ? [] : ["--on-conflict", onConflict.join("+")]),
    ...(allow.length === 0 ? [] : ["--allow", allow.join(",")]),
  ];
}
