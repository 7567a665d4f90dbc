import { describe, expect, test } from "vitest";
import type { Plan, PlanHeader } from "../../src/core/plan.ts";
import {
  findMovedRow,
  findStaleRows,
  requireOpenBatch,
  requireSameGround,
  requireSameTenant,
} from "../../src/core/staleness.ts";
import {
  AD_GUID,
  account,
  anchorOf,
  bytesOf,
  cloudUser,
  deletedUser,
  guidFor,
  HEADER,
  idOf,
  mapping,
  planOf,
  type SmallWorld,
} from "../support/facts.ts";

const people = ["ada", "ben", "cyd"];
const rows = people.map((name, index) => mapping(index + 2, name));
const world = (changes: Partial<SmallWorld> = {}): SmallWorld => ({
  accounts: people.map((name) => account(name)),
  users: people.map((name) => cloudUser(name)),
  mappings: rows,
  options: { replace: true },
  ...changes,
});
const users = (held: Readonly<Record<string, string | null>>) =>
  people.map((name) => cloudUser(name, { immutableId: held[name] ?? null }));
const stale = (plan: Plan, again: Plan, touched: readonly number[] = []) =>
  [...findStaleRows(plan, again, new Set(touched))].map(([row, reason]) => `${row} ${reason}`);

/** The same people with IDs that their accounts shall get, which the rows write into AD. */
const intoAd = (changes: Partial<SmallWorld> = {}): SmallWorld =>
  world({
    users: users({ ada: idOf("old ada"), ben: idOf("old ben"), cyd: idOf("old cyd") }),
    options: { replace: true, writeTo: "ad" },
    ...changes,
  });
const withBen = (changes: Parameters<typeof account>[1]) => [account("ada"), account("ben", changes), account("cyd")];

