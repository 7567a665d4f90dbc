/** The company is what it says: whole, repeatable, and every line comes to what is written beside it. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FINDING_CODES } from "../../../src/core/findings.ts";
import {
  type Company,
  makeCleanCompany,
  makeCompany,
  PECULIARITIES,
  settle,
} from "../../../src/sim/company/company.ts";
import { writeMappingCsv } from "../../../src/sim/company/mapping-csv.ts";
import { circle } from "../../../src/sim/company/peculiarity.ts";
import { createEmploy } from "../../../src/sim/company/person.ts";
import { planCompany } from "./plan-of-company.ts";

const digest = (company: Company) => createHash("sha256").update(JSON.stringify(company)).digest("hex");

/** Findings that a rollback alone has. */
const OF_ROLLBACK = /^rollback-/;

test("makeCompany makes the same company every time, and another one of another seed", () => {
  expect(digest(makeCompany())).toBe(digest(makeCompany()));
  expect(digest(makeCompany(7))).not.toBe(digest(makeCompany()));
});

test("makeCompany survives JSON, so that a simulation in another process can serve it", () => {
  expect(JSON.parse(JSON.stringify(makeCompany()))).toEqual(makeCompany());
});

test("mappings/example.csv is the company's mapping", () => {
  expect(readFileSync("mappings/example.csv", "utf8")).toBe(writeMappingCsv(makeCompany().mapping));
});

test("each peculiarity has a title of its own and provokes what it says", () => {
  expect(new Set(PECULIARITIES.map(({ title }) => title)).size).toBe(PECULIARITIES.length);
  const employ = createEmploy(1);
  const silent = PECULIARITIES.filter(({ provokes, make }) =>
    make(employ).rows.every(({ plain, replacing }) => ![...plain.findings, ...replacing.findings].includes(provokes)),
  );
  expect(silent.map(({ title }) => title)).toEqual([]);
});

test("somebody in the company provokes each finding of a plan", () => {
  const provoked = new Set(PECULIARITIES.map(({ provokes }) => provokes));
  expect(FINDING_CODES.filter((code) => !OF_ROLLBACK.test(code) && !provoked.has(code))).toEqual([]);
});

test("settle refuses two people with one account name", () => {
  const employ = createEmploy(1);
  const twice = [employ("Ada", "Adler"), employ("Ada", "Adler")].map((person) => circle([person], []));
  expect(() => settle(1, twice)).toThrow("two people share the account corp\\ada.adler");
});

const PLANS = [
  { options: { replace: false }, says: "plain" },
  { options: { replace: true }, says: "replacing" },
] as const;

for (const { options, says } of PLANS) {
  test(`a plan says of every line what the company expects (replace: ${options.replace})`, async () => {
    const company = makeCompany();
    const plan = await planCompany(company, options);
    const found = plan.rows.map(({ row, action, findings, userId, immutableId }) => ({
      row,
      action,
      findings,
      userId,
      immutableId,
    }));
    const expected = company.expected.map((line) => ({
      row: line.row,
      ...line[says],
      userId: line.target?.id ?? null,
      immutableId: line.immutableId,
    }));
    expect(found).toEqual(expected);
  });
}

test("a plan of a clean company has every line to set and no finding, beyond the names of one round too", async () => {
  const company = makeCleanCompany(5, 320);
  const plan = await planCompany(company, { replace: false });
  expect(plan.rows.length).toBe(320);
  expect(plan.rows.filter(({ action, findings }) => action !== "set" || findings.length > 0)).toEqual([]);
});
