/** The command to run next, ready to be copied. */
import type { GlobalValues } from "./options.ts";
import { renderCommandLine } from "./render/command-line.ts";

export function nextCommand({ config }: Pick<GlobalValues, "config">, ...words: readonly string[]): string {
  return renderCommandLine(["hardmatch", ...words, ...(config === undefined ? [] : ["--config", config])]);
}
