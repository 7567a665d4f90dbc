/** Exports as files: every shape that is read, and every defect that is refused, with what is said about it. */
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { openExportDirectory } from "../../../src/adapters/ad-export/export-directory.ts";
import { PROFILE_ATTRIBUTES } from "../../../src/core/ad-account.ts";
import { BatchError } from "../../../src/core/errors.ts";
import { immutableIdFromGuid } from "../../../src/core/immutable-id.ts";

const FOLDER = new URL("../../../fixtures/ad-exports/", import.meta.url).pathname;
const never = new AbortController().signal;
const open = (name: string) => openExportDirectory({ domain: "OLD", path: `${FOLDER}${name}` });

/** Name of the file, its encoding, and what it does not hold; tables of PowerShell hold no profile either. */
const sound: readonly [name: string, encoding: string, unknown: readonly string[]][] = [
  ["ldifde.ldf", "UTF-8", []],
  ["ldifde-unicode.ldf", "UTF-16", []],
  ["ldapsearch.ldf", "UTF-8", []],
  ["ldapsearch-with-comments.ldf", "UTF-8", []],
  ["ldbsearch.ldf", "UTF-8", []],
  ["whole-range.ldf", "UTF-8", []],
  ["csvde.csv", "UTF-8", []],
  ["csvde-unicode.csv", "UTF-16", []],
  ["export-csv-powershell-5.csv", "UTF-8", []],
  ["export-csv-powershell-7.csv", "UTF-8", []],
  ["export-csv-unicode.csv", "UTF-16", []],
  ["export-csv-semicolons.csv", "UTF-8", []],
  ["export-csv-line-breaks.csv", "UTF-8", []],
  ["export-csv-windows-1252.csv", "Windows-1252", []],
  ["without-consistency-guid.csv", "UTF-8", ["mS-DS-ConsistencyGuid"]],
  [
    "export-csv-lost-values.csv",
    "UTF-8",
    ["mS-DS-ConsistencyGuid", "adminCount", "sIDHistory", "displayName", "proxyAddresses", "employeeID"],
  ],
];

const ADDRESSES = [
  "SMTP:ben@contoso.example",
  "X400:C=US;A= ;P=Contoso;S=Jones;",
  "smtp:ben@old.contoso.example",
] as const;

test.each(sound)("%s is read, in %s, and says what it does not hold", async (name, encoding, unknown) => {
  const directory = open(name);
  const { source } = await directory.identify(never);
  const sayNoMore = name.startsWith("export-csv-") || name === "without-consistency-guid.csv";
  const all = sayNoMore ? [...unknown, ...PROFILE_ATTRIBUTES] : unknown;
  expect(source).toMatchObject({ kind: "file", name, encoding, unknown: all });
  const [ada, ben, cyd, ...others] = await directory.findAccounts("sAMAccountName", ["ada", "ben", "cyd"], never);
  expect(others).toEqual([]);
  const has = (attribute: string) => !unknown.includes(attribute);
  expect(ada === undefined ? null : immutableIdFromGuid(ada.objectGuid)).toBe("1eLWKGhjWk22cdUrMBcmgA==");
  expect(ben).toMatchObject({
    ...{
      domain: "OLD",
      dn: "CN=Jones\\, Ben,OU=People,DC=old,DC=contoso,DC=example",
      accountName: "ben",
      kind: "user",
    },
    ...{ objectGuid: "7147a8de-129a-4edd-9533-83982050211f", disabled: false, protectedAccount: false },
    ...{ objectSid: "S-1-5-21-1004336348-1177238915-682003330-1105", sidHistory: [] },
    ...{ userPrincipalName: "ben@contoso.example", mail: "ben@contoso.example" },
    displayName: has("displayName") ? "Jones, Ben" : null,
    proxyAddresses: has("proxyAddresses") ? ADDRESSES : [],
  });
  expect(ben?.consistencyGuid == null ? null : Buffer.from(ben.consistencyGuid).toString("hex")).toBe(
    has("mS-DS-ConsistencyGuid") ? "a2a9b5b14c6c2f4d8a5c0b7a7a0d2f11" : null,
  );
  expect(cyd).toMatchObject({ surname: "Muñoz", disabled: true, consistencyGuid: null });
});

