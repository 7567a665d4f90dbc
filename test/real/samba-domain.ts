/**
 * A real Active Directory domain for the tests: Samba's domain controller as a child of the test process.
 *
 * The simulated directory answers as we understood the documents; this one answers as an independent implementation of
 * them does. It lives in a temporary folder with a configuration of its own, listens on one loopback address, offers
 * LDAP only, and never reads or writes the configuration or the folders of the system's Samba.
 *
 * Source: smb.conf(5) and samba-tool(8) of Samba 4.17, tried on Debian 12, 2026-11.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CertificateFiles, makeCertificate } from "./certificate.ts";
import { formatLdif, type SambaEntry } from "./ldif.ts";
import { runProgramOrThrow } from "./run-program.ts";
import { findLdbModules } from "./samba-missing.ts";
import { refuseTakenPorts, startServer, stopServer } from "./samba-server.ts";

export { sambaMissing } from "./samba-missing.ts";

export interface SambaOptions {
  /** Kerberos realm, the DNS name in capitals: `CORP.CONTOSO.EXAMPLE`. */
  readonly realm: string;
  /** The domain's short name: `CORP`. */
  readonly netbiosName: string;
  /** Loopback address to listen on. Domains side by side, and test files that may run at once, need one each. */
  readonly address?: string;
  /** Created before the server starts (about 100 users a second), parents first. */
  readonly entries: readonly SambaEntry[];
}

export interface SambaDomain {
  /** `ldaps://address`: the certificate is for `serverName`, so a client must ask for that name. */
  readonly url: string;
  /** `ldap://address`: simple bind is refused with code 8 until StartTLS. */
  readonly plainUrl: string;
  readonly caFile: string;
  readonly baseDn: string;
  readonly netbiosName: string;
  readonly dnsName: string;
  /** An administrator, as a UPN. */
  readonly bindDn: string;
  readonly password: string;
  /** The domain controller's DNS name, the only one in its certificate. */
  readonly serverName: string;
  /** Applies LDIF with `changetype:` lines to the directory's files, while the server runs. Throws what ldbmodify said. */
  ldbModify(ldif: string): Promise<void>;
  /** What ldbsearch prints of the directory's files, for entries with these attributes; all of them for none. */
  ldbSearch(filter: string, attributes?: readonly string[]): Promise<string>;
  /** Stops the server by its process id and removes the folder. May be called twice. */
  close(): Promise<void>;
}

const PASSWORD = "Passw0rd!xyz";

/**
 * Provisions a domain (about 7 s), loads the entries and starts the server (about 1 s).
 *
 * @throws {Error} Something listens on the address's LDAP ports already; or a program failed, with what it said.
 *   Nothing is left running and no folder is left behind.
 */
export async function startSambaDomain(options: SambaOptions): Promise<SambaDomain> {
  const { realm, netbiosName, entries, address = "127.0.0.1" } = options;
  await refuseTakenPorts(address);
  const folder = mkdtempSync(join(tmpdir(), "hardmatch-samba-"));
  const dnsName = realm.toLowerCase();
  const serverName = `dc1.${dnsName}`;
  const baseDn = dnsName.replace(/^|\./g, (dot) => (dot === "" ? "DC=" : ",DC="));
  try {
    const certificate = await makeCertificate(folder, serverName, address);
    const configFile = join(folder, "smb.conf");
    writeFileSync(configFile, formatConfig({ folder, realm, netbiosName, address, certificate }));
    await provision(folder, configFile, realm, netbiosName);
    const changeLdb = (program: string, ldif: string) => runLdb(program, folder, configFile, ldif);
    if (entries.length > 0) await changeLdb("ldbadd", formatLdif(entries, baseDn));
    const server = await startServer(configFile, address);
    const abandon = () => {
      server.child.kill("SIGTERM");
      removeFolder(folder);
    };
    process.once("exit", abandon); // for a test that never got as far as close()
    return {
      url: `ldaps://${address}`,
      plainUrl: `ldap://${address}`,
      caFile: certificate.caFile,
      baseDn,
      netbiosName,
      dnsName,
      bindDn: `administrator@${dnsName}`,
      password: PASSWORD,
      serverName,
      ldbModify: (ldif) => changeLdb("ldbmodify", ldif),
      ldbSearch: (filter, attributes = []) =>
        runOnLdb("ldbsearch", folder, configFile, ["-b", baseDn, filter, ...attributes]),
      async close() {
        await stopServer(server);
        removeFolder(folder);
        process.off("exit", abandon);
      },
    };
  } catch (error) {
    removeFolder(folder);
    throw error;
  }
}

/** Tries again for two seconds where Samba, on its way out, still writes. */
function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 6, retryDelay: 100 });
}

/** The whole configuration: every folder that would default to the system's is named. */
function formatConfig(domain: {
  folder: string;
  realm: string;
  netbiosName: string;
  address: string;
  certificate: CertificateFiles;
}): string {
  const { folder, certificate } = domain;
  return `[global]
    server role = active directory domain controller
    server services = ldap
    realm = ${domain.realm}
    workgroup = ${domain.netbiosName}
    netbios name = DC1
    interfaces = ${domain.address}/8
    bind interfaces only = yes
    private dir = ${folder}/private
    state directory = ${folder}/state
    cache directory = ${folder}/cache
    lock directory = ${folder}/lock
    pid directory = ${folder}/run
    ncalrpc dir = ${folder}/ncalrpc
    binddns dir = ${folder}/bind-dns
    log file = ${folder}/log.samba
    tls cafile = ${certificate.caFile}
    tls certfile = ${certificate.certificateFile}
    tls keyfile = ${certificate.keyFile}
`;
}

/** Creates the domain's database below `folder`. The configuration that samba-tool writes beside it is not used. */
async function provision(folder: string, configFile: string, realm: string, netbiosName: string): Promise<void> {
  for (const name of ["cache", "lock", "run"]) mkdirSync(join(folder, name), { mode: 0o755 });
  await runProgramOrThrow("samba-tool", [
    ...["domain", "provision", `--configfile=${configFile}`, `--targetdir=${folder}`, "--host-name=dc1"],
    ...[`--realm=${realm}`, `--domain=${netbiosName}`, "--server-role=dc", "--dns-backend=NONE"],
    `--adminpass=${PASSWORD}`,
  ]);
}

async function runLdb(program: string, folder: string, configFile: string, ldif: string): Promise<void> {
  const ldifFile = join(folder, `${program}.ldif`);
  writeFileSync(ldifFile, ldif);
  await runOnLdb(program, folder, configFile, [ldifFile]);
}

/** Runs one of ldb's programs on the domain's files. @returns What it printed. */
async function runOnLdb(
  program: string,
  folder: string,
  configFile: string,
  words: readonly string[],
): Promise<string> {
  const database = join(folder, "private", "sam.ldb");
  const { stdout } = await runProgramOrThrow(program, [`--configfile=${configFile}`, "-H", database, ...words], {
    LDB_MODULES_PATH: findLdbModules() ?? "",
  });
  return stdout;
}
