/** What `hardmatch.yaml` may hold, and how it is refused. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { readSettings } from "../../src/cli/config.ts";
import type { LiveDirectorySettings, Settings } from "../../src/cli/settings.ts";
import { BatchError } from "../../src/core/errors.ts";

const root = mkdtempSync(join(tmpdir(), "hardmatch-config-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folder = root;
let runs = 0;
beforeEach(() => {
  runs += 1;
  folder = join(root, String(runs));
  mkdirSync(folder);
});

const GOOD = `tenant:
  id: contoso.onmicrosoft.com
  auth:
    method: client-secret
    clientId: 28d6e2d5-6368-4d5a-b671-d52b30172680
    secretEnv: APP_SECRET
directories:
  - domain: CORP
    url: ldaps://dc1.corp.contoso.example
    bindDN: svc@corp.contoso.example
    passwordEnv: LDAP_PASSWORD
`;
const environment = { APP_SECRET: "one", LDAP_PASSWORD: "two" };

function read(text: string, interactive = false) {
  const file = join(folder, "hardmatch.yaml");
  writeFileSync(file, text);
  return readSettings(file, { environment, interactive });
}

/** The first directory, which is a live one. */
function liveOf({ directories: [first] }: Settings): LiveDirectorySettings {
  if (first?.kind !== "live") throw new Error("the first directory is not read live");
  return first;
}

/** Every problem without the file's name. */
function problemsOf(text: string): readonly string[] {
  try {
    read(text);
  } catch (error) {
    if (!(error instanceof BatchError)) throw error;
    expect(error.code).toBe("config");
    return error.details.map((detail) =>
      detail.replace(`${join(folder, "hardmatch.yaml")}:`, "").replaceAll(folder, "."),
    );
  }
  return [];
}

test("a short configuration gets the defaults of the documentation", () => {
  const { tenant, directories, anchor, sourceKey, limits } = read(GOOD);
  expect(tenant).toMatchObject({
    cloud: "global",
    endpoint: null,
    auth: { secret: { from: "environment", name: "APP_SECRET" } },
  });
  expect(directories).toMatchObject([{ domain: "CORP", startTls: false, baseDn: null, ca: null, serverName: null }]);
  expect([anchor, sourceKey]).toEqual(["auto", "sAMAccountName"]);
  expect(limits).toEqual({
    writes: 3000,
    windowSeconds: 150,
    inFlight: 16,
    requestTimeoutSeconds: 60,
    settleSeconds: 10,
    quarantineSeconds: 180,
  });
});

test("a directory may be a file export, which needs no sign-in and counts from the configuration file", () => {
  const { directories } = read(`${GOOD}  - domain: OLD\n    export: ./old-domain-users.csv\n`);
  expect(directories[1]).toEqual({ kind: "export", domain: "OLD", path: join(folder, "old-domain-users.csv") });
});

test("the settings hold no secret", () => {
  expect(JSON.stringify(read(GOOD))).not.toMatch(/"one"|"two"/);
});

test("relative paths count from the configuration file", () => {
  writeFileSync(join(folder, "app.pem"), "certificate", { mode: 0o600 });
  const text = GOOD.replace("client-secret", "client-certificate").replace(
    "secretEnv: APP_SECRET",
    "certificateFile: ./app.pem",
  );
  expect(read(text).tenant.auth).toMatchObject({ certificate: { from: "file", path: join(folder, "app.pem") } });
});

test("a missing file says what to do", () => {
  const missing = join(folder, "none.yaml");
  expect(() => readSettings(missing, { environment, interactive: false })).toThrow(
    `There is no configuration file ${missing}.`,
  );
});

test.each([
  ["UTF-16 or no text", Buffer.from(`\uFEFF${GOOD}`, "utf16le")],
  ["not UTF-8", Buffer.from(`# M\u00FCller\n${GOOD}`, "latin1")],
])("a file in another encoding is refused as %s", (words, bytes) => {
  const file = join(folder, "hardmatch.yaml");
  writeFileSync(file, bytes);
  expect(() => readSettings(file, { environment, interactive: false })).toThrow(`${file} is ${words}.`);
});

