/** A mapping as other programs write it, from the file to the plan and to the mapping of what is left over. */
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CLOUD_ID } from "../support/facts.ts";
import { type SmallCompany, startSmallCompany } from "../support/small-company.ts";

let company: SmallCompany;
beforeAll(async () => {
  company = await startSmallCompany();
});
afterAll(() => company.close());

const TEXT = "sAMAccountName,userPrincipalName,wave\nada,ada@contoso.example,Z\u00FCrich\nben,ben@contoso.example,2\n";
const utf16 = (text: string, bigEndian: boolean): Buffer => {
  const bytes = Buffer.from(`\uFEFF${text}`, "utf16le");
  return bigEndian ? bytes.swap16() : bytes;
};

const write = (content: string | Uint8Array): string => {
  writeFileSync(company.path("mappings/people.csv"), content);
  return "mappings/people.csv";
};
const plan = async (content: string | Uint8Array, ...words: string[]) => {
  const { code, stdout, stderr } = await company.run(["plan", write(content), "--json", ...words]);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
};

describe("the plan", () => {
  test("A01, A02: is the same to the last byte whatever the encoding, line endings and delimiter of one content", async () => {
    const ways: readonly (readonly [string, string | Uint8Array, ...string[]])[] = [
      ["utf-8", TEXT],
      ["utf-8", `\uFEFF${TEXT}`],
      ["utf-8", TEXT.replaceAll("\n", "\r\n")],
      ["utf-8", TEXT.replaceAll("\n", "\r")],
      ["utf-8", TEXT.trimEnd()],
      ["utf-8", TEXT.replaceAll(",", ";")],
      ["utf-8", TEXT.replaceAll(",", "\t")],
      ["utf-8", TEXT.replaceAll(",", "|").replaceAll(/[^|\n]+/g, '"$&"')],
      ["utf-16le", utf16(TEXT, false)],
      ["utf-16be", utf16(TEXT.replaceAll("\n", "\r\n"), true)],
      ["windows-1252", Buffer.from(TEXT, "latin1")],
      ["iso-8859-15", Buffer.from(TEXT, "latin1"), "--encoding", "iso-8859-15"],
    ];
    const hashes = new Set<string>();
    for (const [encoding, content, ...words] of ways) {
      const document = await plan(content, ...words);
      expect(document.encoding).toBe(encoding);
      hashes.add(document.planHash);
    }
    expect(hashes.size).toBe(1);
  });

  test("says what was assumed and what was passed over, on screen and in JSON", async () => {
    const content = Buffer.from(`Wave 1 of the cut-over\n\n${TEXT}`, "latin1");
    const { stdout } = await company.run(["plan", write(content)]);
    expect(stdout).toContain(
      "The mapping is not UTF-8 (line 4) and was read as windows-1252; --encoding says what it is.\n",
    );
    expect(stdout).toContain("Line 1 above the header was skipped: Wave 1 of the cut-over\n");
    expect(stdout).toContain("1 blank line skipped.\n");
    expect(await plan(content)).toMatchObject({
      encoding: "windows-1252",
      encodingAssumed: true,
      linesAbove: [{ line: 1, text: "Wave 1 of the cut-over" }],
      blankLines: 1,
    });
    expect(await plan(TEXT)).toMatchObject({
      encoding: "utf-8",
      encodingAssumed: false,
      linesAbove: [],
      blankLines: 0,
    });
  });

  test("says which column lost to another that has our own heading", async () => {
    const content = "UPN,sAMAccountName,userPrincipalName\nx@contoso.example,ada,ada@contoso.example\n";
    const { stdout } = await company.run(["plan", write(content)]);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(
      "The column UPN is one of yours now, because there is a column userPrincipalName; --columns says which one counts.",
    );
    expect(await plan(content)).toMatchObject({ passedOver: [{ heading: "UPN", column: "userPrincipalName" }] });
  });

  test("says nothing of a plain mapping, and the encoding of one that names its own", async () => {
    expect((await company.run(["plan", write(TEXT)])).stdout).not.toMatch(/mapping (was|is not)|skipped/);
    const marked = await company.run(["plan", write(utf16(TEXT, false))]);
    expect(marked.stdout).toContain("The mapping was read as utf-16le.\n");
  });
});

describe("what is left over", () => {
  test("of a mapping with foreign headings and semicolons is planned again without a switch", async () => {
    const content =
      "HR export;;\nLogon;Mail, primary;sAMAccountName\nada;ada@contoso.example;x\nben;ben@contoso.example;y\n";
    const columns = 'sAMAccountName=Logon,userPrincipalName="Mail, primary"';
    await plan(content, "--columns", columns, "--run", "runs/foreign");
    company.tenant.changeUser(CLOUD_ID("ben"), { userType: "Guest" });
    const applied = await company.run(["apply", "runs/foreign", "--confirm", "2", "--skip-blocked"]);
    expect(applied.code, applied.stderr).toBe(6);
    expect(readFileSync(company.path("runs/foreign/plan.csv"), "utf8")).toMatch(/^\uFEFFrow;sAMAccountName;/);
    expect(readFileSync(company.path("runs/foreign/retry.csv"), "utf8")).toBe(
      "\uFEFFsAMAccountName;userPrincipalName;domain;onConflict;writeTo;mapping.sAMAccountName\r\nben;ben@contoso.example;;;;y\r\n",
    );
    company.tenant.changeUser(CLOUD_ID("ben"), { userType: "Member" });
    const again = await company.run(["plan", "runs/foreign/retry.csv", "--json"]);
    expect(again.code, again.stderr).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ rows: 1, rowsToWrite: 1 });
  });
});

describe("a switch that cannot be meant", () => {
  for (const [words, says] of [
    [["--encoding", "utf8"], "Did you mean utf-8?"],
    [["--encoding", "windows1252"], "Did you mean windows-1252?"],
    [["--encoding", "ebcdic"], "Known are utf-8, utf-16le"],
    [["--columns", "sAMAcountName=Logon"], "did you mean sAMAccountName?"],
  ] as const) {
    test(`${words.join(" ")} is refused before anything is read`, async () => {
      const { code, stderr } = await company.run(["plan", "mappings/none.csv", ...words]);
      expect([code, stderr]).toEqual([2, expect.stringContaining(says)]);
    });
  }
});
