import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AdAccount, PROFILE_ATTRIBUTES } from "../../src/core/ad-account.ts";
import type { CloudUser } from "../../src/core/snapshot.ts";
import type { AttributeFlow, FlowTable } from "../../src/core/takeover-flows.ts";
import {
  CHANGED_PROPERTIES,
  countTakeover,
  describeChange,
  previewTakeover,
  wordChanges,
} from "../../src/core/takeover-preview.ts";
import { account, CLOUD_ID, cloudUser, FLOWS } from "../support/facts.ts";

type Sides = { readonly ad?: Partial<AdAccount>; readonly cloud?: Partial<CloudUser> };

const preview = ({ ad = {}, cloud = {} }: Sides, table: FlowTable = FLOWS, unknown: readonly string[] = []) =>
  previewTakeover(account("ada", ad), cloudUser("ada", cloud), {
    table,
    unknown: new Map([["CORP", new Set(unknown)]]),
    managers: { coming: new Map(), present: new Map() },
  });

const ada = cloudUser("ada");
const lead = { id: CLOUD_ID("lead"), userPrincipalName: "lead@contoso.example" };
for (const [title, present, changes] of [
  ["nobody", null, [{ property: "manager", kind: "added", before: [], after: [lead.userPrincipalName] }]],
  ["the same", { ...lead, userPrincipalName: "former@contoso.example" }, []],
  [
    "another",
    { id: CLOUD_ID("ben"), userPrincipalName: "ben@contoso.example" },
    [{ property: "manager", kind: "changed", before: ["ben@contoso.example"], after: [lead.userPrincipalName] }],
  ],
  [
    "another without a name",
    { id: CLOUD_ID("ben"), userPrincipalName: null },
    [{ property: "manager", kind: "changed", before: [CLOUD_ID("ben")], after: [lead.userPrincipalName] }],
  ],
  ["somebody who was not read", undefined, []],
] as const) {
  test(`a manager who comes where the cloud has ${title}`, () => {
    const managers = {
      coming: new Map([[ada.id, lead]]),
      present: new Map(present === undefined ? [] : [[ada.id, present]]),
    };
    const rules = { table: FLOWS, unknown: new Map(), managers };
    expect(previewTakeover(account("ada"), ada, rules)).toEqual(changes);
    const silent = { ...FLOWS, flows: FLOWS.flows.filter(({ to }) => to !== "manager") };
    expect(previewTakeover(account("ada"), ada, { ...rules, table: silent })).toEqual([]);
    expect(
      previewTakeover(account("ada"), ada, { ...rules, unknown: new Map([["CORP", new Set(["manager"])]]) }),
    ).toEqual([]);
  });
}

test("a manager whom the cloud has stays where nobody is known to come", () => {
  const managers = { coming: new Map(), present: new Map([[ada.id, lead]]) };
  expect(previewTakeover(account("ada"), ada, { table: FLOWS, unknown: new Map(), managers })).toEqual([]);
});

