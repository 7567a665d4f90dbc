/** A domain controller whose certificate or TLS is not what it must be: nobody signs in to it. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, type SecureVersion, type TlsOptions } from "node:tls";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openLdapDirectory } from "../../../src/adapters/ldap/ldap-directory.ts";
import { type SettingsChanges, settingsFor } from "./settings.ts";

const never = new AbortController().signal;
const HOST = "dc1.corp.contoso.example";

type Pair = { readonly cert: string; readonly key: string };
type Wanted = { readonly name: string; readonly signer?: Pair; readonly validity?: readonly string[] };

let folder: string;
let authority: Pair;
let stranger: Pair;
const made: Record<string, Pair> = {};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hardmatch-server-certificate-"));
  authority = make({ name: "authority.contoso.example" });
  stranger = make({ name: "stranger.contoso.example" });
  made.good = make({ name: HOST, signer: authority });
  made.foreign = make({ name: HOST, signer: stranger });
  made.misnamed = make({ name: "dc2.corp.contoso.example", signer: authority });
  made.selfSigned = make({ name: HOST });
  made.expired = make({
    name: HOST,
    signer: authority,
    validity: ["-startdate", "20250101000000Z", "-enddate", "20250201000000Z"],
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A key and its certificate by the openssl program, signed by itself where no signer is given. */
function make({ name, signer, validity = ["-days", "2"] }: Wanted): Pair {
  const path = (file: string) => join(folder, file);
  const openssl = (...words: string[]) =>
    execFileSync("openssl", words, { stdio: ["ignore", "pipe", "ignore"], encoding: "utf8" });
  const key = ["-newkey", "rsa:2048", "-nodes", "-keyout", path("key.pem")];
  const subject = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`];
  if (signer === undefined) {
    const cert = openssl("req", "-x509", ...key, ...subject, "-days", "2");
    return { cert, key: readFileSync(path("key.pem"), "utf8") };
  }
  openssl("req", ...key, ...subject, "-out", path("request.pem"));
  writeFileSync(path("signer.pem"), signer.cert);
  writeFileSync(path("signer.key"), signer.key);
  writeFileSync(path("index.txt"), "");
  writeFileSync(path("serial"), "1000\n");
  writeFileSync(
    path("ca.cnf"),
    `[ca]\ndefault_ca=own\n[own]\ndatabase=${path("index.txt")}\nserial=${path("serial")}\nnew_certs_dir=${folder}\ndefault_md=sha256\npolicy=any\ncopy_extensions=copy\nunique_subject=no\n[any]\ncommonName=supplied\n`,
  );
  const signing = ["-config", path("ca.cnf"), "-cert", path("signer.pem"), "-keyfile", path("signer.key")];
  const cert = openssl("ca", "-batch", "-notext", ...signing, "-in", path("request.pem"), ...validity);
  return { cert, key: readFileSync(path("key.pem"), "utf8") };
}

/** @returns What came of a sign-in to such a server, and what the server could read of it. */
async function signIn(options: TlsOptions, changes: SettingsChanges = {}) {
  let read = 0;
  const server = createServer(options, (socket) => {
    socket.on("error", () => socket.destroy());
    socket.on("data", (bytes: Buffer) => {
      read += bytes.length;
      socket.destroy();
    });
  });
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const settings = { ca: authority.cert, serverName: HOST, retryPausesMs: [], ...changes };
  const directory = openLdapDirectory(settingsFor(`ldaps://127.0.0.1:${port}`, settings));
  onTestFinished(() => directory.close());
  const error: unknown = await directory.identify(never).catch((thrown: unknown) => thrown);
  return { error, read: () => read };
}

test("a certificate of the named authority for the expected name is trusted", async () => {
  const { read } = await signIn({ ...made.good });
  expect(read()).toBeGreaterThan(0);
});

const refused: readonly [title: string, pair: string, changes: () => SettingsChanges, says: RegExp][] = [
  ["that has expired", "expired", () => ({}), /expired/],
  ["that it has signed itself", "selfSigned", () => ({}), /not trusted/],
  ["of another authority", "foreign", () => ({}), /not trusted/],
  ["of an authority that nobody has named", "good", () => ({ ca: null }), /not trusted/],
  ["for another name", "misnamed", () => ({}), /certificate is not for dc1/],
  ["for a name, reached by its address", "good", () => ({ serverName: null }), /certificate is not for 127/],
];
test.each(refused)(
  "B16: a domain controller with a certificate %s is sent nothing",
  async (_title, pair, changes, says) => {
    const { error, read } = await signIn({ ...made[pair] }, changes());
    expect(error).toMatchObject({ name: "BatchError", code: "directory", message: expect.stringMatching(says) });
    expect(read()).toBe(0);
  },
);

test.each<SecureVersion>(["TLSv1", "TLSv1.1"])(
  "B16: a domain controller that speaks only %s is sent nothing",
  async (version) => {
    const old = { minVersion: version, maxVersion: version, ciphers: "DEFAULT:@SECLEVEL=0" };
    const { error, read } = await signIn({ ...made.good, ...old });
    expect(error).toMatchObject({ name: "BatchError", code: "directory", message: expect.stringMatching(/TLS/) });
    expect(read()).toBe(0);
  },
);
