/** Who may import whom. The rule is `src/README.md`'s, section "Layers"; this is what enforces it. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { posix } from "node:path";
import { expect, test } from "vitest";

/** Specifiers that a layer may import beside its own folder, seen from a file directly in the layer. */
const MAY_IMPORT: Readonly<Record<string, RegExp>> = {
  core: /^never$/,
  ports: /^core\//,
  stages: /^(core|ports)\/|^p-limit$/,
  "adapters/csv": /^(core|ports)\/|^node:|^csv-(parse|stringify)/,
  "adapters/ad-export": /^(core|ports)\/|^node:|^csv-parse/,
  "adapters/ldap": /^(core|ports)\/|^node:|^ldapts$|^p-limit$/,
  "adapters/graph": /^(core|ports)\/|^node:|^@microsoft\/microsoft-graph-|^@azure\/|^p-limit$|^zod$/,
  "adapters/prompts": /^(core|ports)\/|^node:|^@clack\/prompts$/,
  "adapters/powershell": /^(core|ports)\/|^node:/,
  "adapters/run-folder": /^(core|ports)\/|^node:|^zod$/,
  "adapters/log": /^(core|ports)\/|^node:|^pino$/,
  "adapters/report": /^(core|ports)\/|^node:/,
  "adapters/system": /^(core|ports)\/|^node:/,
  sim: /^node:|^ldapts$/,
  composition: /^(core|ports|stages|adapters|cli)\/|^node:/,
  cli: /^core\/|^node:|^commander$|^yaml$|^zod$/,
};

/** Types cost nothing at run time and tie no knot: the CLI may name the shapes of what it is handed. */
const MAY_IMPORT_TYPES: Readonly<Record<string, RegExp>> = { cli: /^(ports|stages)\/|^pipeline\.ts$/ };

const IMPORT =
  /^(?:import|export)\s+(type\s)?[^;]*?\bfrom\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/gm;

function listSources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `${folder}/${name}`);
}

/** What a file imports, seen from src/: `core/plan.ts`, `node:fs`. */
function importsOf(file: string): { readonly specifier: string; readonly typeOnly: boolean }[] {
  const folder = posix.relative("src", posix.dirname(file));
  return Array.from(readFileSync(file, "utf8").matchAll(IMPORT), ([, type, from, bare, dynamic]) => {
    const specifier = from ?? bare ?? dynamic ?? "";
    const path = specifier.startsWith(".") ? posix.join(folder, specifier) : specifier;
    return { specifier: path, typeOnly: type !== undefined };
  });
}

for (const [layer, allowed] of Object.entries(MAY_IMPORT)) {
  test(`src/${layer} imports only what its layer may`, () => {
    const files = listSources(`src/${layer}`);
    expect(files).not.toEqual([]);
    const forbidden = files.flatMap((file) =>
      importsOf(file)
        .filter(({ specifier }) => !specifier.startsWith(`${layer}/`) && !allowed.test(specifier))
        .filter(({ specifier, typeOnly }) => !(typeOnly && MAY_IMPORT_TYPES[layer]?.test(specifier)))
        .map(({ specifier }) => `${file} imports ${specifier}`),
    );
    expect(forbidden).toEqual([]);
  });
}

test("the pipeline imports core, ports, stages and nothing else", () => {
  const forbidden = importsOf("src/pipeline.ts").filter(({ specifier }) => !/^(core|ports|stages)\//.test(specifier));
  expect(forbidden).toEqual([]);
});

test("only the composition root imports adapters, and only its main file the simulation", () => {
  const importersOf = (folder: string) =>
    listSources("src").filter(
      (file) =>
        !file.startsWith(`src/${folder}/`) &&
        importsOf(file).some(({ specifier }) => specifier.startsWith(`${folder}/`)),
    );
  const adapters = importersOf("adapters").filter((file) => !file.startsWith("src/composition/"));
  expect([adapters, importersOf("sim")]).toEqual([["src/main.ts"], ["src/main.ts"]]);
});

test("every folder of src has a rule", () => {
  const folders = readdirSync("src").flatMap((name) => {
    if (!statSync(`src/${name}`).isDirectory()) return [];
    return name === "adapters" ? readdirSync("src/adapters").map((adapter) => `adapters/${adapter}`) : [name];
  });
  expect(folders.filter((folder) => !(folder in MAY_IMPORT))).toEqual([]);
});

test("every file that the pipeline's layers name exists", () => {
  const missing = listSources("src").flatMap((file) =>
    importsOf(file)
      .filter(({ specifier }) => specifier.endsWith(".ts") && !existsSync(`src/${specifier}`))
      .map(({ specifier }) => `${file} imports ${specifier}`),
  );
  expect(missing).toEqual([]);
});
