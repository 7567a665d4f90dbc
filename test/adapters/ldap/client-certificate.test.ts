/** Signing in by a client certificate, as a domain controller takes it: bound by TLS itself on LDAPS, by SASL after StartTLS. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { toTlsIdentity } from "../../../src/adapters/ldap/client-certificate.ts";
import { openLdapDirectory } from "../../../src/adapters/ldap/ldap-directory.ts";
import type { ClientCertificate } from "../../../src/adapters/ldap/ldap-settings.ts";
import { startSimulatedDirectory } from "../../../src/sim/directory/server.ts";
import { makeCertificate } from "../../sim/directory/domain-fixture.ts";
import { makeForest } from "./forest-world.ts";
import { settingsFor } from "./settings.ts";

const never = new AbortController().signal;
const PASSPHRASE = "only-for-tests";
let folder: string;
let tls: { cert: string; key: string };
let svc: ClientCertificate;
let stranger: ClientCertificate;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hardmatch-client-certificate-"));
  tls = makeCertificate();
  svc = makeClientCertificate("svc-hardmatch");
  stranger = makeClientCertificate("somebody");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Self-signed: its own certificate is the authority that the server trusts. */
function makeClientCertificate(name: string): ClientCertificate {
  const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
  const subject = ["-subj", `/CN=${name}`, "-addext", "extendedKeyUsage=clientAuth"];
  execFileSync(
    "openssl",
    [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-days",
      "2",
      "-passout",
      `pass:${PASSPHRASE}`,
      ...subject,
      "-keyout",
      key,
      "-out",
      cert,
    ],
    { stdio: "ignore" },
  );
  return { certificate: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8"), passphrase: PASSPHRASE };
}

async function open(certificate: ClientCertificate, { ldaps }: { ldaps: boolean }) {
  const { root } = makeForest();
  const credentials = root.credentials.map((credential) => ({ ...credential, certificateName: "svc-hardmatch" }));
  const server = await startSimulatedDirectory(
    { ...root, credentials },
    { tls, ldaps, requireEncryption: true, clientAuthorities: svc.certificate + stranger.certificate },
  );
  const directory = openLdapDirectory({
    ...settingsFor(server.url, { domain: "CONTOSO", ca: tls.cert, startTls: !ldaps }),
    signIn: { method: "external", certificate: async () => certificate },
  });
  onTestFinished(async () => {
    await directory.close();
    await server.close();
  });
  return { server, directory };
}

test("on LDAPS the certificate has signed in already, and no bind is sent", async () => {
  const { server, directory } = await open(svc, { ldaps: true });
  expect(await directory.findAccounts("sAMAccountName", ["ada"], never)).toHaveLength(1);
  expect(server.ledger.read("bind")).toEqual([]);
});

test("after StartTLS the certificate signs in by SASL EXTERNAL", async () => {
  const { server, directory } = await open(svc, { ldaps: false });
  expect(await directory.findAccounts("sAMAccountName", ["ada"], never)).toHaveLength(1);
  expect(server.ledger.read("bind")).toMatchObject([{ ok: true, encrypted: true, name: "" }]);
});

test.each([true, false])(
  "a certificate of nobody is refused once, and nothing is searched (ldaps: %s)",
  async (ldaps) => {
    const { server, directory } = await open(stranger, { ldaps });
    for (const _ of [1, 2]) {
      await expect(directory.identify(never)).rejects.toMatchObject({ name: "BatchError", code: "directory" });
      await expect(directory.identify(never)).rejects.toThrow(/client certificate/);
    }
    expect(server.ledger.read("connect")).toHaveLength(1);
    expect(server.ledger.read("search")).toEqual([]);
  },
);

test("a certificate is shown in TLS only", () => {
  const plain = {
    ...settingsFor("ldap://127.0.0.1:389"),
    signIn: { method: "external", certificate: async () => svc },
  } as const;
  expect(() => openLdapDirectory(plain)).toThrow(/shown in TLS only/);
});

test("toTlsIdentity takes a certificate with its own key, and says what is wrong with any other", () => {
  expect(toTlsIdentity(svc, "CORP")).toEqual({ cert: svc.certificate, key: svc.key, passphrase: PASSPHRASE });
  const wrong: readonly [ClientCertificate, RegExp][] = [
    [{ ...svc, key: stranger.key }, /keyFile does not belong to certificateFile/],
    [{ ...svc, passphrase: "wrong" }, /keyFile holds no private key that can be read/],
    [{ ...svc, passphrase: null }, /keyFile holds no private key that can be read/],
    [{ ...svc, key: "no key" }, /keyFile holds no private key that can be read/],
    [{ ...svc, certificate: "no certificate" }, /certificateFile holds no certificate/],
  ];
  for (const [certificate, message] of wrong) {
    const make = () => toTlsIdentity(certificate, "CORP");
    expect(make).toThrow(expect.objectContaining({ name: "BatchError", code: "config" }));
    expect(make).toThrow(message);
    expect(make).not.toThrow(PASSPHRASE);
  }
  const dayMs = 24 * 60 * 60 * 1000;
  for (const days of [-1, 3]) {
    expect(() => toTlsIdentity(svc, "CORP", Date.now() + days * dayMs)).toThrow(/is valid from .* to .* only/);
  }
});
