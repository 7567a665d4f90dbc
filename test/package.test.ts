/** What goes out to whoever installs the program, and what comes in with it. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");
/** Licences under which the program may be handed on, whole and by anybody. */
const FREE = ["MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "0BSD", "BlueOak-1.0.0"];
/** What an operator has lying around in a checkout. */
const OWN = ["mappings/people-of-contoso.csv", "hardmatch.yaml", "runs/a/run.sqlite", "app.pem", ".env"];

type LockedPackage = { readonly dev?: boolean; readonly license?: string; readonly hasInstallScript?: boolean };

let folder: string;
let packed: string[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hardmatch-package-"));
  for (const name of [
    "package.json",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    ".gitignore",
    "dist",
    "docs",
    "schemas",
    "takeover",
    "mappings",
    "src",
    "test",
    "fixtures",
  ])
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  for (const name of OWN) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), "somebody's own\n");
  }
  const words = ["pack", "--dry-run", "--json", "--ignore-scripts", "--offline"];
  const [listing] = JSON.parse(
    execFileSync("npm", words, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
  );
  packed = listing.files.map(({ path }: { readonly path: string }) => path).sort();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("E17: the package holds the program, its documents and the example mapping, and nothing that lies beside them", () => {
  expect(existsSync(join(ROOT, "dist/bin.js")), "dist/ is made by npm run build").toBe(true);
  const named = packed.filter((path) => !/^(?:dist|docs|schemas)\//.test(path));
  expect(named).toEqual([
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "mappings/README.md",
    "mappings/example.csv",
    "package.json",
    "takeover/attributes.yaml",
  ]);
  expect(packed).toContain("dist/bin.js");
  expect(
    packed
      .filter((path) => path !== "takeover/attributes.yaml")
      .filter((path) => /\.test\.|(?:^|\/)(?:test|fixtures|runs)\/|\.(?:sqlite|pem|key|env|yaml|ndjson)$/.test(path)),
  ).toEqual([]);
});

test("E17: no file of the package holds a key, a token or a path of the machine that made it", () => {
  const secrets = /-----BEGIN [A-Z ]*PRIVATE KEY-----\n|\beyJ[\w-]{20,}\.[\w-]{20,}\.|ghp_\w{30}|AKIA[0-9A-Z]{16}/;
  for (const path of packed) {
    const text = readFileSync(join(folder, path), "latin1");
    expect(secrets.test(text), path).toBe(false);
    expect(text.includes(ROOT), path).toBe(false);
  }
});

test("E17: installing runs no script, of the program or of anything that comes with it", () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  expect(Object.keys(scripts).filter((name) => /^(?:pre|post)?install$/.test(name))).toEqual([]);
  const running = lockedPackages().filter(([, { dev, hasInstallScript }]) => dev !== true && hasInstallScript === true);
  expect(running.map(([name]) => name)).toEqual([]);
});

test("E17: everything that comes with the program is under a free licence", () => {
  const coming = lockedPackages().filter(([, { dev }]) => dev !== true);
  console.log(`packages that come with the program: ${coming.length}`);
  expect(coming.length).toBeGreaterThan(10);
  expect(
    coming
      .filter(([, { license }]) => !FREE.includes(license ?? ""))
      .map(([name, { license }]) => `${name}: ${license}`),
  ).toEqual([]);
});

test("the packed program, unpacked beside nothing but what comes with it, runs the demonstration", () => {
  const place = join(folder, "installed");
  mkdirSync(place);
  const words = ["pack", "--json", "--ignore-scripts", "--offline", "--pack-destination", place];
  const [{ filename }] = JSON.parse(
    execFileSync("npm", words, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
  );
  const program = join(place, "node_modules/hardmatch");
  mkdirSync(program, { recursive: true });
  execFileSync("tar", ["-xzf", join(place, filename), "--strip-components=1", "-C", program]);
  for (const [name] of lockedPackages().filter(
    ([path, { dev }]) => dev !== true && !/node_modules.*node_modules/.test(path),
  )) {
    mkdirSync(dirname(join(place, name)), { recursive: true });
    symlinkSync(join(ROOT, name), join(place, name));
  }
  const shown = execFileSync(process.execPath, [join(program, "dist/bin.js"), "demo"], {
    cwd: place,
    encoding: "utf8",
  });
  expect(shown).toMatch(/^All \d+ checks held\.$/m);
}, 600_000);

/** Without the program itself. */
function lockedPackages(): [string, LockedPackage][] {
  const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
  return Object.entries<LockedPackage>(packages).filter(([name]) => name !== "");
}