test("a UTF-8 mark before the configuration is taken", () => {
  expect(read(`\uFEFF${GOOD}`).directories).toHaveLength(1);
});

test("a secret that is not named is asked for where there is a terminal", () => {
  const text = GOOD.replace("    passwordEnv: LDAP_PASSWORD\n", "");
  expect(liveOf(read(text, true)).signIn).toMatchObject({
    password: { from: "question", question: "Password of svc@corp.contoso.example in CORP" },
  });
  expect(problemsOf(text)).toEqual([
    "8:5: directories[0] needs passwordEnv or passwordFile: there is no terminal to ask on",
  ]);
});

const auth = (lines: string) => GOOD.replace(/ {4}method[\s\S]*?(?=directories)/, `${lines}\n`);
const cases: readonly { readonly name: string; readonly text: string; readonly expect: readonly string[] }[] = [
  {
    name: "an unknown key, with the nearest right one",
    text: GOOD.replace("bindDN", "bindDn"),
    expect: [
      "10:5: directories[0].bindDn is not a setting; did you mean bindDN?",
      "8:5: directories[0].bindDN is missing; bind: simple needs it",
    ],
  },
  {
    name: "an unknown key that is near nothing",
    text: `${GOOD}colour: blue\n`,
    expect: [
      "12:1: colour is not a setting; known here: tenant, directories, anchor, sourceKey, takeover, sync, limits",
    ],
  },
  {
    name: "a table of attribute flows that is no file",
    text: `${GOOD}takeover: .\n`,
    expect: ["12:1: takeover names something that is no file"],
  },
  {
    name: "a key of another sign-in method",
    text: auth("    method: azure-cli\n    clientId: 28d6e2d5-6368-4d5a-b671-d52b30172680"),
    expect: ["5:5: tenant.auth.clientId is not a setting of the method azure-cli; known here: method"],
  },
  {
    name: "an unknown method",
    text: auth("    method: acces-token\n    tokenEnv: APP_SECRET"),
    expect: [
      "4:5: tenant.auth.method must be one of client-certificate, client-secret, managed-identity, workload-identity, device-code, browser, azure-cli, access-token, default; did you mean access-token?",
    ],
  },
  {
    name: "no method",
    text: auth("    tokenEnv: APP_SECRET"),
    expect: [expect.stringContaining("tenant.auth.method is missing; choose one of client-certificate")],
  },
  {
    name: "a secret in the file, without repeating it",
    text: GOOD.replace("passwordEnv: LDAP_PASSWORD", "password: hunter2"),
    expect: [
      "11:5: directories[0].password is a secret, and no secret may stand in this file: change it now, then name an environment variable (passwordEnv) or a file with mode 0600 (passwordFile)",
    ],
  },
  {
    name: "a secret as the name of a variable, without repeating it",
    text: GOOD.replace("LDAP_PASSWORD", "hunter-2!"),
    expect: [
      "11:5: directories[0].passwordEnv must be the name of an environment variable; the secret itself does not belong in this file",
    ],
  },
  {
    name: "a variable that is not set",
    text: GOOD.replace("LDAP_PASSWORD", "LDAP_PASWORD"),
    expect: ["11:5: directories[0].passwordEnv names the environment variable LDAP_PASWORD, which is not set or empty"],
  },
  {
    name: "two sources of one secret",
    text: `${GOOD}    passwordFile: ./pw\n`,
    expect: ["12:5: directories[0].passwordFile stands beside passwordEnv: keep one of them"],
  },
  {
    name: "an unencrypted connection",
    text: GOOD.replace("ldaps:", "ldap:"),
    expect: ["9:5: directories[0].url would send the password unencrypted: use ldaps://, or set startTls: true"],
  },
  {
    name: "StartTLS on ldaps",
    text: `${GOOD}    startTls: true\n`,
    expect: ["12:5: directories[0].startTls is for ldap://, and url says ldaps://: take one of them away"],
  },
  {
    name: "one domain twice",
    text: GOOD.replace(/( {2}- domain[\s\S]*)/, "$1$1").replace(/CORP(?![\s\S]*CORP)/, "corp"),
    expect: ["12:5: directories[1].domain names a domain that stands above already"],
  },
  {
    name: "settings of a live directory beside a file export",
    text: GOOD.replace("url: ldaps://dc1.corp.contoso.example", "export: ./users.csv"),
    expect: [
      "10:5: directories[0].bindDN stands beside export: a directory is read live or from a file, so take one of them away",
      "11:5: directories[0].passwordEnv stands beside export: a directory is read live or from a file, so take one of them away",
    ],
  },
  {
    name: "a file export without a name, of a domain without one",
    text: GOOD.replace(/directories[\s\S]*/, "directories:\n  - export:\n"),
    expect: ["8:5: directories[0].domain is missing", "8:5: directories[0].export must be a text"],
  },
  {
    name: "an unknown key beside a file export",
    text: GOOD.replace(
      /directories[\s\S]*/,
      "directories:\n  - domain: OLD\n    export: ./users.csv\n    exprot: ./more.csv\n",
    ),
    expect: ["10:5: directories[0].exprot is not a setting; did you mean export?"],
  },
  {
    name: "http to another machine",
    text: GOOD.replace("  auth:", "  endpoint: http://graph.example\n  auth:"),
    expect: ["3:3: tenant.endpoint must be https: http is for a simulated tenant on this machine only"],
  },
  {
    name: "a quarantine that is too short",
    text: `${GOOD}limits:\n  quarantineSeconds: 60\n`,
    expect: [
      "13:3: limits.quarantineSeconds leaves quarantineSeconds (60) not more than requestTimeoutSeconds (60): a late write could undo a later one",
    ],
  },
  {
    name: "limits that are none",
    text: `${GOOD}limits:\n  writes: 0\n  inFlight: 1.5\n  settleSeconds: long\n`,
    expect: [
      "13:3: limits.writes must be at least 1",
      "14:3: limits.inFlight must be a whole number",
      "15:3: limits.settleSeconds must be a number",
    ],
  },
  {
    name: "YAML that is none",
    text: `${GOOD}\tx: [1\n`,
    expect: expect.arrayContaining([expect.stringMatching(/^12:/)]),
  },
  {
    name: "a key that stands twice",
    text: `${GOOD}anchor: auto\nanchor: objectGUID\n`,
    expect: ["13:1: Map keys must be unique"],
  },
  { name: "a list in place of settings", text: "- tenant\n", expect: ["1:1: must be a group of settings"] },
];