const cases: readonly (readonly [title: string, sides: Sides, words: string])[] = [
  ["equal sides", {}, ""],
  ["a disabled account", { ad: { disabled: true } }, "accountEnabled: changed"],
  ["a cloud user that is disabled alone", { cloud: { accountEnabled: false } }, "accountEnabled: changed"],
  ["both disabled", { ad: { disabled: true }, cloud: { accountEnabled: false } }, ""],
  ["another UPN", { ad: { userPrincipalName: "ada@new.example" } }, "userPrincipalName: changed"],
  ["a UPN in another case", { ad: { userPrincipalName: "ADA@contoso.EXAMPLE" } }, ""],
  ["an account without a UPN", { ad: { userPrincipalName: null } }, ""],
  ["another mail address", { ad: { mail: "a@contoso.example" } }, "mail: changed; proxyAddresses: +1"],
  ["no mail address in AD, and no licence", { ad: { mail: null } }, "mail: cleared"],
  ["no mail address in AD, and a mailbox that gets the UPN", { ad: { mail: null }, cloud: { licenceCount: 1 } }, ""],
  [
    "no mail address in AD, and a mailbox that gets another UPN",
    { ad: { mail: null, userPrincipalName: "ada@new.example" }, cloud: { licenceCount: 1 } },
    "userPrincipalName: changed; mail: changed",
  ],
  [
    "neither mail address nor UPN in AD, and a mailbox that gets the cloud's UPN",
    { ad: { mail: null, userPrincipalName: null }, cloud: { licenceCount: 1 } },
    "",
  ],
  [
    "a marked address beside another mail address",
    { ad: { mail: "a@contoso.example", proxyAddresses: ["SMTP:ada@contoso.example"] } },
    "proxyAddresses: +1",
  ],
  [
    "two addresses that go and one that comes",
    {
      ad: { proxyAddresses: ["SMTP:ada@contoso.example", "smtp:c@x.example"] },
      cloud: { proxyAddresses: ["SMTP:ada@contoso.example", "smtp:a@x.example", "smtp:b@x.example"] },
    },
    "proxyAddresses: -2 +1",
  ],
  [
    "another primary address",
    {
      ad: { mail: "b@x.example", proxyAddresses: ["SMTP:b@x.example", "smtp:ada@contoso.example"] },
      cloud: { proxyAddresses: ["SMTP:ada@contoso.example", "smtp:b@x.example"] },
    },
    "mail: changed; primaryAddress: changed",
  ],
  ["a name that is written otherwise", { ad: { displayName: "Ada" } }, "displayName: changed"],
  ["no display name in AD, which the cloud keeps", { ad: { displayName: null } }, ""],
  ["a surname that AD lacks", { cloud: { surname: "Adler" } }, "surname: cleared"],
  ["a given name that the cloud lacks", { ad: { givenName: "Ada" } }, "givenName: added"],
  ["one letter written in two ways", { ad: { surname: "Bru\u0308ck" }, cloud: { surname: "Br\u00fcck" } }, ""],
  ["blanks at the end, which sync cuts off", { ad: { surname: "Adler " }, cloud: { surname: "Adler" } }, ""],
  ["an attribute of blanks, which is empty", { ad: { profile: { title: "  " } } }, ""],
  ["a title that AD lacks", { cloud: { profile: { jobTitle: ["Engineer"] } } }, "jobTitle: cleared"],
  [
    "a phone number among two",
    { ad: { profile: { telephoneNumber: "1" } }, cloud: { profile: { businessPhones: ["1", "2"] } } },
    "businessPhones: changed",
  ],
  [
    "the country's name, not its code",
    { ad: { profile: { co: "France", c: "FR" } }, cloud: { profile: { country: ["France"] } } },
    "",
  ],
  ["another employee number", { ad: { employeeId: "1" }, cloud: { employeeId: "2" } }, "employeeId: changed"],
];

test.each(cases)("previewTakeover of %s", (_title, sides, words) => {
  expect(wordChanges(preview(sides))).toBe(words);
});