/** The whole message where there are no details, else the details. */
const refused: readonly [name: string, says: readonly string[], hint: RegExp][] = [
  [
    "cut-in-a-base64-value.ldf",
    [
      'cut-in-a-base64-value.ldf:53 objectSid: found "AQUAAAAAAAUVAAAA3P", which is not whole base64: the file was cut or changed',
      "cut-in-a-base64-value.ldf:53: the file ends inside the entry of line 30: an empty line must follow it, so this file was cut",
    ],
    /^Export again: ldifde -u /,
  ],
  [
    "cut-before-the-anchor.ldf",
    [
      "cut-before-the-anchor.ldf:57: the file ends inside the entry of line 31: an empty line must follow it, so this file was cut",
    ],
    /^Export again: ldifde -u /,
  ],
  [
    "cut-entry-in-the-middle.ldf",
    ["cut-entry-in-the-middle.ldf:28 dn: an empty line must stand before it: the entry of line 3 was cut"],
    /^Export again/,
  ],
  [
    "entry-without-guid.ldf",
    [
      "entry-without-guid.ldf:31 objectGUID: found none; the entry was cut, or the account that exported may not read it",
    ],
    /^Export again/,
  ],
  [
    "bad-base64.ldf",
    [
      'bad-base64.ldf:48 objectGUID: found "3qhHcZoS3U6VM4OYIFAhH", which is not whole base64: the file was cut or changed',
    ],
    /^Export again/,
  ],
  [
    "guid-of-15-bytes.ldf",
    ["guid-of-15-bytes.ldf:31 objectGUID: found 15 bytes, which is no GUID of 16 bytes"],
    /^Export/,
  ],
  [
    "sid-that-is-none.ldf",
    ["sid-that-is-none.ldf:31 objectSid: found 27 bytes, which is no security identifier"],
    /^Export/,
  ],
  [
    "first-values-of-a-range.ldf",
    ["first-values-of-a-range.ldf:31 proxyAddresses: only the first values were exported (range); export again"],
    /^Export/,
  ],
  [
    "value-in-another-file.ldf",
    ["value-in-another-file.ldf:29 mail: the value stands in another file; export again"],
    /^Export/,
  ],
  [
    "no-line-of-ldif.ldf",
    ['no-line-of-ldif.ldf:29: found "mail ada@contoso.example", which is no line of LDIF'],
    /^Export/,
  ],
  [
    "two-domains.ldf",
    [
      "two-domains.ldf:92: found an account of the domain DC=other,DC=contoso,DC=example, and line 3 has one of DC=old,DC=contoso,DC=example; make a file for each domain and give each its entry in directories",
    ],
    /^Export/,
  ],
  [
    "changes.ldf",
    [
      'changes.ldf: line 2 says "changetype: modify", so this is a file of changes, not an export. Nothing was written.',
    ],
    /^Name the file that was exported/,
  ],
  [
    "search-that-did-not-end.ldf",
    [
      "search-that-did-not-end.ldf: line 93 says that the search did not end well (result: 4 Size limit exceeded), so accounts may be missing. Nothing was written.",
    ],
    /-E pr=1000/,
  ],
  [
    "without-sam-account-name.ldf",
    ["without-sam-account-name.ldf: the export does not hold sAMAccountName. Nothing was written."],
    /^Export again: ldifde -u /,
  ],
  [
    "no-account.ldf",
    ["no-account.ldf: the export does not hold sAMAccountName. Nothing was written."],
    /^Export again/,
  ],
  [
    "without-object-guid.csv",
    ["without-object-guid.csv: the export does not hold objectGUID. Nothing was written."],
    /^Export again: csvde -u /,
  ],
  [
    "guid-lost.csv",
    ["guid-lost.csv: the export does not hold objectGUID. Nothing was written."],
    /^Export again: Get-ADUser /,
  ],
  [
    "mapping.csv",
    [
      "mapping.csv: the export does not hold distinguishedName, objectClass, objectGUID, objectSid. Nothing was written.",
    ],
    /^Export again: Get-ADUser .*ToBase64String/,
  ],
  [
    "broken-hexadecimal.csv",
    [
      "broken-hexadecimal.csv:3 objectGUID: found \"X'dea847719a12dd4e953383982050211'\", which is not X'...' with pairs of hexadecimal digits",
    ],
    /^Export again: csvde/,
  ],
  [
    "guid-of-17-bytes.csv",
    ["guid-of-17-bytes.csv:3 objectGUID: found 17 bytes, which is no GUID of 16 bytes"],
    /^Export/,
  ],
  [
    "cut-line.csv",
    [
      'cut-line.csv:3: found 17 fields under 21 headings, beginning with "CN=Jones\\, Ben,OU=People,DC=old,DC=contoso,DC=example": the line was cut or changed',
    ],
    /^Export/,
  ],
  [
    "no-end-of-line.csv",
    ["no-end-of-line.csv: line 4 has no end, and no export ends so. Nothing was written."],
    /copy it again/,
  ],
  [
    "two-columns-of-one-name.csv",
    ["two-columns-of-one-name.csv: line 1 has two columns mail. Nothing was written."],
    /Take/,
  ],
  [
    "same-guid-twice.csv",
    [
      'same-guid-twice.csv:4 objectGUID: found "28d6e2d5-6368-4d5a-b671-d52b30172680", which line 2 has already; keep one export of each account',
    ],
    /^Export/,
  ],
  [
    "same-account-twice.csv",
    ['same-account-twice.csv:4 sAMAccountName: found "ADA", which line 2 has already; keep one export of each account'],
    /^Export/,
  ],
  [
    "guid-that-is-none.csv",
    ['guid-that-is-none.csv:3 objectGUID: found "7147a8de-129a-4edd-9533-83982050211", which is no GUID of 16 bytes'],
    /^Export/,
  ],
  [
    "letters-lost.csv",
    [
      'letters-lost.csv:4 sAMAccountName: found "cyd.mu?oz", where an export has put ? in place of a letter; export as Unicode (-u, or -Encoding UTF8)',
    ],
    /^Export/,
  ],
  [
    "uncertain-letters.csv",
    [
      'uncertain-letters.csv:4 sAMAccountName: found "cyd.muñoz" in a file that is neither UTF-8 nor UTF-16, so that its letters are uncertain; export as Unicode (-u, or -Encoding UTF8)',
    ],
    /^Export/,
  ],
  [
    "addresses-joined-by-commas.csv",
    [
      "addresses-joined-by-commas.csv:2 proxyAddresses: found \"SMTP:ada@contoso.example,smtp:ada@old.contoso.example\"; join the addresses with -join ';'",
    ],
    /^Export/,
  ],
  [
    "bytes-in-spaced-pairs.csv",
    [
      'bytes-in-spaced-pairs.csv:3 mS-DS-ConsistencyGuid: found "D5 E2 D6 28 68 63 5A 4D B6 71 D5 2B 30 17 26 80"; write its bytes in base64, as [Convert]::ToBase64String does',
    ],
    /^Export/,
  ],
  [
    "control-that-is-no-number.csv",
    ['control-that-is-no-number.csv:3 userAccountControl: found "NORMAL_ACCOUNT", which is no number'],
    /^Export/,
  ],
  [
    "enabled-that-is-neither.csv",
    ['enabled-that-is-neither.csv:3 Enabled: found "Wahr", which is neither True nor False'],
    /^Export/,
  ],
  [
    "no-domain-in-dn.csv",
    [
      'no-domain-in-dn.csv:3 distinguishedName: found "old.contoso.example/People/Ben", which lies in no domain (DC=...)',
    ],
    /^Export/,
  ],
  [
    "unclosed-quote.csv",
    ["unclosed-quote.csv: after line 2 comes a quote that is misplaced or never closed. Nothing was written."],
    /copy it again/,
  ],
  [
    "header-only.csv",
    ["header-only.csv:1: found no account; export users, with the filter objectClass=user"],
    /^Export/,
  ],
  [
    "other-table.csv",
    [
      'other-table.csv: this is no export of Active Directory that is known here: it begins with "name,phone". Nothing was written.',
    ],
    /ldifde, ldapsearch/,
  ],
  ["empty.csv", ["empty.csv: the file is empty. Nothing was written."], /^Export again/],
  ["cut-in-a-letter.csv", ["cut-in-a-letter.csv: it is not valid UTF-16. Nothing was written."], /damaged or cut/],
  [
    "utf-16-without-mark.csv",
    [
      "utf-16-without-mark.csv: there are NUL bytes in it: it is no text, or UTF-16 without a mark at its beginning. Nothing was written.",
    ],
    /do not convert/,
  ],
  ["there-is-no-such.csv", ["there-is-no-such.csv: there is no such file. Nothing was written."], /^Name the file/],
  [".", [".: this is not an ordinary file. Nothing was written."], /^Name the file/],
];