test.each(["", "\n", "# nothing yet\n"])("a file without a setting (%j) is called empty, and made by init", (text) => {
  const file = join(folder, "hardmatch.yaml");
  expect(() => read(text)).toThrow(
    expect.objectContaining({
      code: "config",
      message: `${file} is empty. Nothing was read or written.`,
      hint: `Have it written: hardmatch init --config ${file}`,
      details: [],
    }),
  );
});

describe("every problem has its line, column and path", () => {
  test.each(cases)("$name", ({ text, expect: expected }) => {
    const found = problemsOf(text);
    expect(Array.isArray(expected) ? [...found].sort() : found).toEqual(
      Array.isArray(expected) ? [...expected].sort() : expected,
    );
  });

  test("all problems of a file come out in one run, in the order of their lines", () => {
    const text = GOOD.replace("contoso.onmicrosoft.com", "contoso")
      .replace("clientId: 28d6", "clientID: 28d6")
      .replace("ldaps:", "ldap:");
    expect(problemsOf(`${text}anchor: sid\nlimits:\n  quarantineSeconds: 5\n`)).toEqual([
      "2:3: tenant.id must be the tenant's GUID or one of its domain names",
      "3:3: tenant.auth.clientId is missing",
      "5:5: tenant.auth.clientID is not a setting of the method client-secret; did you mean clientId?",
      "9:5: directories[0].url would send the password unencrypted: use ldaps://, or set startTls: true",
      expect.stringContaining("12:1: anchor must be one of auto, objectGUID, mS-DS-ConsistencyGuid"),
      expect.stringContaining("14:3: limits.quarantineSeconds leaves"),
    ]);
  });

  test("no refusal repeats a secret that stands in the file", () => {
    for (const key of ["password", "clientSecret", "token", "accessToken", "bindPassword", "passphrase"]) {
      const text = GOOD.replace("passwordEnv: LDAP_PASSWORD", `${key}: hunter2`);
      expect(problemsOf(text).join("\n")).toMatch(new RegExp(`directories\\[0\\]\\.${key} is a secret`));
      expect(problemsOf(text).join("\n")).not.toContain("hunter2");
    }
  });
});