describe("previewTakeover, whatever the two sides hold,", () => {
  const text = fc.string({ minLength: 1, maxLength: 8 }).map((words) => words.replaceAll(/[^a-z]/gi, "x"));
  const address = fc
    .tuple(text, fc.constantFrom("x.example", "y.example"))
    .map(([name, domain]) => `${name}@${domain}`);
  const shaken = fc.record({
    scheme: fc.constantFrom("smtp", "Smtp", "x500"),
    address,
    upper: fc.boolean(),
    rank: fc.nat(),
  });
  const turn = (word: string, upper: boolean) => (upper ? word.toUpperCase() : word.toLowerCase());

  test("is empty where they differ in the case of addresses, the order of lists and what the tenant adds", () => {
    const person = fc.record({
      upn: address,
      primary: address,
      others: fc.array(shaken, { maxLength: 5 }),
      upper: fc.boolean(),
      name: text,
      title: fc.option(text),
      phone: fc.option(text),
      own: fc.boolean(),
    });
    fc.assert(
      fc.property(person, ({ upn, primary, others, upper, name, title, phone, own }) => {
        const inAd = [`SMTP:${primary}`, ...others.map((one) => `${one.scheme}:${one.address}`)];
        const inCloud = [
          ...others.map((one) => ({ rank: one.rank, text: `${one.scheme}:${turn(one.address, one.upper)}` })),
          { rank: 7, text: `SMTP:${turn(primary, upper)}` },
          ...(own
            ? [
                { rank: 3, text: `smtp:${name}@contoso.onmicrosoft.com` },
                { rank: 4, text: `SIP:${upn}` },
              ]
            : []),
        ];
        const ad = { userPrincipalName: upn, mail: primary, proxyAddresses: inAd, displayName: name, surname: title };
        const cloud = {
          userPrincipalName: turn(upn, upper),
          mail: turn(primary, !upper),
          proxyAddresses: inCloud.toSorted((left, right) => left.rank - right.rank).map((entry) => entry.text),
          displayName: name,
          surname: title,
        };
        const profile = { ...(title !== null && { title }), ...(phone !== null && { telephoneNumber: phone }) };
        const held = {
          ...(title !== null && { jobTitle: [title] }),
          ...(phone !== null && { businessPhones: [phone] }),
        };
        expect(preview({ ad: { ...ad, profile }, cloud: { ...cloud, profile: held } })).toEqual([]);
      }),
    );
  });

  test("names no change of an attribute that the domain's export lacks", () => {
    const everything = FLOWS.flows.map(({ from }) => from);
    const ad = {
      disabled: true,
      mail: null,
      userPrincipalName: "x@x.example",
      displayName: "x",
      profile: { title: "x" },
    };
    const cloud = { proxyAddresses: ["SMTP:ada@contoso.example"], surname: "y", profile: { city: ["y"] } };
    expect(preview({ ad, cloud }).length).toBeGreaterThan(5);
    expect(preview({ ad, cloud }, FLOWS, everything)).toEqual([]);
    for (const name of everything) {
      const { to } = FLOWS.flows.find(({ from }) => from === name) as AttributeFlow;
      expect(preview({ ad, cloud }, FLOWS, [name]).map(({ property }) => property)).not.toContain(to);
    }
  });
});

test("an address that may stand in an attribute which the export lacks is not called lost", () => {
  const cloud = { proxyAddresses: ["SMTP:ada@contoso.example", "smtp:a@x.example"], userPrincipalName: "a@x.example" };
  const ad = { userPrincipalName: null, mail: null };
  expect(wordChanges(preview({ ad, cloud }))).toBe("mail: cleared; proxyAddresses: -1");
  expect(wordChanges(preview({ ad, cloud }, FLOWS, ["mail", "userPrincipalName"]))).toBe("");
  expect(wordChanges(preview({ ad, cloud }, FLOWS, ["proxyAddresses"]))).toBe("");
});

test("a mail address that AD tells is compared, even where the export lacks proxyAddresses", () => {
  expect(wordChanges(preview({ ad: { mail: "a@x.example" } }, FLOWS, ["proxyAddresses"]))).toBe("mail: changed");
});

const A = "SMTP:ada@contoso.example";
const B = "smtp:b@x.example";
for (const [title, inCloud, inAd, kind] of [
  ["the first address", [], [A], "added"],
  ["the first, beside a mail address that the cloud has", [], [B], "added"],
  ["the only address, which goes", [B], [], "cleared"],
  ["one of two, which goes", [A, B], [], "changed"],
  ["one more", [A], [A, B], "changed"],
  ["one in place of another", [B], ["smtp:c@x.example"], "changed"],
] as const) {
  test(`addresses are ${kind} by ${title}`, () => {
    const changes = preview({
      ad: { mail: null, proxyAddresses: inAd },
      cloud: { mail: null, proxyAddresses: inCloud, userPrincipalName: "ada@contoso.example" },
    });
    expect(changes.find(({ property }) => property === "proxyAddresses")?.kind).toBe(kind);
  });
}

for (const [title, inAd, words] of [
  ["none, which keeps those of the cloud", [], ""],
  ["others, which replace those of the cloud", ["smtp:c@x.example"], "proxyAddresses: -1 +1"],
] as const) {
  test(`a table that keeps addresses where AD is empty, and AD has ${title}`, () => {
    const flows: readonly AttributeFlow[] = [
      { from: "proxyAddresses", to: "proxyAddresses", compare: "addresses", whenEmpty: "keeps" },
    ];
    const sides = { ad: { mail: null, proxyAddresses: inAd }, cloud: { proxyAddresses: [B] } };
    expect(wordChanges(preview(sides, { ...FLOWS, flows }))).toBe(words);
  });
}