test.each(refused)("%s is refused", async (name, says, hint) => {
  const error = await open(name)
    .identify(never)
    .then(
      () => new Error("it was taken"),
      (reason: unknown) => reason,
    );
  if (!(error instanceof BatchError)) throw error;
  expect(error.code).toBe("input");
  expect(error.details.length > 0 ? error.details : [error.message.replace(FOLDER, "")]).toEqual(says);
  expect(error.hint).toMatch(hint);
});

test("every export among the fixtures has a test", () => {
  const tested = new Set([...sound, ...refused].map(([name]) => name));
  expect(readdirSync(FOLDER).filter((name) => !tested.has(name))).toEqual([]);
});

test("accounts of a file in Windows-1252 cannot be asked for by DN where a DN has a letter outside ASCII", async () => {
  const dn = "CN=Ada Lovelace,OU=People,DC=old,DC=contoso,DC=example";
  expect(await open("export-csv-unicode.csv").findAccounts("distinguishedName", [dn], never)).toHaveLength(1);
  await expect(
    open("export-csv-windows-1252.csv").findAccounts("distinguishedName", [dn], never),
  ).rejects.toMatchObject({
    code: "input",
    message: expect.stringContaining('uncertain, such as in "CN=Cyd Muñoz'),
  });
});

test("many problems are named up to the fiftieth, and the others counted", async () => {
  const { ExportProblems } = await import("../../../src/adapters/ad-export/export-problems.ts");
  const problems = new ExportProblems("some/where/old.csv");
  for (let line = 2; line < 62; line += 1) problems.add(line, "mail", "found nothing good");
  expect(() => problems.throwIfAny("Mend it.")).toThrow(
    "some/where/old.csv cannot be used as a directory: 60 problems.",
  );
  const details = await Promise.resolve()
    .then(() => problems.throwIfAny("Mend it."))
    .catch((error: BatchError) => error.details);
  expect(details?.slice(-2)).toEqual(["old.csv:51 mail: found nothing good", "and 10 more"]);
});