describe("a directory", () => {
  const external = GOOD.replace(
    "    bindDN: svc@corp.contoso.example\n    passwordEnv: LDAP_PASSWORD\n",
    "    bind: external\n    certificateFile: ./svc.pem\n    keyFile: ./svc.key\n    keyPasswordEnv: LDAP_PASSWORD\n",
  );

  test("may leave its name to be learnt, and name several domain controllers in the order in which they are tried", () => {
    const text = GOOD.replace("  - domain: CORP\n    url:", "  - url:").replace(
      "url: ldaps://dc1.corp.contoso.example",
      "url: [ldaps://dc1.corp.contoso.example, ldaps://dc2.corp.contoso.example]",
    );
    expect(read(text).directories).toMatchObject([
      { domain: null, urls: ["ldaps://dc1.corp.contoso.example", "ldaps://dc2.corp.contoso.example"] },
    ]);
  });

  test("may have a Global Catalog, for which serverName counts only where it is the same host", () => {
    const withCatalog = (host: string) =>
      liveOf(read(`${GOOD}    serverName: dc1.corp.contoso.example\n    globalCatalog: ldaps://${host}:3269\n`));
    expect(withCatalog("dc1.corp.contoso.example")?.globalCatalog).toEqual({
      ...{ url: "ldaps://dc1.corp.contoso.example:3269", startTls: false },
      serverName: "dc1.corp.contoso.example",
    });
    expect(withCatalog("gc1.contoso.example")?.globalCatalog?.serverName).toBeNull();
  });

  test("may be signed in to by a client certificate, whose key only its owner can read", () => {
    writeFileSync(join(folder, "svc.pem"), "certificate");
    writeFileSync(join(folder, "svc.key"), "key", { mode: 0o600 });
    expect(liveOf(read(external)).signIn).toEqual({
      method: "external",
      certificate: "certificate",
      key: { from: "file", path: join(folder, "svc.key") },
      keyPassword: { from: "environment", name: "LDAP_PASSWORD" },
    });
  });

  const refused: readonly { readonly name: string; readonly text: string; readonly expect: readonly string[] }[] = [
    {
      name: "of a catalog without encryption",
      text: `${GOOD}    globalCatalog: ldap://gc1.contoso.example:3268\n`,
      expect: [
        "12:5: directories[0].globalCatalog would send the password unencrypted: use ldaps://, or set startTls: true",
      ],
    },
    {
      name: "with one unencrypted url among several",
      text: GOOD.replace(
        "url: ldaps://dc1.corp.contoso.example",
        "url: [ldaps://dc1.contoso.example, ldap://dc2.contoso.example]",
      ),
      expect: ["9:5: directories[0].url would send the password unencrypted: use ldaps://, or set startTls: true"],
    },
    {
      name: "with no url in the list",
      text: GOOD.replace("url: ldaps://dc1.corp.contoso.example", "url: []"),
      expect: ["9:5: directories[0].url must name at least one domain controller"],
    },
    {
      name: "with a password beside a certificate",
      text: GOOD.replace("bindDN", "bind: external\n    bindDN"),
      expect: [
        "8:5: directories[0].certificateFile is missing; bind: external needs it",
        "8:5: directories[0].keyFile is missing; bind: external needs it",
        "11:5: directories[0].bindDN does not belong to bind: external; take it away",
        "12:5: directories[0].passwordEnv does not belong to bind: external; take it away",
      ],
    },
    {
      name: "with a key beside a password",
      text: `${GOOD}    keyFile: ./svc.key\n`,
      expect: ["12:5: directories[0].keyFile does not belong to bind: simple; take it away"],
    },
    {
      name: "with a way to sign in that is none",
      text: `${GOOD}    bind: kerberos\n`,
      expect: ["12:5: directories[0].bind must be one of simple, external"],
    },
  ];
  test.each(refused)("is refused $name", ({ text, expect: expected }) => {
    const found = problemsOf(text);
    for (const problem of expected) expect(found).toContain(problem);
  });

  test("is refused without a key, and that is said once", () => {
    writeFileSync(join(folder, "svc.pem"), "certificate");
    expect(problemsOf(external.replace(/^ *keyFile.*\n/m, ""))).toEqual([
      expect.stringMatching(/keyFile is missing; bind: external needs it$/),
    ]);
  });

  test.skipIf(process.platform === "win32")("is refused with a key that others can read, or none", () => {
    writeFileSync(join(folder, "svc.pem"), "certificate");
    expect(problemsOf(external).join()).toContain("directories[0].keyFile names a file that cannot be read");
    writeFileSync(join(folder, "svc.key"), "key");
    chmodSync(join(folder, "svc.key"), 0o644);
    expect(problemsOf(external).join()).toContain("directories[0].keyFile names ./svc.key, which other users can read");
  });
});

