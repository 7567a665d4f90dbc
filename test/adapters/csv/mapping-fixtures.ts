/**
 * What is expected of every file in `fixtures/mappings`: its rows, every problem of it, or what it is instead of
 * a mapping.
 */
import type { MappingHints } from "../../../src/adapters/csv/read-mapping.ts";
import type { Mapping, MappingFile } from "../../../src/core/mapping.ts";

export const ada: Mapping = {
  row: 2,
  account: "ada",
  domain: null,
  upn: "ada@contoso.example",
  onConflict: [],
  writeTo: null,
  extra: [],
};
export const ben: Mapping = { ...ada, row: 3, account: "ben", upn: "ben@contoso.example" };
export const cyd: Mapping = { ...ada, row: 4, account: "cyd", upn: "cyd@contoso.example" };
const at = (row: number, mapping: Mapping): Mapping => ({ ...mapping, row });

/** Rows, and whatever else is not as in a plain file: UTF-8 with commas and nothing that was passed over. */
export type Accepted = Pick<MappingFile, "mappings"> &
  Partial<Omit<MappingFile, "name" | "record" | "mappings">> & {
    readonly encoding?: MappingFile["record"]["encoding"];
  };

export const ACCEPTED: Readonly<Record<string, Accepted>> = {
  "plain.csv": { mappings: [ada, ben, cyd] },
  "bom.csv": { mappings: [ada, ben, cyd] },
  "crlf.csv": { mappings: [ada, ben, cyd] },
  "cr.csv": { mappings: [ada, ben, cyd] },
  "no-final-newline.csv": { mappings: [ada, ben, cyd] },
  "aliases.csv": { mappings: [{ ...ada, account: "Ada", domain: "corp", onConflict: ["clear-holder"] }] },
  "canonical-beats-alias.csv": {
    mappings: [{ ...ada, domain: "CORP", extra: ["hr", "old"] }],
    extraColumns: ["source", "netbios"],
    passedOver: [
      { heading: "source", column: "sAMAccountName" },
      { heading: "netbios", column: "domain" },
    ],
  },
  "reordered.csv": { mappings: [{ ...ada, domain: "CORP" }] },
  "domain-prefix.csv": {
    mappings: [
      { ...ada, domain: "CORP" },
      { ...ben, domain: "corp" },
      { ...cyd, domain: "CORP" },
    ],
  },
  "extra-columns.csv": {
    mappings: [
      { ...ada, extra: ["1", " Research, Development ", 'says "hi"?'] },
      { ...ben, extra: ["2", "", "a\u200Bb"] },
    ],
    extraColumns: ["wave", "department", "note"],
  },
  "columns-named-like-ours.csv": {
    mappings: [{ ...ada, extra: ["go", "7", "mine"] }],
    extraColumns: ["action", "row", "mapping.wave"],
  },
  "prototype-headings.csv": { mappings: [{ ...ada, extra: ["x", "y"] }], extraColumns: ["__proto__", "constructor"] },
  "blank-lines.csv": {
    mappings: [
      { ...ada, row: 4, extra: ["1"] },
      { ...ben, row: 8, extra: ["2"] },
    ],
    extraColumns: ["wave"],
    blankLines: 6,
  },
  "quoted-fields.csv": { mappings: [ada] },
  "outer-spaces.csv": { mappings: [ada] },
  "object-id.csv": { mappings: [{ ...ada, upn: "28D6E2D5-6368-4D5A-B671-D52B30172680" }] },
  "on-conflict.csv": {
    mappings: [
      { ...ada, onConflict: ["clear-holder"] },
      { ...ben, onConflict: ["restore-target", "purge-deleted-holder"] },
      cyd,
    ],
  },
  "row-begins-with-number-sign.csv": { mappings: [{ ...ada, account: "#ada" }] },
  "non-ascii-account.csv": { mappings: [{ ...ada, account: "jos\u00E9", upn: "jose@contoso.example" }] },
  "apostrophes.csv": {
    mappings: [
      { ...ada, account: "o'neil", upn: "o'neil@contoso.example", extra: ["=1+1"] },
      { ...ben, account: "-dash", upn: "'quoted@contoso.example", extra: ["'plain"] },
    ],
    extraColumns: ["note"],
  },
  "path-like-values.csv": {
    mappings: [
      { ...ada, account: "..", extra: ["../../x"] },
      { ...ben, extra: ["C:\\x"] },
    ],
    extraColumns: ["folder"],
  },
  "pipes.csv": { mappings: [ada, ben, cyd], delimiter: "|" },
  "semicolons.csv": { mappings: [ada, ben, cyd], delimiter: ";" },
  "tabs.csv": { mappings: [ada, ben, cyd], delimiter: "\t" },
  "powershell-type-line.csv": { mappings: [at(3, ada)] },
  "sep-line.csv": { mappings: [at(3, ada), at(4, ben), at(5, cyd)], delimiter: ";" },
  "sep-line-tab.csv": { mappings: [at(3, ada), at(4, ben), at(5, cyd)], delimiter: "\t" },
  "sep-line-in-quotes.csv": { mappings: [at(3, ada), at(4, ben), at(5, cyd)] },
  "type-line-and-sep-line.csv": { mappings: [at(4, ada), at(5, ben), at(6, cyd)], delimiter: ";" },
  "text-above-header.csv": {
    mappings: [at(5, ada), at(6, ben), at(7, cyd)],
    linesAbove: [
      { line: 1, text: "Cutover wave 1" },
      { line: 2, text: "exported;2026-11-03" },
    ],
    blankLines: 1,
  },
  "text-above-header-semicolons.csv": {
    mappings: [{ ...at(4, ada), extra: ["a,b"] }],
    delimiter: ";",
    extraColumns: ["note"],
    linesAbove: [{ line: 1, text: "Cutover, wave 1;;" }],
    blankLines: 1,
  },
  "blank-ends.csv": {
    mappings: [
      { ...ada, extra: ["1"] },
      { ...ben, extra: ["2"] },
      { ...cyd, extra: ["3"] },
    ],
    extraColumns: ["wave"],
  },
  "quoted-delimiters.csv": {
    mappings: [
      { ...ada, extra: ["a;b"] },
      { ...ben, extra: ["a,b|c"] },
    ],
    delimiter: ";",
    extraColumns: ["note; and more"],
  },
  "data-full-of-semicolons.csv": {
    mappings: [
      { ...ada, extra: ["a;b;c;d;e"] },
      { ...ben, extra: ["f;g;h;i"] },
    ],
    extraColumns: ["notes"],
  },
  "mark-twice.csv": { mappings: [ada, ben, cyd] },
  "utf-16-le.csv": { mappings: [ada, ben, cyd], encoding: "utf-16le" },
  "utf-16-be.csv": { mappings: [ada, ben, cyd], encoding: "utf-16be" },
  "utf-16-be-crlf.csv": { mappings: [ada, ben, cyd], encoding: "utf-16be" },
  "utf-16-le-with-accents.csv": {
    mappings: [
      { ...ada, account: "jos\u00E9", upn: "jose@contoso.example", extra: ["F&E \u{1F642}"] },
      { ...ben, extra: ["Gro\u00DFe Stra\u00DFe"] },
    ],
    encoding: "utf-16le",
    delimiter: "\t",
    extraColumns: ["department"],
  },
  "windows-1252-in-own-columns.csv": {
    mappings: [{ ...ada, extra: ["Gro\u00DFe Allee \u2013 5 \u20AC"] }],
    encoding: "windows-1252",
    encodingAssumedAt: 1,
    delimiter: ";",
    extraColumns: ["Stra\u00DFe"],
  },
  "iso-8859-1-with-controls.csv": {
    mappings: [{ ...ada, extra: ["5 \u20AC"] }],
    encoding: "windows-1252",
    encodingAssumedAt: 2,
    extraColumns: ["note"],
  },
  "windows-1253-undefined-byte.csv": {
    mappings: [{ ...ada, extra: ["\u00E1\u00AA"] }],
    encoding: "windows-1252",
    encodingAssumedAt: 2,
    extraColumns: ["note"],
  },
  // Composed and decomposed letters stay what they are: AD decides which one it has.
  "decomposed-name.csv": {
    mappings: [
      { ...ada, account: "jose\u0301" },
      { ...ben, account: "jos\u00E9" },
    ],
  },
};

