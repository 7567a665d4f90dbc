/**
 * Runs everything that reads text from outside over texts that repeat one thing, and prints the name of each reader when
 * it has come to its end, with the milliseconds that its slowest text took.
 *
 * A reader whose time grows with the square of its input does not come to its end while anybody waits.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openExportDirectory } from "../../src/adapters/ad-export/export-directory.ts";
import { bytesOfCell } from "../../src/adapters/ad-export/octets-text.ts";
import { recogniseFormat } from "../../src/adapters/ad-export/recognise-format.ts";
import { findDamage } from "../../src/adapters/csv/cell-damage.ts";
import { guardCell, unguardCell } from "../../src/adapters/csv/cells.ts";
import { readAccount, readDomain, readOnConflict, readUpn } from "../../src/adapters/csv/mapping-cells.ts";
import { readMappingFile } from "../../src/adapters/csv/read-mapping.ts";
import { readResultsFile } from "../../src/adapters/csv/read-results.ts";
import { showText } from "../../src/adapters/csv/show-text.ts";
import { readSourceKey } from "../../src/adapters/csv/source-key-cell.ts";
import { splitRecord } from "../../src/adapters/csv/split-fields.ts";
import { isHtml, readErrorBody, readReply } from "../../src/adapters/graph/graph-reply.ts";
import { readHttpDateMs, retryAfterMs } from "../../src/adapters/graph/retry-after.ts";
import { readTokenClaims } from "../../src/adapters/graph/token-claims.ts";
import { filterBySourceValues } from "../../src/adapters/ldap/filter.ts";
import { parseColumnChoice } from "../../src/cli/column-choice.ts";
import { readIdForms } from "../../src/cli/id-forms.ts";
import { showVisibly, writeJson } from "../../src/cli/render/visible-text.ts";
import { parseRowRanges } from "../../src/cli/row-ranges.ts";
import { RESULT_COLUMNS } from "../../src/core/columns.ts";
import { parseDn, sameDn } from "../../src/core/distinguished-name.ts";
import { BatchError } from "../../src/core/errors.ts";
import { parseGuid } from "../../src/core/guid.ts";
import { compareIdentity } from "../../src/core/identity.ts";
import { foldAccents, foldCase } from "../../src/core/names.ts";
import { domainSidOf, parseSid } from "../../src/core/security-identifier.ts";
import { SOURCE_KEYS } from "../../src/core/source-key.ts";
import { account, cloudUser } from "../support/facts.ts";

const LETTERS_OF_TEXT = 200_000;
const LETTERS_OF_FILE = 60_000;

/** What makes a careless pattern try again and again. */
const REPEATED = [
  ...[" ", '"', '""', ",", ";", "\\", "\\,", "\\\\ ", "a", "a@", "@", ".", "-", "=", "CN=a,", "1-", "1,", "1e", "0"],
  ...["+", "'", "<", "<html", "&", "\u200b", "\u0301", "\u00e9", "X'", "{", "[", "S-1-", "A b ", "=?", "\t", "%2"],
];
/** Of files, which go through several readers each: the letters that have a meaning in one. */
const REPEATED_IN_FILES = [" ", '"', ",", "\\,", "a", "\u200b"];
/** A last letter that fits nothing, so that a pattern which has taken all the rest must go back. */
const ENDINGS = ["", "!", "\u0000"];

