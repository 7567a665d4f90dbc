/**
 * Says why the tests against a real domain cannot run on this machine.
 *
 * They need Debian packages and the LDAP ports, so a machine without them leaves the suite out, and says so: a suite
 * that vanishes without a word looks like one that passed. With HARDMATCH_REQUIRE_SAMBA=1, as CI sets it, leaving it
 * out is a failure.
 */
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, test } from "vitest";

const PROGRAMS = ["samba", "samba-tool", "ldbadd", "ldbmodify", "ldapsearch", "openssl"] as const;

const INSTALL =
  "apt-get install -y --no-install-recommends samba-ad-dc samba samba-ad-provision samba-dsdb-modules " +
  "samba-vfs-modules winbind ldb-tools ldap-utils krb5-user openssl";

/** Why no Samba domain can be started here, with the way to get one; null when it can. */
export function sambaMissing(): string | null {
  if (process.platform !== "linux") return "Samba AD DC is tried on Debian only";
  const absent: string[] = PROGRAMS.filter((name) => findProgram(name) === null);
  if (findLdbModules() === null) absent.push("Samba's ldb modules");
  if (!existsSync("/usr/share/samba/setup/provision.ldif")) absent.push("Samba's provision files");
  if (absent.length > 0) return `not installed: ${absent.join(", ")}; get it with: ${INSTALL}`;
  if (process.getuid?.() !== 0) return "a domain controller listens on ports 389 and 636; run the tests as root";
  return null;
}

/** Where the program is: on PATH, or in the system folders that an ordinary user's PATH leaves out. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/** The folder of the modules that make ldb an Active Directory; its name holds the machine's architecture. */
export function findLdbModules(): string | null {
  const folders = readdirSync("/usr/lib").map((name) => join("/usr/lib", name, "samba", "ldb"));
  return folders.find((folder) => existsSync(join(folder, "samba_dsdb.so"))) ?? null;
}

/**
 * A `describe` for tests that start a Samba domain. Without Samba it is skipped with one line that says how to get it,
 * or, with HARDMATCH_REQUIRE_SAMBA=1, failed with the same line.
 */
export function describeWithSamba(title: string, body: () => void): void {
  const reason = sambaMissing();
  const line = `left out: ${title}: ${reason}`;
  if (reason !== null && process.env.HARDMATCH_REQUIRE_SAMBA === "1") {
    test(`${title} can run, as HARDMATCH_REQUIRE_SAMBA=1 demands`, () => {
      throw new Error(line);
    });
    return;
  }
  if (reason !== null) console.log(line);
  describe.skipIf(reason !== null)(title, body);
}
