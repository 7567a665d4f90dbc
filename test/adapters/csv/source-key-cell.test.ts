import { expect, test } from "vitest";
import { readMapping } from "../../../src/adapters/csv/read-mapping.ts";
import { readSourceKey } from "../../../src/adapters/csv/source-key-cell.ts";
import { SOURCE_KEYS, type SourceKey } from "../../../src/core/source-key.ts";

const accepted: readonly [key: SourceKey, cell: string, domain: string | null, account: string][] = [
  ["sAMAccountName", "CORP\\ada", "CORP", "ada"],
  ["sAMAccountName", "o'neil", null, "o'neil"],
  ["userPrincipalName", "ada@corp.contoso.example", null, "ada@corp.contoso.example"],
  ["userPrincipalName", "josé@contoso.example", null, "josé@contoso.example"],
  ["mail", "Ada.O'Neil+it@contoso.example", null, "Ada.O'Neil+it@contoso.example"],
  ["distinguishedName", "CN=Smith\\, Ada,OU=People,DC=contoso", null, "CN=Smith\\, Ada,OU=People,DC=contoso"],
  ["objectGUID", "{28D6E2D5-6368-4D5A-B671-D52B30172680}", null, "{28D6E2D5-6368-4D5A-B671-D52B30172680}"],
];
for (const [key, cell, domain, account] of accepted) {
  test(`readSourceKey takes ${cell} as ${key}`, () => {
    expect(readSourceKey(key, cell)).toEqual({ problem: null, value: { account, domain } });
  });
}

const refused: readonly [key: SourceKey, cell: string, problem: RegExp][] = [
  ["sAMAccountName", "ada@contoso.example", /plan with --source-key userPrincipalName or mail/],
  ["userPrincipalName", "ada", /write the account's UPN alone, such as/],
  ["userPrincipalName", "CORP\\ada@contoso.example", /UPN alone/],
  ["userPrincipalName", "ada@contoso@example", /UPN alone/],
  ["userPrincipalName", `${"a".repeat(1024)}@contoso.example`, /UPN alone/],
  ["mail", "SMTP:ada@contoso.example", /one mail address alone/],
  ["mail", "ada@contoso.example;a@contoso.example", /one mail address alone/],
  ["mail", "Ada <ada@contoso.example>", /one mail address alone/],
  ["mail", `${"a".repeat(256)}@contoso.example`, /one mail address alone/],
  ["distinguishedName", "ada", /write the whole DN as AD shows it/],
  ["distinguishedName", "CN=Ada", /write the whole DN as AD shows it/],
  ["distinguishedName", "CN=Smith, Ada,OU=People,DC=contoso", /write the whole DN as AD shows it/],
  ["objectGUID", "1eLWKGhjWk22cdUrMBcmgA==", /hardmatch convert makes it of base64/],
  ["objectGUID", "28d6e2d5", /write the objectGUID as/],
];
for (const [key, cell, problem] of refused) {
  test(`readSourceKey refuses ${cell.slice(0, 40)} as ${key}`, () => {
    expect(readSourceKey(key, cell)).toEqual({ value: null, problem: expect.stringMatching(problem) });
    expect(readSourceKey(key, cell).problem).toMatch(/^found "/);
  });
}

/** Reads a mapping of one row, whose account cell this is. */
async function readCell(sourceKey: SourceKey, cell: string) {
  const bytes = Buffer.from(`source,upn\n"${cell}",ada@contoso.example\n`);
  const source = {
    head: async (most: number) => bytes.subarray(0, most),
    async *pieces() {
      yield bytes;
    },
  };
  return await readMapping("people.csv", source, { sourceKey });
}

test.each(SOURCE_KEYS.filter((key) => key !== "objectGUID"))(
  "a mapping by %s names a hidden character and a lost letter in its account column",
  async (key) => {
    const whole = key === "distinguishedName" ? "CN=ada,DC=contoso" : key === "sAMAccountName" ? "ada" : "ada@contoso";
    expect((await readCell(key, whole)).mappings).toMatchObject([{ account: whole }]);
    const hidden = { details: [expect.stringContaining("U+200B")] };
    await expect(readCell(key, `${whole}\u200b`)).rejects.toMatchObject(hidden);
    const lost = { details: [expect.stringContaining("where a letter was")] };
    await expect(readCell(key, whole.replace("ada", "ad?"))).rejects.toMatchObject(lost);
  },
);

test("a curly apostrophe is damage in an account name, and part of a name in a DN", async () => {
  const curly = { details: [expect.stringContaining("U+2019")] };
  await expect(readCell("sAMAccountName", "o\u2019neil")).rejects.toMatchObject(curly);
  const dn = "CN=Se\u00e1n O\u2019Neil,DC=contoso,DC=example";
  expect((await readCell("distinguishedName", dn)).mappings).toMatchObject([{ account: dn }]);
});
