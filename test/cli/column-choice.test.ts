import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseColumnChoice } from "../../src/cli/column-choice.ts";

const cases: readonly (readonly [text: string, choice: ReturnType<typeof parseColumnChoice>])[] = [
  [
    "sAMAccountName=Logon name,userPrincipalName=Mail",
    { account: { heading: "Logon name" }, upn: { heading: "Mail" } },
  ],
  ['upn="Mail, primary"', { upn: { heading: "Mail, primary" } }],
  ['upn="say ""hi""" , sam = #3', { upn: { heading: 'say "hi"' }, account: { position: 3 } }],
  ['sam="#3"', { account: { heading: "#3" } }],
  ["domain=NT,onConflict=todo", { domain: { heading: "NT" }, onConflict: { heading: "todo" } }],
];

for (const [text, choice] of cases)
  test(`--columns ${text} is understood`, () => expect(parseColumnChoice(text)).toEqual(choice));

const FORM = "Write sAMAccountName=<heading>,userPrincipalName=<heading>; a heading with a comma stands in quotes.";
const wrong: readonly (readonly [text: string, says: string])[] = [
  ["", FORM],
  ["Logon name", FORM],
  ["sam=Logon,", FORM],
  ['upn="Mail', FORM],
  ['upn=Mail "x"', FORM],
  [
    "sAMAcountName=Logon",
    "There is no column sAMAcountName; did you mean sAMAccountName? Known are sAMAccountName, userPrincipalName, domain, onConflict, writeTo.",
  ],
  ["mail=Logon", "There is no column mail. Known are sAMAccountName, userPrincipalName, domain, onConflict, writeTo."],
  ["sam=Logon,sAMAccountName=Name", "sAMAccountName is named twice."],
  ["sam=Logon,upn=LOGON", "sAMAccountName and userPrincipalName cannot be the same column."],
  ["sam=#2,upn=#2", "sAMAccountName and userPrincipalName cannot be the same column."],
  ["sam=", "sAMAccountName: write the heading behind the equals sign."],
  [
    "sam=#0",
    "sAMAccountName: #0 is no position; #1 is the first column. A heading that begins with # stands in quotes.",
  ],
];

for (const [text, says] of wrong)
  test(`--columns ${text} is refused`, () => expect(parseColumnChoice(text)).toBe(says));

test("every example of --columns that the operator's page gives is understood", () => {
  const page = readFileSync(new URL("../../mappings/README.md", import.meta.url), "utf8");
  const examples = Array.from(page.matchAll(/^hardmatch .* --columns (?:'([^']*)'|"([^"]*)"|(\S+))$/gm), (match) =>
    match.slice(1).find((text) => text !== undefined),
  );
  expect(examples).toHaveLength(3);
  for (const example of examples) expect(parseColumnChoice(example ?? ""), example).toBeTypeOf("object");
});