describe.skipIf(process.platform === "win32")("E03: a secret's file", () => {
  const text = GOOD.replace("passwordEnv: LDAP_PASSWORD", "passwordFile: ./pw");
  const place = "11:5: directories[0].passwordFile names ./pw, which";

  test("of mode 0600 is taken", () => {
    writeFileSync(join(folder, "pw"), "two\n", { mode: 0o600 });
    expect(liveOf(read(text)).signIn).toMatchObject({ password: { from: "file", path: join(folder, "pw") } });
  });

  test("that others can read is refused", () => {
    writeFileSync(join(folder, "pw"), "two\n");
    chmodSync(join(folder, "pw"), 0o640);
    expect(problemsOf(text)).toEqual([`${place} other users can read; run: chmod 600 ./pw`]);
  });

  test("that is a symbolic link is refused", () => {
    writeFileSync(join(folder, "real"), "two\n", { mode: 0o600 });
    symlinkSync(join(folder, "real"), join(folder, "pw"));
    expect(problemsOf(text)).toEqual([`${place} is a symbolic link; name the file itself`]);
  });

  test.each([
    ["a UTF-8 mark", Buffer.from("\uFEFFtwo")],
    ["UTF-16", Buffer.from("\uFEFFtwo", "utf16le")],
    ["UTF-16 without a mark", Buffer.from("two", "utf16le")],
    ["Windows-1252", Buffer.from("tw\u00F6", "latin1")],
  ])("that is no plain UTF-8 (%s) is refused before anybody signs in with it", (_title, bytes) => {
    writeFileSync(join(folder, "pw"), bytes, { mode: 0o600 });
    expect(problemsOf(text)).toEqual([expect.stringContaining(`${place} is not plain UTF-8`)]);
  });

  test("that is a folder, or empty, is refused", () => {
    mkdirSync(join(folder, "pw"));
    expect(problemsOf(text)).toEqual([`${place} is not a file`]);
    rmSync(join(folder, "pw"), { recursive: true });
    writeFileSync(join(folder, "pw"), "\n", { mode: 0o600 });
    expect(problemsOf(text)).toEqual([`${place} is empty`]);
  });
});