const ASSUMED =
  'but the file is not UTF-8 (line 2) and nothing says that it is windows-1252; plan with --encoding windows-1252 if the name is right, else with the encoding that it is in, or save the file as UTF-8 (in Excel: "CSV UTF-8")';
const FORMULA_ERROR = "an error of a formula in Excel: mend the formula, or write the name itself, and export again";
const NUMBER_MADE =
  "Excel has made a number of it and its digits are lost: format the column as Text, paste the names anew and export again";
const TYPE_NAME =
  "PowerShell wrote the name of a type for a property with several values: export the one value instead";
const TEXT_ABOVE =
  "found text above the header, which seems to be line 2; delete what stands above it, or name its columns sAMAccountName and userPrincipalName (or with --columns)";

/** Every detail, without the file's name in front. */
export const PROBLEMS: Readonly<Record<string, readonly string[]>> = {
  "header-again.csv": [":3: found the header of line 1 again; delete the line"],
  "control-character-and-a-field-too-many.csv": [
    ':2:1 sAMAccountName: found the control character U+0007 in "a<U+0007>da"; write the field without it',
  ],
  "account-called-sam-without-header.csv": [`:1: ${TEXT_ABOVE}`],
  "bad-byte-after-utf-8-mark.csv": [
    ':3:1 sAMAccountName: found the byte 0xE9, which is not UTF-8; save the file as UTF-8 (in Excel: "CSV UTF-8")',
  ],
  "canonical-heading-twice.csv": [
    ':1:2: found 2 columns for sAMAccountName: "sAMAccountName" (field 1) and "sAMAccountName" (field 2); keep one, and call it sAMAccountName, or say which by --columns sAMAccountName=#1',
  ],
  "csvde-bytes.csv": [
    ":2:1 sAMAccountName: found \"X'6a6f73c3a9'\"; csvde wrote the bytes of a name instead of the name: export again with csvde -u",
  ],
  "decomposed-upn.csv": [
    ':2:2 userPrincipalName: found "jose\u0301@contoso.example"; no UPN can hold U+0301 \u0301: write the UPN as the Entra portal shows it',
  ],
  "duplicate-column.csv": [
    ':1:2: found 2 columns for sAMAccountName: "sAMAccountName" (field 1) and "samaccountname" (field 2); keep one, and call it sAMAccountName, or say which by --columns sAMAccountName=#1',
  ],
  "error-values.csv": [
    `:2:1 sAMAccountName: found "#NAME?"; ${FORMULA_ERROR}`,
    `:3:2 userPrincipalName: found "#REF!"; ${FORMULA_ERROR}`,
    `:4:1 sAMAccountName: found "#N/A"; ${FORMULA_ERROR}`,
    `:5:1 sAMAccountName: found "#DIV/0!"; ${FORMULA_ERROR}`,
    `:6:1 sAMAccountName: found "#BEZUG!"; ${FORMULA_ERROR}`,
    ':7:1 sAMAccountName: found "########"; Excel wrote it for a column that is too narrow: widen the column and export again',
  ],
  "foreign-headings.csv": [
    ":1: found no column sAMAccountName; add it (sam, username, source, sourcesam, targetsam are accepted too), or say with --columns which one it is",
  ],
  "foreign-headings-below-text.csv": [
    ':1: found no heading that names the accounts or the cloud users, but "HR export", ""; the first line must be the header, with sAMAccountName and userPrincipalName, or name your own headings with --columns',
  ],
  "header-in-the-middle.csv": [
    ':1: found "ada,ada@contoso.example", which may be a row, above the header in line 2; put the header first, or delete what is no row',
  ],
  "homoglyphs.csv": [
    ':2:2 userPrincipalName: found "\u0430da@contoso.example"; no UPN can hold U+0430 \u0430 (a Cyrillic letter): write the UPN as the Entra portal shows it',
    ':3:2 userPrincipalName: found "b\u03B5n@contoso.example"; no UPN can hold U+03B5 \u03B5 (a Greek letter): write the UPN as the Entra portal shows it',
    ':4:2 userPrincipalName: found "cyd@contoso.ex\u0430mple"; no UPN can hold U+0430 \u0430 (a Cyrillic letter) in its domain: write the UPN as the Entra portal shows it',
    ':5:2 userPrincipalName: found "\uFF44ee@contoso.example"; no UPN can hold U+FF44 \uFF44 (a full-width letter): write the UPN as the Entra portal shows it',
    ':6:2 userPrincipalName: found "\uFB01eve@contoso.example"; no UPN can hold U+FB01 \uFB01: write the UPN as the Entra portal shows it',
  ],
  "lone-surrogates.csv": [
    ":2:1 sAMAccountName: found half a character (U+D83D), which a program has cut; write the field anew",
    ":3:3 note: found half a character (U+DC00), which a program has cut; write the field anew",
  ],
  "long-field.csv": [":2:3 note: found a field of 32,768 characters; write 32,767 at most"],
  "missing-column.csv": [
    ":1: found no column userPrincipalName; add it (upn, target, targetupn, clouduser, entraupn are accepted too), or say with --columns which one it is",
  ],
  "no-header.csv": [
    ':1: found no heading that names the accounts or the cloud users, but "ada", "ada@contoso.example"; the first line must be the header, with sAMAccountName and userPrincipalName, or name your own headings with --columns',
  ],
  "odd-end-of-utf-16.csv": [
    ":5:1 sAMAccountName: found the byte 0x61, which has no meaning in utf-16le; save the file anew, or say with --encoding what it is",
  ],
  "powershell-objects.csv": [
    `:2:2 userPrincipalName: found "Microsoft.ActiveDirectory.Management.ADPropertyValueCollecti\u2026"; ${TYPE_NAME}`,
    `:3:1 sAMAccountName: found "System.Object[]"; ${TYPE_NAME}`,
    `:4:2 userPrincipalName: found "System.Collections.Generic.List\`1[System.String]"; ${TYPE_NAME}`,
  ],
  "row-of-other-delimiter.csv": [
    ":3:2 userPrincipalName: found 1 field where the header has 2; write every field of the row, empty ones too",
  ],
  "same-heading-twice.csv": [
    ':1: found no heading that names the accounts or the cloud users, but "Name", "Name", "wave"; the first line must be the header, with sAMAccountName and userPrincipalName, or name your own headings with --columns',
  ],
  "scientific-notation.csv": [
    `:2:1 sAMAccountName: found "1E+10"; ${NUMBER_MADE}`,
    `:3:1 sAMAccountName: found "1,23457E+12"; ${NUMBER_MADE}`,
    `:4:1 sAMAccountName: found "1.2E+05"; ${NUMBER_MADE}`,
  ],
  "sep-line-contradicts-header.csv": [
    ':2: found a header that is separated by the comma, but "sep=;" in line 1; correct that line, or take it out',
  ],
  "sep-line-unknown.csv": [':1: found "sep=:"; write sep= and one of , ; | or a tab, once, or take the line out'],
  "smart-quotes.csv": [
    ':2:1 sAMAccountName: found "o\u2019neil"; a word processor has put U+2019 RIGHT SINGLE QUOTATION MARK for a plain quote or apostrophe: write the name as it is in AD or Entra',
    ':3:1 sAMAccountName: found "\u201Cben\u201D"; a word processor has put U+201C LEFT DOUBLE QUOTATION MARK for a plain quote or apostrophe: write the name as it is in AD or Entra',
    ':4:2 userPrincipalName: found "o\u2018hara@contoso.example"; a word processor has put U+2018 LEFT SINGLE QUOTATION MARK for a plain quote or apostrophe: write the name as it is in AD or Entra',
  ],
  "text-above-aliases.csv": [`:1: ${TEXT_ABOVE}`],
  "two-aliases.csv": [
    ':1:3: found 2 columns for userPrincipalName: "upn" (field 2) and "target" (field 3); keep one, and call it userPrincipalName, or say which by --columns userPrincipalName=#2',
  ],
  "two-delimiters-fit.csv": [
    ":1: found a header that can be separated by the comma and by the semicolon; say which by a line above it, such as sep=;",
  ],
  "two-sep-lines.csv": [':2: found "sep=;"; write sep= and one of , ; | or a tab, once, or take the line out'],
  "unnamed-column.csv": [':3:3: found "CORP" in a column without a heading; name the column, or delete it'],
  "unnamed-column-inside.csv": [":1:2: found a column without a heading; name it, or delete the column"],
  "windows-1252.csv": [
    `:2:1 sAMAccountName: found "jos\u00E9", ${ASSUMED}`,
    `:4:1 sAMAccountName: found "zo\u00EB", ${ASSUMED}`,
  ],
  "windows-1252-one-byte-apart.csv": [
    `:2:1 sAMAccountName: found "jos\u00E9", ${ASSUMED}`,
    `:3:1 sAMAccountName: found "jos\u00E8", ${ASSUMED}`,
  ],
  "account-cannot-be.csv": [
    ':2:1 sAMAccountName: found "ada@contoso.example"; write the sAMAccountName, or plan with --source-key userPrincipalName or mail if the column holds UPNs or addresses',
    ':3:1 sAMAccountName: found "b*n"; no sAMAccountName can hold *: write the name that AD has',
    ':4:1 sAMAccountName: found "c,d"; no sAMAccountName can hold ,: write the name that AD has',
    ':5:1 sAMAccountName: found "CORP\\x\\dee"; no sAMAccountName can hold \\: write the name that AD has',
    ':6:1 sAMAccountName: found "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…"; no sAMAccountName is longer than 256 characters: write the name that AD has',
  ],
  "contradicting-domain.csv": [
    ':2:3 domain: found "SALES", but "CORP" in front of the account; write the same domain in both, or in one alone',
  ],
  "control-characters.csv": [
    ':2:1 sAMAccountName: found the control character U+0000 in "a<U+0000>da"; write the field without it',
    ':3:3 note: found the control character U+0009 in "a<U+0009>b"; write the field without it',
    ':4:3 note: found the control character U+0085 in "a<U+0085>b"; write the field without it',
    ':5:1 sAMAccountName: found the control character U+007F in "d<U+007F>ee"; write the field without it',
  ],
  "domain-cannot-be.csv": [
    ':2:3 domain: found "corp.contoso.example"; longer than 15 characters: write the domain\'s NetBIOS name, such as CORP',
    ':3:3 domain: found "CO RP"; write the domain\'s NetBIOS name, such as CORP',
  ],
  "duplicate-own-column.csv": [':1:4: found the heading "wave" a second time, first in field 3; rename one'],
  "empty-required-field.csv": [
    ":2:1 sAMAccountName: found nothing; write the AD account, or delete the row",
    ":3:2 userPrincipalName: found nothing; write the cloud user, or delete the row",
    ':4:1 sAMAccountName: found "CORP\\"; write the account\'s sAMAccountName',
  ],
  "empty.csv": [":1: found an empty file; write a header and a row for every person"],
  "formula-in-account.csv": [
    ':2:1 sAMAccountName: found "=1+1"; no sAMAccountName can hold =: write the name that AD has',
    ':3:2 userPrincipalName: found "=HYPERLINK(http://x)"; write the whole UPN, such as ada@contoso.example, or the user\'s object id',
  ],
  "header-only.csv": [":1: found a header and no row; write a row for every person"],
  "invisible-characters.csv": [
    ':2:1 sAMAccountName: found U+200B ZERO WIDTH SPACE in "ada<U+200B>"; take it out, or write the name anew',
    ':3:1 sAMAccountName: found U+00AD SOFT HYPHEN in "b<U+00AD>en"; take it out, or write the name anew',
    ':4:1 sAMAccountName: found U+202E RIGHT-TO-LEFT OVERRIDE in "<U+202E>cyd"; take it out, or write the name anew',
    ':5:1 sAMAccountName: found U+00A0 NO-BREAK SPACE in "dee<U+00A0>dee"; take it out, or write the name anew',
    ':6:2 userPrincipalName: found U+FEFF ZERO WIDTH NO-BREAK SPACE in "eve@contoso.example<U+FEFF>"; take it out, or write the name anew',
    ':7:1 sAMAccountName: found U+3164 HANGUL FILLER in "fay<U+3164>"; take it out, or write the name anew',
  ],
  "line-break-in-field.csv": [
    ":2:3 note: found a line break inside a field, which ends in line 4; write the field on one line",
    ':5:2 userPrincipalName: found "ben"; write the whole UPN, such as ada@contoso.example, or the user\'s object id',
  ],
  "only-blank-lines.csv": [":1: found an empty file; write a header and a row for every person"],
  "question-mark.csv": [
    ':2:1 sAMAccountName: found "jos?"; an export has put ? where a letter was: export again as UTF-8',
    ':3:2 userPrincipalName: found "zo?@contoso.example"; an export has put ? where a letter was: export again as UTF-8',
    ':4:1 sAMAccountName: found "fay�"; an export has put U+FFFD where a letter was: export again as UTF-8',
  ],
  "stray-quote.csv": [
    ":2:3 note: found a quote inside a field that does not begin with one; put the whole field in quotes and write each quote inside it twice",
    ":3:3 note: found text after the closing quote; put the whole field in quotes and write each quote inside it twice",
  ],
  "too-few-fields.csv": [
    ":2:3 domain: found 2 fields where the header has 3; write every field of the row, empty ones too",
  ],
  "too-many-fields.csv": [
    ":2:4: found 4 fields where the header has 3; write a field that holds a comma in quotes, and delete what is too much",
  ],
  "unclosed-quote.csv": [
    ':2:2 userPrincipalName: found "ada"; write the whole UPN, such as ada@contoso.example, or the user\'s object id',
    ":3:1 sAMAccountName: found a quote that is never closed; close it, or take it out",
    ':5:2 userPrincipalName: found "dee"; write the whole UPN, such as ada@contoso.example, or the user\'s object id',
  ],
  "unknown-decision.csv": [
    ':2:3 onConflict: found "remove"; write one of clear-holder, delete-holder, purge-deleted-holder, restore-target, clear-object-identifier, or several joined by +',
    ':3:3 onConflict: found "clear-holder+"; write one of clear-holder, delete-holder, purge-deleted-holder, restore-target, clear-object-identifier, or several joined by +',
  ],
  "upn-cannot-be.csv": [
    ':2:2 userPrincipalName: found "ada"; write the whole UPN, such as ada@contoso.example, or the user\'s object id',
    ':3:2 userPrincipalName: found "ben@"; write the whole UPN, such as ada@contoso.example, or the user\'s object id',
    ':4:2 userPrincipalName: found "cyd@@contoso.example"; write the whole UPN, such as ada@contoso.example, or the user\'s object id',
    ':5:2 userPrincipalName: found "dee dee@contoso.example"; no UPN can hold a space: write the UPN as the Entra portal shows it',
    ':6:2 userPrincipalName: found "éve@contoso.example"; no UPN can hold U+00E9 é: write the UPN as the Entra portal shows it',
    ':7:2 userPrincipalName: found "fаy@contoso.example"; no UPN can hold U+0430 а (a Cyrillic letter): write the UPN as the Entra portal shows it',
    ':8:2 userPrincipalName: found "gus@contoso_x.example"; no UPN can hold _ in its domain: write the UPN as the Entra portal shows it',
    ':9:2 userPrincipalName: found "hal&@contoso.example"; no UPN can hold &: write the UPN as the Entra portal shows it',
    ':10:2 userPrincipalName: found "iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii…"; no UPN is longer than 113 characters: write the UPN as the Entra portal shows it',
  ],
  "zero-width-in-heading.csv": [
    ':1:1: found U+200B ZERO WIDTH SPACE in the heading "sAMAccount<U+200B>Name"; take it out',
  ],
  "many-problems.csv": [
    ...Array.from(
      { length: 100 },
      (_row, index) =>
        `:${index + 2}:2 userPrincipalName: found "nobody"; write the whole UPN, such as ada@contoso.example, or the user's object id`,
    ),
    "and 20 more",
  ],
};

