/** `plan` with a directory that is signed in to by a client certificate instead of a password. */
import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { startSimulatedDirectory } from "../../src/sim/directory/server.ts";
import { makeForest } from "../adapters/ldap/forest-world.ts";
import { makeCertificate } from "../sim/directory/domain-fixture.ts";
import { startSmallCompany } from "../support/small-company.ts";

test("plan signs in by certificate and key, and says nothing of the key's password", async () => {
  const company = await startSmallCompany();
  const [key, cert] = [company.path("svc.key"), company.path("svc.pem")];
  const subject = ["-subj", "/CN=svc", "-addext", "extendedKeyUsage=clientAuth"];
  const files = ["-keyout", key, "-out", cert];
  const options = ["-x509", "-newkey", "rsa:2048", "-days", "2", "-passout", "pass:canary-of-the-key"];
  execFileSync("openssl", ["req", ...options, ...subject, ...files], { stdio: "ignore" });
  chmodSync(key, 0o600);
  const tls = makeCertificate();
  writeFileSync(company.path("ca.pem"), tls.cert);
  const { root } = makeForest();
  const server = await startSimulatedDirectory(
    { ...root, credentials: [{ name: "svc@contoso.example", password: "unused", certificateName: "svc" }] },
    { tls, ldaps: true, clientAuthorities: readFileSync(cert, "utf8") },
  );
  onTestFinished(async () => {
    await company.close();
    await server.close();
  });
  const directory = `  - url: ${server.url}\n    caFile: ca.pem\n    bind: external\n    certificateFile: svc.pem\n    keyFile: svc.key\n    keyPasswordEnv: KEY_PASSWORD\n`;
  const good = readFileSync(company.path("hardmatch.yaml"), "utf8");
  company.write("by-certificate.yaml", good.replace(/ {2}- domain: CORP\n(?: {4}.*\n)+/, directory));
  const environment = { KEY_PASSWORD: "canary-of-the-key", HARDMATCH_LDAP_PASSWORD: undefined };
  const planWith = (changes: Record<string, string>) =>
    company.run(["plan", company.writeMapping(["ada"]), "--config", "by-certificate.yaml", "--run", "runs/a"], {
      environment: { ...environment, ...changes },
    });
  const wrong = await planWith({ KEY_PASSWORD: "wrong" });
  expect([wrong.code, wrong.stderr]).toEqual([
    2,
    expect.stringContaining("keyFile holds no private key that can be read"),
  ]);
  const { code, stdout, stderr } = await planWith({});
  expect([code, stdout], stderr).toEqual([0, expect.stringContaining("hardmatch apply runs/a --confirm 1")]);
  expect(server.ledger.read("bind")).toEqual([]);
  const log = readFileSync(company.path("runs/a/log.ndjson"), "utf8");
  expect(stdout + stderr + log).not.toContain("canary-of-the-key");
});
