/** The company is what it says: whole, repeatable, and every line comes to what is written beside it. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ANCHOR_WRITE_CHECKS } from "../../../src/core/checks/anchor-write-checks.ts";
import { FINDING_CODES, type FindingCode } from "../../../src/core/findings.ts";
import { HOLDER_ACTIONS } from "../../../src/core/mapping.ts";
import {
  type Company,
  makeCleanCompany,
  makeCompany,
  PECULIARITIES,
  settle,
  withSyncAt,
} from "../../../src/sim/company/company.ts";
import { writeMappingCsv } from "../../../src/sim/company/mapping-csv.ts";
import { circle } from "../../../src/sim/company/peculiarity.ts";
import { createEmploy } from "../../../src/sim/company/person.ts";
import { PERMISSIONS } from "../../../src/sim/demo/simulation.ts";
import type { SimulatedTenant } from "../../../src/sim/tenant/world.ts";
import { planCompany } from "./plan-of-company.ts";

const digest = (company: Company) => createHash("sha256").update(JSON.stringify(company)).digest("hex");

/** Neither findings that a rollback alone has nor those about the whole tenant. */
const OF_A_ROW = /^(?!rollback-|tenant-)/;

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

test("somebody in the company provokes each finding about a row that writes to the cloud", () => {
  const provoked = new Set(PECULIARITIES.map(({ provokes }) => provokes));
  // The company writes to the cloud alone; test/cli/write-to-ad.test.ts has people who move between domains.
  const isHere = (code: FindingCode) => OF_A_ROW.test(code) && !Object.hasOwn(ANCHOR_WRITE_CHECKS, code);
  expect(FINDING_CODES.filter((code) => isHere(code) && !provoked.has(code))).toEqual([]);
});

const SYNCED_NOW = new Date().toISOString();
const inTenant = (changes: Partial<SimulatedTenant>): Company => {
  const company = makeCleanCompany(3, 4);
  return { ...company, tenant: { ...company.tenant, ...changes } };
};

const TENANTS = [
  {
    code: "tenant-hard-match-blocked",
    severity: "block",
    company: inTenant({ syncFeatures: { blockCloudObjectTakeoverThroughHardMatchEnabled: true } }),
  },
  { code: "tenant-sync-active", severity: "warn", company: inTenant({ onPremisesLastSyncDateTime: SYNCED_NOW }) },
  { code: "tenant-sync-off", severity: "warn", company: inTenant({ onPremisesSyncEnabled: null }) },
  {
    code: "tenant-password-sync",
    severity: "info",
    company: inTenant({ syncFeatures: { passwordSyncEnabled: true } }),
  },
  {
    code: "tenant-check-unavailable",
    severity: "warn",
    company: makeCleanCompany(3, 4),
    permissions: PERMISSIONS.filter((permission) => permission !== "Domain.Read.All"),
  },
] as const;

for (const { code, severity, company, ...limits } of TENANTS) {
  test(`${code} is all that a plan says where that is the case`, async () => {
    const plan = await planCompany(company, { replace: false, ...limits });
    expect(plan.findings).toMatchObject([{ code, severity, rows: [] }]);
  });
}

test("these tenants show every finding about a tenant", () => {
  const shown = new Set<string>(TENANTS.map(({ code }) => code));
  expect(FINDING_CODES.filter((code) => code.startsWith("tenant-") && !shown.has(code))).toEqual([]);
});

test("without the permissions for roles and sync the plan works and names each check that was not made", async () => {
  const permissions = PERMISSIONS.filter((permission) => !/^Role|^OnPrem|^User-OnPrem/.test(permission));
  const plan = await planCompany(makeCleanCompany(3, 4), { replace: false, permissions });
  expect(plan.findings.map(({ code }) => code)).toEqual(Array(3).fill("tenant-check-unavailable"));
  expect(plan.rows.map(({ action }) => action)).toEqual(Array(4).fill("set"));
});

test("settle refuses two people with one account name", () => {
  const employ = createEmploy(1);
  const twice = [employ("Ada", "Adler"), employ("Ada", "Adler")].map((person) => circle([person], []));
  expect(() => settle(1, twice)).toThrow("two people share the account corp\\ada.adler");
});

const PLANS = [
  { options: { replace: false, allow: [] }, says: "plain" },
  { options: { replace: true, allow: HOLDER_ACTIONS }, says: "replacing" },
] as const;

for (const { options, says } of PLANS) {
  test(`a plan says of every line what the company expects (replace: ${options.replace})`, async () => {
    const company = withSyncAt(makeCompany(), SYNCED_NOW);
    const plan = await planCompany(company, options);
    const ofTenant = plan.findings.filter(({ rows }) => rows.length === 0);
    expect(ofTenant.map(({ code }) => code)).toEqual(["tenant-sync-active", "tenant-password-sync"]);
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
      // A deleted user is nobody's target until it may be restored.
      userId: says === "plain" && line.acts.some(({ kind }) => kind === "restore") ? null : (line.target?.id ?? null),
      immutableId: line.immutableId,
    }));
    expect(found).toEqual(expected);
    const steps = plan.changes
      .filter(({ holder }) => holder)
      .map(({ row, kind, objectId: userId }) => ({ row, kind, userId }));
    const acts = company.expected.flatMap((line) =>
      line.acts.map(({ kind, userId }) => ({ row: line.row, kind, userId })),
    );
    expect(steps).toEqual(says === "plain" ? [] : acts);
  });
}

for (const seed of [5, 77, 20261122]) {
  test(`a plan of a clean company of 2,000 has every line to set and no finding (seed ${seed})`, async () => {
    const plan = await planCompany(makeCleanCompany(seed, 2_000), { replace: false });
    expect(plan.rows.length).toBe(2_000);
    expect(plan.rows.filter(({ action }) => action !== "set")).toEqual([]);
    expect(plan.findings).toEqual([]);
  });
}