const SAVE_AS_UTF8 =
  'Save it again as UTF-8: in Excel as "CSV UTF-8 (comma delimited)", in PowerShell with -Encoding utf8.';

const UNPACK = "Unpack it first, and name the CSV file that was in it.";

/** What the message says after the path, and the hint. */
export const NO_TEXT: Readonly<Record<string, readonly [problem: string, hint: string]>> = {
  "utf-16-without-mark.csv": [
    "this is UTF-16 text (little-endian) without a mark that says so",
    "Plan with --encoding utf-16le, or save it again as UTF-8.",
  ],
  "utf-32.csv": ["this is UTF-32 text, not UTF-8", SAVE_AS_UTF8],
  "xls.csv": [
    "this is an old Excel workbook (.xls), not a CSV file",
    'Open it in Excel and save it as "CSV UTF-8 (comma delimited)".',
  ],
  "picture.csv": ["its first bytes are no text, so this is not a CSV file", "Name the file that holds the mapping."],
  "7-zip.csv": ["this is a 7-Zip archive, not a CSV file", UNPACK],
  "xz.csv": ["this is an xz archive, not a CSV file", UNPACK],
  "zstd.csv": ["this is a zstd archive, not a CSV file", UNPACK],
  "pdf.csv": ["this is a PDF file, not a CSV file", "Export the table that it was made of as CSV."],
  "gzip.csv": ["this is a gzip archive, not a CSV file", "Unpack it with gunzip first."],
  "zip.csv": [
    "this is a zip archive or an Excel workbook (.xlsx), not a CSV file",
    'If it is an archive, unpack it; if it is a workbook: open it in Excel and save it as "CSV UTF-8 (comma delimited)".',
  ],
};

