/** What `init` writes is read back as what was answered, for every way to sign in and every kind of directory. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parse } from "yaml";
import { readSettings } from "../../../src/cli/config.ts";
import { AUTH_METHODS } from "../../../src/cli/config-schema.ts";
import { renderConfigSchema } from "../../../src/cli/init/config-json-schema.ts";
import type { Draft } from "../../../src/cli/init/draft.ts";
import { renderConfig } from "../../../src/cli/init/render-config.ts";

const folder = mkdtempSync(join(tmpdir(), "hardmatch-render-config-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, "ca.pem"), "a certificate");
writeFileSync(join(folder, "key.pem"), "a key", { mode: 0o600 });

const clientId = "28d6e2d5-6368-4d5a-b671-d52b30172680";
const auths: readonly Draft["tenant"]["auth"][] = [
  { method: "client-certificate", clientId, certificateFile: "./key.pem", certificatePasswordEnv: "KEY_PASSWORD" },
  { method: "client-secret", clientId, secretEnv: "APP_SECRET" },
  { method: "managed-identity" },
  { method: "workload-identity", clientId, tokenFile: "./key.pem" },
  { method: "device-code", clientId },
  { method: "browser", clientId },
  { method: "azure-cli" },
  { method: "access-token", tokenFile: "./key.pem" },
  { method: "default", clientId },
];
const directories: Draft["directories"] = [
  {
    domain: "CORP",
    url: ["ldaps://dc1.corp.contoso.example", "ldaps://dc2.corp.contoso.example"],
    caFile: "./ca.pem",
    bindDN: "CN=svc #1: a, OU=Öffentlich,DC=corp",
    passwordEnv: "LDAP_PASSWORD",
  },
  {
    url: "ldap://dc1.eu.contoso.example",
    startTls: true,
    bind: "external",
    certificateFile: "./ca.pem",
    keyFile: "./key.pem",
  },
  { domain: "OLD", export: "./old users.csv" },
];
const environment = { KEY_PASSWORD: "one", APP_SECRET: "two", LDAP_PASSWORD: "three" };

test("every way to sign in stands in the cases", () => {
  expect(auths.map(({ method }) => method)).toEqual(AUTH_METHODS);
});

test.each(auths.map((auth) => [auth.method, auth] as const))("answers with %s are read back", (_method, auth) => {
  const draft: Draft = { tenant: { id: "Contoso.example", cloud: "usgov", auth }, directories };
  const text = renderConfig(draft, "hardmatch.schema.json", "hardmatch 0.0.0 on 2026-11-25");
  const { tenant, directories: typed } = parse(text);
  expect({ tenant, directories: typed }).toEqual(draft);
  const file = join(folder, "hardmatch.yaml");
  writeFileSync(file, text);
  expect(readSettings(file, { environment, interactive: false })).toMatchObject({ anchor: "auto" });
  // every key of an answer is followed by a word on what it means
  const keys = text.split("\n").filter((line) => /^\s+(?:- )?[A-Za-z]+: /.test(line));
  expect(keys.filter((line) => !/ # \S/.test(line))).toEqual([]);
});

test("the schema for editors knows every key of the answers, and refuses others", () => {
  const schema = JSON.parse(renderConfigSchema());
  const keys = ["tenant", "directories", "anchor", "sourceKey", "takeover", "sync", "limits"];
  expect(Object.keys(schema.properties)).toEqual(keys);
  expect(schema.additionalProperties).toBe(false);
  expect(schema.required).toEqual(["tenant", "directories"]);
  const [live] = schema.properties.directories.items.anyOf;
  expect(live.properties.bindDN.description).toBe("the account that reads the directory");
  expect(new RegExp(schema.properties.tenant.properties.id.pattern).test("Contoso.onmicrosoft.com")).toBe(true);
});
