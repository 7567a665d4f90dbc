#!/usr/bin/env node
/**
 * What runs when `hardmatch` is typed. It only looks at the Node version, in words that an old Node still
 * understands, before anything is loaded that it would not.
 */
import { setFlagsFromString } from "node:v8";

const NEEDED_MAJOR = 24;

const major = Number(process.versions.node.split(".")[0]);
if (major < NEEDED_MAJOR) {
  process.stderr.write(
    `hardmatch needs Node ${NEEDED_MAJOR} or newer; this is Node ${process.versions.node} (${process.execPath}). Nothing was done.\n`,
  );
  process.exitCode = 2;
} else {
  const [first, ...others] = process.argv.slice(2);
  if (first === "--version" && others.length === 0) {
    // The commonest question of a machine about a program: it need not load the program.
    const { readVersion } = await import("./version.ts");
    process.stdout.write(`${readVersion()}\n`);
  } else {
    keepHeapSmall();
    const { main } = await import("./main.ts");
    await main(process.argv.slice(2));
  }
}

/**
 * Lets garbage stand for a seventh of what is alive, where V8 would let it become several times as much before it is
 * collected, new objects fill one MiB instead of up to 32, and half-empty pages be given back. A plan of 10,000 rows took
 * half of the memory then, for a fifth more computing, which is little beside the waiting for the tenant. A size of the
 * heap that the user of Node has set stays as it is.
 */
function keepHeapSmall(): void {
  setFlagsFromString("--heap-growing-percent=15");
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--optimize-for-size");
}
