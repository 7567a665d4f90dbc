#!/usr/bin/env node
/**
 * What runs when `hardmatch` is typed. It only looks at the Node version, in words that an old Node still
 * understands, before anything is loaded that it would not.
 */
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
    const { main } = await import("./main.ts");
    await main(process.argv.slice(2));
  }
}
