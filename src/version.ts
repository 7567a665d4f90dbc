/** The program's version, from its package: read without anything else of the program being loaded. */
import { readFileSync } from "node:fs";

/** @throws {Error} The package has none. */
export function readVersion(): string {
  const text: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  if (typeof text === "object" && text !== null && "version" in text && typeof text.version === "string")
    return text.version;
  throw new Error("package.json has no version");
}
