/** What a handful of lines shows: single rules of reading an export, each in the smallest file that needs it. */
import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openExportDirectory } from "../../../src/adapters/ad-export/export-directory.ts";
import { PROFILE_ATTRIBUTES } from "../../../src/core/ad-account.ts";
import { BatchError } from "../../../src/core/errors.ts";
import { type ExportedEntry, sidBytes } from "../../support/ad-exports/exported-entry.ts";
import { writeCsvde } from "../../support/ad-exports/write-csvde.ts";
import { writeExportCsv } from "../../support/ad-exports/write-export-csv.ts";
import { writeLdifde } from "../../support/ad-exports/write-ldifde.ts";
import { BASE_DN, DOMAIN_SID, HEAD, HEAD_GUID, hash } from "./exported-company.ts";

const folder = mkdtempSync(join(tmpdir(), "hardmatch-small-exports-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const never = new AbortController().signal;
let files = 0;

type Attributes = ExportedEntry["attributes"];

function write(content: string | Buffer): string {
  files += 1;
  const path = join(folder, `${files}.txt`);
  writeFileSync(path, content);
  return path;
}

/** A user who has what every account needs. `null` takes an attribute away. */
function user(name: string, changes: Readonly<Record<string, Attributes[string] | null>> = {}, dn?: string) {
  const attributes: Readonly<Record<string, Attributes[string] | null>> = {
    objectClass: ["top", "user"],
    sAMAccountName: [name],
    objectGUID: [hash(name).subarray(0, 16)],
    objectSid: [sidBytes(`${DOMAIN_SID}-${1104 + name.charCodeAt(0)}`)],
    ...changes,
  };
  const present = Object.entries(attributes).flatMap(([key, values]) =>
    values === null ? [] : [[key, values] as const],
  );
  return { dn: dn ?? `CN=${name},${BASE_DN}`, attributes: Object.fromEntries(present) } satisfies ExportedEntry;
}

const ldif = (...entries: readonly ExportedEntry[]) => writeLdifde(entries, { unicode: false });
const open = (content: string | Buffer) => openExportDirectory({ domain: "OLD", path: write(content) });

async function find(content: string | Buffer, name = "ada") {
  const [found, ...others] = await open(content).findAccounts("sAMAccountName", [name], never);
  expect(others).toEqual([]);
  return found;
}

/** The details, or the message where there are none. */
async function refusal(content: string | Buffer): Promise<readonly string[]> {
  const error: unknown = await open(content)
    .identify(never)
    .catch((reason: unknown) => reason);
  if (!(error instanceof BatchError)) throw new Error(`not refused: ${JSON.stringify(error)}`);
  expect(error.code).toBe("input");
  return error.details.length > 0 ? error.details.map((text) => text.replace(/^\d+\.txt/, "")) : [error.message];
}

describe("a value", () => {
  test("of objectGUID whose bytes are all printable is read as those bytes", async () => {
    const text = ldif(user("ada"))
      .toString()
      .replace(/objectGUID:: .*/, "objectGUID: abcdefghijklmnop");
    expect((await find(text))?.objectGuid).toBe("64636261-6665-6867-696a-6b6c6d6e6f70");
  });

  test("of objectGUID may stand in base64 in a table of PowerShell", async () => {
    const guid = hash("ada").subarray(0, 16);
    const text = writeExportCsv([user("ada")]);
    const plain = await find(text);
    const cell = /[0-9a-f]{8}-[0-9a-f-]{27}/;
    expect((await find(text.replace(cell, guid.toString("base64"))))?.objectGuid).toBe(plain?.objectGuid);
  });

  test("that may be one only is refused where there are several", async () => {
    const twice = [hash("one").subarray(0, 16), hash("two").subarray(0, 16)];
    expect(await refusal(ldif(user("ada", { objectGUID: twice })))).toEqual([
      ":1 objectGUID: found 16 bytes, which is no GUID of 16 bytes",
    ]);
    expect(await refusal(ldif(user("ada", { "mS-DS-ConsistencyGuid": twice, mail: ["a@x", "b@x"] })))).toEqual([
      ":1 mS-DS-ConsistencyGuid: found 2 values where there can be one",
      ":1 mail: found 2 values where there can be one",
    ]);
  });

  test("of csvde that may be one only keeps its semicolons, escaped or not", async () => {
    const text = writeCsvde([user("ada", { displayName: ["one; two"] })], { unicode: false }).toString();
    expect((await find(text))?.displayName).toBe("one; two");
    expect((await find(text.replace("one\\;", "one;")))?.displayName).toBe("one; two");
  });

  test("in base64 keeps a mark at its beginning, and is refused where it is no UTF-8", async () => {
    expect((await find(ldif(user("ada", { displayName: ["\uFEFFAda"] }))))?.displayName).toBe("\uFEFFAda");
    expect(await refusal(ldif(user("ada", { displayName: [Buffer.from([0x41, 0xff])] })))).toEqual([
      ":1 displayName: found 2 bytes that are no UTF-8 text",
    ]);
  });

  test("of a name in which a converter has put U+FFFD is refused", async () => {
    const text = ldif(user("ada")).toString().replace("sAMAccountName: ada", "sAMAccountName: ad\uFFFD");
    expect(await refusal(text)).toEqual([
      expect.stringMatching(/^:\d+ sAMAccountName: .*U\+FFFD in place of a letter/),
    ]);
  });

  test("under the attribute's own name counts, not the property that shows the same", async () => {
    const text = writeExportCsv([user("ada", { mail: ["ada@contoso.example"] })]);
    const both = text
      .replace('"employeeID"', '"EmailAddress"')
      .replace('"ada@contoso.example",""', '"ada@contoso.example","shown"');
    expect(both).toContain("shown");
    expect((await find(both))?.mail).toBe("ada@contoso.example");
  });
});

describe("an account", () => {
  test("is a user by the class inetOrgPerson alone, as csvde names it", async () => {
    const entry = user("ada", { objectClass: ["top", "user", "inetOrgPerson"] });
    expect((await find(writeCsvde([entry], { unicode: false })))?.kind).toBe("user");
  });

  test("is protected by its SID, by adminCount, or as a critical object", async () => {
    const changes = [
      {},
      { objectSid: [sidBytes(`${DOMAIN_SID}-500`)] },
      { adminCount: ["1"] },
      { isCriticalSystemObject: ["TRUE"] },
    ];
    const found = await Promise.all(changes.map((change) => find(ldif(user("ada", change)))));
    expect(found.map((account) => account?.protectedAccount)).toEqual([false, true, true, true]);
  });

  test("without a name is refused, but for a contact, which never has one", async () => {
    const nameless = { sAMAccountName: null };
    expect(await refusal(ldif(user("ada"), user("ben", nameless)))).toEqual([
      expect.stringMatching(/^:9 sAMAccountName: found none; the entry was cut/),
    ]);
    const contact = user("ben", { ...nameless, objectClass: ["top", "contact"], mail: ["ben@fabrikam.example"] });
    const found = await open(ldif(user("ada"), contact)).findAccounts("mail", ["ben@fabrikam.example"], never);
    expect(found.map(({ kind, accountName }) => [kind, accountName])).toEqual([["contact", ""]]);
  });

  test("of a domain with the same DN and another SID is refused", async () => {
    const other = user("ben", { objectSid: [sidBytes("S-1-5-21-1-2-3-1105")] });
    expect(await refusal(ldif(user("ada"), other))).toEqual([
      `:9: found an account of the domain S-1-5-21-1-2-3, and line 1 has one of ${DOMAIN_SID}; make a file for each domain and give each its entry in directories`,
    ]);
  });

  test("of the same domain may write its DN in another way", async () => {
    const content = ldif(user("ada"), user("ben", {}, "CN=ben, dc=OLD, dc=contoso, dc=example"));
    expect((await find(content, "ben"))?.dn).toBe("CN=ben, dc=OLD, dc=contoso, dc=example");
  });
});

describe("the profile of an account", () => {
  test("is read from LDIF by the names of the attributes", async () => {
    const ada = user("ada", {
      title: ["Engineer"],
      physicalDeliveryOfficeName: ["Lyon 3"],
      telephoneNumber: [""],
      l: ["Lyon"],
    });
    expect((await find(ldif(ada)))?.profile).toEqual({
      title: "Engineer",
      physicalDeliveryOfficeName: "Lyon 3",
      l: "Lyon",
    });
  });

  test("is read from a table under the names that PowerShell gives the attributes", async () => {
    const [head = "", line = ""] = writeExportCsv([user("ada")]).split("\r\n");
    const table = `${head},"Office","OfficePhone","MobilePhone","City","State","Country"\r\n${line},"3","1","2","Lyon","Rhône","FR"\r\n`;
    const { directory, unknown } = await readTable(table);
    const [ada] = await directory.findAccounts("sAMAccountName", ["ada"], never);
    expect(ada?.profile).toEqual({
      ...{ physicalDeliveryOfficeName: "3", telephoneNumber: "1", mobile: "2", l: "Lyon", st: "Rhône", c: "FR" },
    });
    expect(PROFILE_ATTRIBUTES.filter((name) => unknown.includes(name))).toEqual([
      ...["title", "department", "company", "streetAddress", "postalCode", "co", "manager"],
    ]);
  });

  async function readTable(text: string) {
    const directory = open(text);
    const { source } = await directory.identify(never);
    const unknown: readonly string[] = source.kind === "file" ? source.unknown : [];
    return { directory, unknown };
  }
});

describe("a file", () => {
  test("of PowerShell does not say what a column would say that nobody fills, but for what often nobody has", async () => {
    const { source } = await open(writeExportCsv([user("ada", { mail: ["ada@contoso.example"] })])).identify(never);
    expect(source).toMatchObject({
      unknown: [
        ...["mS-DS-ConsistencyGuid", "userAccountControl", "userPrincipalName", "displayName", "givenName", "sn"],
        "proxyAddresses",
        ...PROFILE_ATTRIBUTES,
      ],
    });
  });

  test("of PowerShell may hold names that look like a type's", async () => {
    const text = writeExportCsv([user("System.Admin", { displayName: ["System.Admin"] })]);
    expect((await find(text, "System.Admin"))?.displayName).toBe("System.Admin");
  });

  test("takes its domain's id from the head that its accounts lie under, whatever other heads there are", async () => {
    const other = {
      ...HEAD,
      dn: "DC=fabrikam,DC=example",
      attributes: { ...HEAD.attributes, objectGUID: [hash("x").subarray(0, 16)] },
    };
    expect((await open(ldif(other, HEAD, user("ada"))).identify(never)).domainId).toBe(HEAD_GUID);
  });

  test("in which only the head has a SID does not say of which domain its accounts are", async () => {
    expect(await refusal(ldif(HEAD, user("ada", { objectSid: null })))).toEqual([
      expect.stringContaining("the export does not hold objectSid"),
    ]);
  });

  test("of built-in groups alone is of no domain", async () => {
    const group = user("Users", { objectClass: ["top", "group"], objectSid: [sidBytes("S-1-5-32-545")] });
    expect(await refusal(ldif(group))).toEqual([":1 objectSid: found no account of a domain (S-1-5-21-...)"]);
  });

  test("may end its lines with CR alone, and have empty lines in a table", async () => {
    expect((await find(ldif(user("ada")).toString().replaceAll("\r\n", "\r")))?.accountName).toBe("ada");
    const table = writeExportCsv([user("ada"), user("ben")]);
    expect((await find(table.replaceAll("\r\n", "\r"), "ben"))?.accountName).toBe("ben");
    expect((await find(table.replaceAll("\r\n", "\r\n\r\n"), "ben"))?.accountName).toBe("ben");
  });

  test("counts every line of a field with line breaks", async () => {
    const table = writeExportCsv([
      user("ada", { displayName: ["one\r\ntwo\r\nthree"], userAccountControl: ["y"] }),
      user("ben", { userAccountControl: ["x"] }),
    ]);
    expect(await refusal(table)).toEqual([
      ':2 userAccountControl: found "y", which is no number',
      ':5 userAccountControl: found "x", which is no number',
    ]);
  });

  test("may be UTF-16 of the other byte order", async () => {
    const text = Buffer.from(`\uFEFF${writeExportCsv([user("ada", { displayName: ["José"] })])}`, "utf16le").swap16();
    expect((await find(text))?.displayName).toBe("José");
  });

  test("of more than 1024 MiB is refused before it is read", async () => {
    const path = write("dn: CN=ada\n");
    truncateSync(path, 1024 * 1024 * 1024 + 1);
    const refused = openExportDirectory({ domain: "OLD", path }).identify(never);
    await expect(refused).rejects.toThrow("larger than 1024 MiB");
  });

  test("that changes while it is read is refused", async () => {
    const path = write(ldif(user("ada")));
    const { signal } = new AbortController();
    let looks = 0;
    Object.defineProperty(signal, "aborted", {
      get() {
        looks += 1;
        if (looks === 2) appendFileSync(path, ldif(user("ben")));
        return false;
      },
    });
    await expect(openExportDirectory({ domain: "OLD", path }).identify(signal)).rejects.toThrow(
      "it changed while it was read",
    );
  });
});

test("a search in a file that was read is stopped by its signal as well", async () => {
  const directory = open(ldif(user("ada")));
  expect(await directory.findAccounts("sAMAccountName", ["ada"], never)).toHaveLength(1);
  const reason = new BatchError("interrupted", "Stopped.", "Run it again.");
  await expect(directory.findAccounts("sAMAccountName", ["ada"], AbortSignal.abort(reason))).rejects.toBe(reason);
  await expect(directory.findNamesBeginningWith(["a"], AbortSignal.abort())).rejects.toMatchObject({
    code: "interrupted",
  });
});