for (const [from, to] of [
  ["mail", "userPrincipalName"],
  ["userPrincipalName", "mail"],
] as const) {
  test(`a table by which ${from} flows into ${to} compares these two and no other`, () => {
    const table = { ...FLOWS, flows: [{ from, to, compare: "address", whenEmpty: "clears" }] as const };
    const other = { mail: "m@x.example", userPrincipalName: "u@x.example" };
    const [ad, cloud] = [
      { ...other, [from]: "a@x.example" },
      { ...other, [to]: "a@x.example" },
    ];
    expect(preview({ ad, cloud }, table)).toEqual([]);
    expect(preview({ ad: other, cloud }, table)).toEqual([
      { property: to, kind: "changed", before: ["a@x.example"], after: [other[from]] },
    ]);
  });
}

test("a table of an operator decides: other sources, other comparisons, and what is left out", () => {
  const flows: readonly AttributeFlow[] = [
    { from: "title", to: "department", compare: "text-any-case", whenEmpty: "keeps" },
    { from: "mail", to: "userPrincipalName", compare: "address", whenEmpty: "clears" },
  ];
  const table = { ...FLOWS, flows };
  const cloud = { userPrincipalName: "ada@contoso.example", surname: "Adler", profile: { department: ["SALES"] } };
  expect(preview({ ad: { profile: { title: "Sales" } }, cloud }, table)).toEqual([]);
  expect(preview({ ad: { mail: "a@x.example" }, cloud }, table)).toEqual([
    { property: "userPrincipalName", kind: "changed", before: ["ada@contoso.example"], after: ["a@x.example"] },
  ]);
});

test("changes come in the order of the properties, whatever the order of the table", () => {
  const sides = { ad: { disabled: true, givenName: "Ada" }, cloud: { surname: "Adler" } };
  const turned = { ...FLOWS, flows: FLOWS.flows.toReversed() };
  expect(preview(sides, turned)).toEqual(preview(sides));
});

test("a change is put into words with the values that go and those that come", () => {
  const [mail, addresses, title] = preview({
    ad: { mail: "a@x.example" },
    cloud: { proxyAddresses: ["smtp:b@x.example"], profile: { jobTitle: ["Engineer"] } },
  });
  const shown = [mail, addresses, title].map((change) => (change === undefined ? "" : describeChange(change)));
  expect(shown).toEqual([
    "mail: ada@contoso.example → a@x.example",
    "proxyAddresses: - smtp:b@x.example, + smtp:a@x.example",
    "jobTitle: Engineer → nothing",
  ]);
});

for (const [disabled, words] of [
  [true, "accountEnabled: enabled → disabled"],
  [false, "accountEnabled: disabled → enabled"],
] as const) {
  test(`an account that is ${disabled ? "disabled" : "enabled"} in AD alone is told as: ${words}`, () => {
    expect(preview({ ad: { disabled }, cloud: { accountEnabled: disabled } }).map(describeChange)).toEqual([words]);
  });
}

test("totals count each user once for a property, in the order of the properties, and only rows that were compared", () => {
  const one = preview({ ad: { disabled: true, givenName: "Ada" }, cloud: { surname: "Adler" } });
  const two = preview({ cloud: { surname: "Byron" } });
  expect(countTakeover([{ takeover: one }, { takeover: two }, { takeover: [] }, { takeover: null }])).toEqual({
    previewed: 3,
    users: 2,
    properties: [
      { property: "accountEnabled", changed: 1, cleared: 0, added: 0 },
      { property: "givenName", changed: 0, cleared: 0, added: 1 },
      { property: "surname", changed: 0, cleared: 2, added: 0 },
    ],
  });
});

test("the table that comes with the program lets every property and every attribute but c flow", () => {
  const targets: readonly string[] = FLOWS.flows.map(({ to }) => to);
  expect(targets.toSorted()).toEqual(CHANGED_PROPERTIES.filter((name) => name !== "primaryAddress").toSorted());
  const sources = new Set<string>(FLOWS.flows.map(({ from }) => from));
  expect(PROFILE_ATTRIBUTES.filter((name) => !sources.has(name))).toEqual(["c"]);
  expect(FLOWS).toMatchObject({ file: null, checked: "2026-11" });
});