/** Files that say by themselves too little, or the wrong thing, and what comes of them with the operator's word. */
export const HINTED: readonly {
  readonly file: string;
  readonly hints: MappingHints;
  readonly expect: Accepted | readonly string[];
}[] = [
  {
    file: "utf-16-without-mark.csv",
    hints: { encoding: "utf-16le" },
    expect: { mappings: [ada, ben, cyd], encoding: "utf-16le" },
  },
  {
    file: "windows-1252.csv",
    hints: { encoding: "windows-1252" },
    expect: {
      mappings: [
        { ...ada, account: "jos\u00E9", upn: "jose@contoso.example" },
        ben,
        { ...cyd, account: "zo\u00EB", upn: "zoe@contoso.example" },
      ],
      encoding: "windows-1252",
    },
  },
  {
    file: "windows-1252.csv",
    hints: { encoding: "windows-1251" },
    expect: {
      mappings: [
        { ...ada, account: "jos\u0439", upn: "jose@contoso.example" },
        ben,
        { ...cyd, account: "zo\u043B", upn: "zoe@contoso.example" },
      ],
      encoding: "windows-1251",
    },
  },
  {
    file: "windows-1252.csv",
    hints: { encoding: "utf-8" },
    expect: [
      ':2:1 sAMAccountName: found the byte 0xE9, which is not UTF-8; save the file as UTF-8 (in Excel: "CSV UTF-8")',
      ':4:1 sAMAccountName: found the byte 0xEB, which is not UTF-8; save the file as UTF-8 (in Excel: "CSV UTF-8")',
    ],
  },
  {
    file: "iso-8859-1-with-controls.csv",
    hints: { encoding: "iso-8859-1" },
    expect: [':2:3 note: found the control character U+0080 in "5 <U+0080>"; write the field without it'],
  },
  {
    file: "iso-8859-1-with-controls.csv",
    hints: { encoding: "iso-8859-15" },
    expect: [':2:3 note: found the control character U+0080 in "5 <U+0080>"; write the field without it'],
  },
  {
    file: "windows-1253-undefined-byte.csv",
    hints: { encoding: "windows-1253" },
    expect: [
      ":2:3 note: found the byte 0xAA, which has no meaning in windows-1253; save the file anew, or say with --encoding what it is",
    ],
  },
  {
    file: "foreign-headings.csv",
    hints: {
      columns: {
        account: { heading: "Logon name" },
        upn: { heading: "Mail, primary" },
        domain: { heading: "nt_domain" },
      },
    },
    expect: {
      mappings: [{ ...ada, domain: "CORP", extra: ["old-ada@contoso.example"] }],
      extraColumns: ["userPrincipalName"],
    },
  },
  {
    file: "foreign-headings.csv",
    hints: { columns: { account: { heading: "Logon" } } },
    expect: [
      ':1: found 4 fields separated by the comma ("Logon name", "Mail, primary", "NT domain", "userPrincipalName") and not the heading "Logon", which --columns names for sAMAccountName; write the heading as it stands in the file',
    ],
  },
  {
    file: "foreign-headings.csv",
    hints: { columns: { account: { heading: "Logon name" }, upn: { position: 1 } } },
    expect: [
      ':1:1: found "Logon name", which --columns names for both sAMAccountName and userPrincipalName; name a column of its own for each',
    ],
  },
  {
    file: "foreign-headings-below-text.csv",
    hints: { columns: { account: { heading: "Anmeldename" }, upn: { heading: "Ben\u00FCtzer" } } },
    expect: {
      mappings: [at(3, ada)],
      delimiter: ";",
      linesAbove: [{ line: 1, text: "HR export;" }],
    },
  },
  {
    file: "foreign-headings-below-text.csv",
    hints: { columns: { account: { heading: "Anmeldung" }, upn: { heading: "Benutzer" } } },
    expect: [
      ':1: found no heading that names the accounts or the cloud users, but "HR export", ""; write the headings in --columns as they stand in the file',
    ],
  },
  {
    file: "no-header.csv",
    hints: { columns: { account: { position: 1 }, upn: { position: 2 } } },
    expect: [
      ':1: found "ada@contoso.example", which may be a person, where --columns wants a heading; write a header above the first row',
    ],
  },
  {
    file: "same-heading-twice.csv",
    hints: { columns: { account: { position: 1 }, upn: { position: 2 } } },
    expect: { mappings: [{ ...ada, extra: ["1"] }], delimiter: ";", extraColumns: ["wave"] },
  },
  {
    file: "same-heading-twice.csv",
    hints: { columns: { account: { heading: "Name" }, upn: { heading: "wave" } } },
    expect: [
      ':1:2: found 2 columns for sAMAccountName: "Name" (field 1) and "Name" (field 2); keep one, and call it sAMAccountName, or say which by --columns sAMAccountName=#1',
    ],
  },
  {
    file: "same-heading-twice.csv",
    hints: { columns: { account: { position: 1 }, upn: { position: 4 } } },
    expect: [
      ':1: found 3 fields separated by the semicolon ("Name", "Name", "wave") and not field 4, which --columns names for userPrincipalName; write the heading as it stands in the file',
    ],
  },
  {
    file: "canonical-heading-twice.csv",
    hints: { columns: { account: { position: 1 } } },
    expect: { mappings: [{ ...ada, extra: ["ada2"] }], extraColumns: ["sAMAccountName"] },
  },
];