const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  parseDn,
  sameDn: (each) => sameDn(each, `${each}x`),
  bytesOfCell,
  parseGuid,
  parseSid,
  domainSidOf,
  foldCase,
  foldAccents,
  retryAfterMs: (each) => retryAfterMs(each, each),
  readHttpDateMs,
  readTokenClaims,
  readIdForms,
  parseRowRanges,
  parseColumnChoice,
  showVisibly,
  writeJson,
  showText,
  readAccount,
  readDomain,
  readUpn,
  readOnConflict,
  ...Object.fromEntries(SOURCE_KEYS.map((key) => [`readSourceKey ${key}`, (each: string) => readSourceKey(key, each)])),
  filterBySourceValues: (each) => filterBySourceValues("distinguishedName", [each]),
  findDamage: (each) => [findDamage(each), findDamage(each, true)],
  guardCell: (each) => unguardCell(guardCell(each)),
  splitRecord: (each) => splitRecord(each, ","),
  recogniseFormat: (each) => recogniseFormat("x", each),
  isHtml: (each) => isHtml(readReply(200, new Headers(), each)),
  readErrorBody: (each) =>
    readErrorBody(readReply(400, new Headers({ "content-type": "application/json" }), each).json),
};

const namesOf = (name: string) => ({
  displayName: name,
  givenName: name,
  surname: name,
  mail: name,
  proxyAddresses: [name],
});

const folder = mkdtempSync(join(tmpdir(), "hardmatch-repetition-"));
const path = join(folder, "input.csv");
const never = new AbortController().signal;
const inFile = (beginning: string, read: () => Promise<unknown>) => async (repeated: string) => {
  writeFileSync(path, `${beginning}${repeated}`);
  await read();
};
const readExport = () => openExportDirectory({ domain: "OLD", path }).identify(never);
const CSVDE = "DN,objectClass,distinguishedName,name,objectGUID,objectSid,sAMAccountName\n";
const GET_ADUSER = '"DistinguishedName","ObjectClass","SamAccountName","ObjectGUID","SID"\n';
const FILE_READERS: Readonly<Record<string, (repeated: string) => Promise<unknown>>> = {
  "a mapping's header": inFile("", () => readMappingFile(path)),
  "a mapping's row": inFile("sam,upn,note\nada,ada@contoso.example,", () => readMappingFile(path)),
  "a mapping's quoted field": inFile('sam,upn,note\nada,ada@contoso.example,"', () => readMappingFile(path)),
  "a results file": inFile(`${RESULT_COLUMNS.map(({ heading }) => heading).join(",")},check\n`, () =>
    readResultsFile(path),
  ),
  "an LDIF export": inFile("dn: CN=ada,DC=old,DC=contoso,DC=example\nobjectClass: user\ncn: ", readExport),
  "a csvde export": inFile(`${CSVDE}"`, readExport),
  "an export of Get-ADUser": inFile(`${GET_ADUSER}"`, readExport),
};

/** A refusal is an answer as good as any other. */
async function endOf(act: () => unknown): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof BatchError)) throw error;
  }
}

async function exhaust(name: string, texts: Iterable<string>, read: (text: string) => unknown): Promise<void> {
  let slowestMs = 0;
  for (const text of texts) {
    const startedMs = performance.now();
    await endOf(() => read(text));
    slowestMs = Math.max(slowestMs, performance.now() - startedMs);
  }
  console.log(`${name}\t${slowestMs.toFixed(0)}`);
}

function* longTexts(): Generator<string> {
  for (const repeated of REPEATED) {
    const text = repeated.repeat(LETTERS_OF_TEXT / repeated.length);
    for (const ending of ENDINGS) yield text + ending;
    yield `CN=x${text}!`;
  }
}

function* longFiles(): Generator<string> {
  for (const repeated of REPEATED_IN_FILES) {
    const text = repeated.repeat(LETTERS_OF_FILE / repeated.length);
    yield text;
    yield text.replaceAll(/.{50}/gsu, "$&\n");
  }
}

try {
  for (const [name, read] of Object.entries(READERS)) await exhaust(name, longTexts(), read);
  for (const [name, read] of Object.entries(FILE_READERS)) await exhaust(name, longFiles(), read);
  await exhaust("a name that is compared", longFiles(), (name) =>
    compareIdentity(account("ada", namesOf(name)), cloudUser("ada", namesOf(`${name}x`))),
  );
} finally {
  rmSync(folder, { recursive: true });
}
