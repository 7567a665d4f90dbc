/** Names on both sides that hold terminal codes, line breaks and markup: shown, never obeyed. */
import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeEntry, describePerson, type SmallCompany, startCompany } from "../support/small-company.ts";

/** Without the characters that Graph takes in no immutable ID. */
const TERMINAL = '\u001b[2J\u001b]0;owned\u0007\r\n{"event":"forged"}\u202e\u2028';
const HOSTILE =
  '\u001b[2J\u001b]0;owned\u0007\r\n{"level":"info","event":"forged"}\u202e\u2028<script>alert(1)</script>';

/** Any text can stand where an immutable ID does. */
const held = ({ userPrincipalName }: { readonly userPrincipalName: string }) =>
  userPrincipalName.startsWith("ben") ? `old${TERMINAL}` : null;

let company: SmallCompany;
beforeAll(async () => {
  const ada = describeEntry("ada");
  const names = { displayName: [`Ada ${HOSTILE}`], givenName: [`Ada${HOSTILE}`], sn: [`Keller${HOSTILE}`] };
  const users = ["ada", "ben"].map(describePerson);
  company = await startCompany({
    entries: [{ ...ada, attributes: { ...ada.attributes, ...names } }, describeEntry("ben")],
    users: users.map((user) => ({
      ...user,
      displayName: `Ben ${HOSTILE}`,
      surname: HOSTILE,
      onPremisesImmutableId: held(user),
    })),
  });
});
afterAll(() => company.close());

/** Line breaks apart, nothing that a terminal obeys or an eye cannot see. */
const OBEYED = /[\p{Cf}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u;

test("E11: every command shows hostile names of both sides escaped, on the screen, in JSON and in the files", async () => {
  const mapping = company.writeMapping(["ada", "ben"]);
  const ended = [
    await company.run(["plan", mapping, "--run", "runs/blocked", "--verbose"]),
    await company.run(["plan", mapping, "--run", "runs/a", "--replace", "--json"]),
    await company.run(["apply", "runs/a", "--confirm", "2", "--verbose"]),
    await company.run(["verify", "runs/a"]),
    await company.run(["status", "runs/a", "--json"]),
    await company.run(["rollback", "runs/a", "--confirm", "2", "--run", "runs/c", "--verbose"]),
  ];
  expect(ended.map(({ code }) => code)).toEqual([3, 0, 0, 0, 0, 0]);
  for (const { stdout, stderr } of ended) expect(stdout + stderr).not.toMatch(OBEYED);
  expect(ended[0]?.stdout).toContain("holds old<U+001B>[2J");
  expect(company.held("ben")).toEqual([`old${TERMINAL}`]);

  for (const run of ["blocked", "a", "c"]) {
    const log = readFileSync(company.path("runs", run, "log.ndjson"), "utf8");
    expect(log).not.toMatch(OBEYED);
    for (const line of log.trimEnd().split("\n")) expect(JSON.parse(line).event).not.toBe("forged");
    const html = readFileSync(company.path("runs", run, "report.html"), "utf8");
    expect(html).not.toMatch(OBEYED);
    expect(html).not.toContain("<script>alert");
  }
});

test("E11: a name with line breaks stays one cell of plan.csv", async () => {
  const text = readFileSync(company.path("runs/a/plan.csv"), "utf8");
  const rows: Record<string, string>[] = parse(text, { bom: true, columns: true });
  expect(rows.map(({ row, action }) => `${row} ${action}`)).toEqual(["2 set", "3 replace"]);
  expect(rows[0]?.displayName).toContain("Ben");
});
