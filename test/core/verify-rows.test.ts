import { describe, expect, test } from "vitest";
import { type Plan, sealPlan } from "../../src/core/plan.ts";
import { indexAccounts, resolveMapping } from "../../src/core/resolution.ts";
import { verifyRows } from "../../src/core/verify-rows.ts";
import { account, anchorOf, cloudUser, digest, guidFor, mapping, planOf, type SmallWorld } from "../support/facts.ts";
import { nameVerdicts, outcomesAfter, presentSides } from "./present-sides.ts";

const SID = "S-1-5-21-1004336348-1177238915-682003330-1108";
/** Row 2 is written, row 3 holds its ID already, row 4 is blocked, row 5 is blocked though both its sides are known. */
const WORLD: SmallWorld = {
  accounts: [account("ada", { objectSid: SID }), account("ben"), account("cyd")],
  users: [
    cloudUser("ada"),
    cloudUser("ben", { immutableId: anchorOf("ben") }),
    cloudUser("cyd", { immutableId: "foreign" }),
  ],
  mappings: [mapping(2, "ada"), mapping(3, "ben"), mapping(4, "nobody"), mapping(5, "cyd")],
};
const PLAN = planOf(WORLD);
const ADA = anchorOf("ada");
const DONE = { "2.1": "change accepted verified" };

/** The rows of a plan with the AD accounts that they mean. */
const byRow = new Map(
  WORLD.mappings.map((one) => [
    one.row,
    resolveMapping(one, indexAccounts([{ domain: "CORP", accounts: WORLD.accounts }])),
  ]),
);

function verify(users: SmallWorld["users"], asked: Pick<Plan, "rows" | "header"> = PLAN) {
  return verifyRows(asked, outcomesAfter(PLAN, DONE), presentSides({ users }, { byRow }));
}

describe("verifyRows", () => {
  const ada = cloudUser("ada", { immutableId: ADA });

  test("a row that held its ID before the run is judged too, a blocked one is not", () => {
    expect(nameVerdicts(verify([ada, cloudUser("ben", { immutableId: "foreign" })]))).toEqual(["2 holds", "3 drifted"]);
  });

  test("a row that held its ID before the run and that somebody has emptied has drifted, and is not parked", () => {
    const row = verify([ada, cloudUser("ben")]).find(({ planned }) => planned.row === 3);
    expect([row?.verdict, row?.detail, row?.trouble]).toEqual(["drifted", "the user holds no ID", "value-changed"]);
  });

  test("no other row is judged than those that are asked for", () => {
    const asked = { ...PLAN, rows: PLAN.rows.filter(({ row }) => row === 3) };
    expect(nameVerdicts(verify([ada], asked))).toEqual(["3 gone"]);
  });

  test("the user of another row was not made instead of this row's, whether that row is asked for or not", () => {
    const users = [ada, cloudUser("ben", { immutableId: "foreign", syncEnabled: true, securityIdentifier: SID })];
    const asked = { ...PLAN, rows: PLAN.rows.filter(({ row }) => row === 2) };
    expect([nameVerdicts(verify(users)), nameVerdicts(verify(users, asked))]).toEqual([
      ["2 holds", "3 drifted"],
      ["2 holds"],
    ]);
    const stranger = cloudUser("eve", { syncEnabled: true, securityIdentifier: SID });
    expect(nameVerdicts(verify([ada, stranger], asked))).toEqual(["2 duplicate"]);
  });
});

describe("verifyRows of a rollback", () => {
  const [first, second] = PLAN.rows;
  if (first === undefined || second === undefined) throw new Error("the plan has two rows");
  const rows = [
    { ...first, immutableId: null, previousImmutableId: ADA },
    { ...second, settled: "taken-over", immutableId: null },
    { ...second, row: 5, settled: "drift", immutableId: null },
    { ...second, row: 6, settled: "already", immutableId: "" },
    { ...second, row: 7, settled: "blocked", immutableId: null },
  ] as const;
  const header = { ...PLAN.header, kind: "rollback" } as const;
  const plan = sealPlan({ header, rows, changes: PLAN.changes, findings: [] }, digest);
  const outcomes = outcomesAfter(plan, DONE);

  for (const [title, ada, expected] of [
    ["a user that is empty again holds", { immutableId: null }, "holds"],
    ["a user that holds an empty text does not", { immutableId: "" }, "drifted"],
    ["a user that holds the run's value again was itself set back", { immutableId: ADA }, "rolled-back"],
  ] as const) {
    test(title, () =>
      expect(verifyRows(plan, outcomes, presentSides({ users: [cloudUser("ada", ada)] }))[0]?.verdict).toBe(expected),
    );
  }

  test("a row is judged by the write to its own user, though another object was written last", () => {
    const [own] = PLAN.changes;
    if (own === undefined) throw new Error("the plan has a change");
    const holder = { displayName: null, createdAt: null, lastSyncAt: null, licenceCount: 0 };
    const changes = [own, { ...own, step: 2, holder, objectId: guidFor("holder") }];
    const way = sealPlan({ header, rows: rows.slice(0, 1), changes, findings: [] }, digest);
    const [verdict] = verifyRows(way, outcomesAfter(way, DONE), presentSides({ users: [cloudUser("ada")] }));
    expect([verdict?.verdict, verdict?.detail]).toEqual(["holds", ""]);
  });

  test("rows that it left alone are not judged, and an empty text is nobody's duplicate", () => {
    const users = [cloudUser("ada"), cloudUser("ben", { immutableId: "" }), cloudUser("eve", { immutableId: "" })];
    expect(nameVerdicts(verifyRows(plan, outcomes, presentSides({ users })))).toEqual(["2 holds", "6 holds"]);
  });
});