describe("findStaleRows", () => {
  for (const [title, again, expected] of [
    ["a batch that has not moved has none", world(), []],
    [
      "a user that was given another ID is one",
      world({ users: users({ ben: "foreign" }) }),
      ["3 the user holds another immutable ID than when the plan was made: foreign"],
    ],
    ["a user that was given the planned ID is none", world({ users: users({ ben: anchorOf("ben") }) }), []],
    [
      "an account that was made anew is one",
      world({ accounts: [account("ada"), account("ben", { objectGuid: guidFor("other") }), account("cyd")] }),
      ["3 the account has another source anchor than when the plan was made"],
    ],
    [
      "a UPN that belongs to somebody else today is one",
      world({ users: [cloudUser("ada"), cloudUser("ben", { id: guidFor("other") }), cloudUser("cyd")] }),
      ["3 the UPN belongs to another user than when the plan was made"],
    ],
    [
      "a user that was deleted is one",
      world({ users: [cloudUser("ada"), cloudUser("cyd")], deleted: [deletedUser("ben")] }),
      [expect.stringMatching(/^3 target-deleted: /)],
    ],
    [
      "an ID that a user in the recycle bin holds today is one",
      world({ deleted: [deletedUser("eve", { immutableId: anchorOf("ben") })] }),
      [expect.stringMatching(/^3 id-held-by-deleted-user: held by /)],
    ],
    [
      "new warnings are none",
      world({ users: [cloudUser("ada", { accountEnabled: false }), cloudUser("ben"), cloudUser("cyd")] }),
      [],
    ],
    [
      "a row that could not be planned again is one",
      world({ mappings: rows.slice(1) }),
      ["2 the row could not be planned again"],
    ],
  ] as const) {
    test(title, () => expect(stale(planOf(world()), planOf(again))).toEqual(expected));
  }

  for (const [title, again, expected] of [
    ["a batch that has not moved has none", intoAd(), []],
    [
      "a row that writes into the cloud today is one",
      intoAd({ mappings: [rows[0], mapping(3, "ben", { writeTo: "cloud" }), rows[2]].flatMap((row) => row ?? []) }),
      ["3 the row writes another side than when the plan was made"],
    ],
    [
      "a user that was given another ID is one",
      intoAd({ users: users({ ada: idOf("old ada"), ben: idOf("new ben"), cyd: idOf("old cyd") }) }),
      ["3 the user has another immutable ID than when the plan was made"],
    ],
    [
      "a name that belongs to another account today is one",
      intoAd({ accounts: withBen({ objectGuid: guidFor("other") }) }),
      ["3 the name belongs to another AD account than when the plan was made"],
    ],
    [
      "an account that was given another value is one",
      intoAd({ accounts: withBen({ consistencyGuid: bytesOf(AD_GUID("foreign")) }) }),
      [`3 the account holds another mS-DS-ConsistencyGuid than when the plan was made: ${idOf("foreign")}`],
    ],
    [
      "an account that was given the planned value is none",
      intoAd({ accounts: withBen({ consistencyGuid: bytesOf(AD_GUID("old ben")) }) }),
      [],
    ],
  ] as const) {
    test(`where the rows write into AD: ${title}`, () =>
      expect(stale(planOf(intoAd()), planOf(again))).toEqual(expected));
  }

  test("where the row writes into the cloud, an account made anew with the same source anchor is none", () => {
    const consistencyGuid = bytesOf(AD_GUID("kept"));
    const options = { replace: true, anchor: "mS-DS-ConsistencyGuid" } as const;
    const before = world({ options, accounts: withBen({ consistencyGuid }) });
    const again = world({ options, accounts: withBen({ consistencyGuid, objectGuid: guidFor("other") }) });
    expect(stale(planOf(before), planOf(again))).toEqual([]);
  });

  test("a row that was blocked or matched when planned is never stale, nor is one that the run has written", () => {
    const plan = planOf(world({ users: [cloudUser("ada", { immutableId: anchorOf("ada") }), cloudUser("ben")] }));
    const again = planOf(world({ users: users({ ada: "foreign", ben: "other" }) }));
    expect(stale(plan, again)).toEqual([expect.stringMatching(/^3 /)]);
    expect(stale(plan, again, [3])).toEqual([]);
  });

  // Cyd's ID is free, Ben waits for Cyd, Ada for Ben.
  const chain = world({ users: users({ ben: anchorOf("ada"), cyd: anchorOf("ben") }) });
  const cycle = world({ users: users({ ada: anchorOf("cyd"), ben: anchorOf("ada"), cyd: anchorOf("ben") }) });
  for (const [title, before, held, touched] of [
    ["a chain of which one write was made", chain, { ben: anchorOf("ada"), cyd: anchorOf("cyd") }, [4]],
    ["a chain of which two writes were made", chain, { ben: anchorOf("ben"), cyd: anchorOf("cyd") }, [3, 4]],
    ["a cycle whose pivot was cleared", cycle, { ben: anchorOf("ada"), cyd: anchorOf("ben") }, [2]],
    ["a cycle of which two writes were made", cycle, { ben: anchorOf("ben"), cyd: anchorOf("cyd") }, [2, 3, 4]],
  ] as const) {
    test(`${title} and that is then resumed has none`, () => {
      expect(stale(planOf(before), planOf({ ...before, users: users(held) }), touched)).toEqual([]);
    });
  }
});

const ground = (changes: Partial<PlanHeader> = {}): PlanHeader => ({
  ...HEADER,
  directories: [
    { domain: "CORP", domainId: guidFor("CORP") },
    { domain: "OLD", domainId: guidFor("OLD") },
  ],
  ...changes,
});
const planned: Plan = { ...planOf(world()), header: ground() };

describe("requireSameGround", () => {
  for (const [title, now, refused] of [
    ["the same tenant, cloud and domains pass", ground(), null],
    ["another tenant is refused", ground({ tenantId: guidFor("other tenant") }), /you are signed in to/],
    ["another cloud is refused", ground({ cloud: "china" }), /made for the cloud global, not china/],
    ["a domain less is refused", ground({ directories: HEADER.directories }), /configured now: CORP/],
    ["no domain is refused", ground({ directories: [] }), /AD domains/],
    [
      "a domain of the same name that is another one is refused",
      ground({ directories: [{ domain: "CORP", domainId: guidFor("other") }, ...ground().directories.slice(1)] }),
      /AD domains/,
    ],
    [
      "two domains that changed their names with each other are refused",
      ground({
        directories: [
          { domain: "CORP", domainId: guidFor("OLD") },
          { domain: "OLD", domainId: guidFor("CORP") },
        ],
      }),
      /AD domains/,
    ],
    ["another order of the same domains passes", ground({ directories: ground().directories.toReversed() }), null],
    [
      "another case of a domain's name passes",
      ground({ directories: ground().directories.map((one) => ({ ...one, domain: one.domain.toLowerCase() })) }),
      null,
    ],
  ] as const) {
    test(title, () => {
      const attempt = () => requireSameGround(planned, now);
      if (refused === null) expect(attempt).not.toThrow();
      else
        expect(attempt).toThrow(expect.objectContaining({ code: "refused", message: expect.stringMatching(refused) }));
    });
  }
});

test("a plan whose domains stand in another order than those of now passes", () => {
  const directories = ground().directories.toReversed();
  expect(() => requireSameGround({ ...planned, header: ground({ directories }) }, ground())).not.toThrow();
});

test("a record of another tenant is refused with both named", () => {
  expect(() => requireSameTenant("one", "one")).not.toThrow();
  expect(() => requireSameTenant("one", "two")).toThrow(/the tenant one, but you are signed in to two/);
});

test("only a blocking finding about the whole batch stops it", () => {
  const plan = planOf(world({ mappings: [...rows, mapping(5, "nobody")] }));
  expect(() => requireOpenBatch(plan)).not.toThrow();
  const finding = { code: "anchor-differs", rows: [], detail: "everywhere" } as const;
  expect(() => requireOpenBatch({ ...plan, findings: [{ ...finding, severity: "warn" }] })).not.toThrow();
  expect(() => requireOpenBatch({ ...plan, findings: [{ ...finding, severity: "block" }] })).toThrow(
    expect.objectContaining({
      code: "blocked",
      message: expect.stringContaining("blocked: anchor-differs."),
      details: ["anchor-differs: everywhere"],
    }),
  );
});

test("of several new blocks of a row the first is named", () => {
  const plan = planOf(world());
  const block = { code: "anchor-differs", severity: "block", rows: [3] } as const;
  const findings = [
    { ...block, detail: "first" },
    { ...block, detail: "second" },
  ];
  expect(stale(plan, { ...plan, findings })).toEqual(["3 anchor-differs: first"]);
});

describe("findMovedRow", () => {
  const holding = (name: string) => cloudUser(name, { immutableId: anchorOf("ben") });
  /** Ben's ID is held by another user, which is cleared for it. */
  const withHolder = (name: string, changes: Partial<SmallWorld> = {}) =>
    world({
      users: [cloudUser("ada"), cloudUser("ben"), cloudUser("cyd"), holding(name)],
      options: { onConflict: ["clear-holder"], allow: ["clear-holder"] },
      takeover: { roles: new Map(), rolesAreComplete: true },
      ...changes,
    });
  for (const [title, before, again, moved] of [
    ["rows that are as planned have none", world(), world({ mappings: rows.slice(1, 2) }), null],
    [
      "a row that is stale is one",
      world(),
      world({ mappings: rows.slice(1), users: users({ cyd: "foreign" }) }),
      "row 4: the user holds another immutable ID than when the plan was made: foreign",
    ],
    ["the same holder in the way is none", withHolder("old"), withHolder("old", { mappings: rows.slice(1) }), null],
    [
      "another holder in the way is one",
      withHolder("old"),
      withHolder("new", { mappings: rows.slice(1) }),
      "row 3: what stands in its way has changed since the plan",
    ],
    [
      "a holder that has gone out of the way is one",
      withHolder("old"),
      withHolder("old", { mappings: rows.slice(1), users: users({}) }),
      "row 3: what stands in its way has changed since the plan",
    ],
  ] as const) {
    test(title, () => expect(findMovedRow(planOf(before), planOf(again))).toBe(moved));
  }

  test("what is done about another row of the plan does not count", () => {
    expect(planOf(withHolder("old")).changes.some(({ holder }) => holder !== null)).toBe(true);
    expect(findMovedRow(planOf(withHolder("old")), planOf(withHolder("old", { mappings: rows.slice(2) })))).toBeNull();
  });
});
