import { expect, test } from "vitest";
import { reportHtml } from "../../../src/adapters/report/report-html.ts";
import { REPORT_STYLE } from "../../../src/adapters/report/report-style.ts";
import { EXPLANATIONS } from "../../../src/core/checks/checks.ts";
import { FINDING_CODES, type FindingCode } from "../../../src/core/findings.ts";
import { MENDING } from "../../../src/core/mending/mending.ts";
import { OUTCOME_STATUSES } from "../../../src/core/outcome.ts";
import { PLAN_STATE_WORDS } from "../../../src/core/row-states.ts";
import type { RunView } from "../../../src/ports/projection.ts";
import {
  appliedView,
  changeOf,
  companyView,
  findingOf,
  guidOf,
  HOLDER,
  holderView,
  outcomeOf,
  pageText,
  plannedRow,
  viewOf,
} from "./report-views.ts";

/** What the page says, without tags, script and data. */
function textOf(view: RunView): string {
  return plain(pageText(reportHtml.render(view)));
}

function plain(page: string): string {
  const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&" };
  return page
    .replace(/<(script|style)[\s\S]*?<\/\1>/g, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/&(lt|gt|quot|#39|amp);/g, (_all, name: string) => entities[name] ?? "")
    .replace(/\s+/g, " ");
}

const rollback = (part: Parameters<typeof viewOf>[0]) => viewOf({ kind: "rollback", ...part });
const clearing = plannedRow({ row: 2, action: "clear", immutableId: null, previousImmutableId: "eA==" });
const ada = plannedRow({ row: 2, account: "ada" });
const intoAd = (row: number) => plannedRow({ row, side: "ad", action: "set-consistency-guid" });

const SENTENCES: readonly { readonly name: string; readonly view: RunView; readonly says: string }[] = [
  {
    name: "a plan by what it would write and what it leaves alone",
    view: companyView(100),
    says: "would write to 91 cloud users of tenant 11111111-2222-4333-8444-555555555555 the immutable IDs of their AD accounts in CORP, so that the next sync ties them together; 5 rows need nothing and 4 are blocked.",
  },
  {
    name: "a plan of one row in the singular",
    view: viewOf({ rows: [ada] }),
    says: "would write to 1 cloud user of tenant 11111111-2222-4333-8444-555555555555 the immutable ID of its AD account in CORP, so that the next sync ties them together.",
  },
  {
    name: "a plan that writes into AD by the accounts that it writes",
    view: viewOf({ rows: [intoAd(2), intoAd(3)] }),
    says: "would write to 2 AD accounts in CORP the immutable IDs of their cloud users in tenant 11111111-2222-4333-8444-555555555555, so that the next sync ties them together.",
  },
  {
    name: "a plan that writes both sides by each",
    view: viewOf({ rows: [ada, intoAd(3)] }),
    says: "would write to 1 cloud user of tenant 11111111-2222-4333-8444-555555555555 the immutable ID of its AD account in CORP, and to 1 AD account in CORP the immutable ID of its cloud user in tenant",
  },
  {
    name: "a rollback in AD as the way back of accounts",
    view: rollback({ rows: [intoAd(2)] }),
    says: "it would give 1 AD account in CORP back the value that was there before.",
  },
  {
    name: "a rollback of accounts whose domain nobody has noted",
    view: rollback({ rows: [{ ...intoAd(2), domain: null }] }),
    says: "it would give 1 AD account in a configured domain back the value that was there before.",
  },
  {
    name: "a plan without a write",
    view: viewOf({ rows: [plannedRow({ row: 2, action: "none", settled: "already" })] }),
    says: "Plan 0123456789ab would write nothing: of 1 row 1 row needs nothing.",
  },
  {
    name: "a plan that is blocked as a whole",
    view: viewOf({ rows: [ada], findings: [findingOf("source-duplicate", "block", [], "all of them")] }),
    says: "Plan 0123456789ab cannot be applied: a finding about the whole batch blocks it.",
  },
  {
    name: "a rollback as the way back",
    view: rollback({ rows: [clearing] }),
    says: "Plan 0123456789ab is the way back from run run-0: it would give 1 cloud user of tenant 11111111-2222-4333-8444-555555555555 back the value that was there before.",
  },
  {
    name: "a run by what happened",
    view: appliedView(100),
    says: "Plan 0123456789ab was applied to tenant 11111111-2222-4333-8444-555555555555: of 100 rows 88 are done; 4 open, 4 failed or drifted and 4 blocked.",
  },
  {
    name: "a run that wrote into AD by where it wrote",
    view: viewOf({ rows: [intoAd(2)], outcomes: [outcomeOf(intoAd(2), "verified")] }),
    says: "Plan 0123456789ab was applied to AD accounts of users in tenant 11111111-2222-4333-8444-555555555555: of 1 row 1 is done.",
  },
  {
    name: "a rollback that was applied",
    view: rollback({ rows: [clearing], outcomes: [outcomeOf(clearing, "verified")] }),
    says: "the way back from run run-0, was applied to tenant 11111111-2222-4333-8444-555555555555: of 1 row 1 is done.",
  },
];

for (const { name, view, says } of SENTENCES) {
  test(`the report describes ${name}`, () => {
    const sentence = /<p class="lead" id="sentence">(.*?)<\/p>/.exec(pageText(reportHtml.render(view)))?.[1] ?? "";
    expect(plain(sentence)).toContain(says);
  });
}

test("the totals count every row once, and chart, text alternative and table agree", () => {
  const page = pageText(reportHtml.render(companyView(400)));
  expect(plain(page)).toContain(
    "400 rows: set 360 (90.0 %), replace 4 (1.0 %), already 20 (5.0 %), blocked 16 (4.0 %).",
  );
  const cells = [...page.matchAll(/<\/svg>([a-z-]+)<\/th><td class="number">([\d,]+)</g)].map(
    ([, state, count]) => `${state} ${count}`,
  );
  expect(cells).toEqual(["set 360", "replace 4", "already 20", "blocked 16"]);
  expect(page).toContain('role="img" aria-labelledby="chart-title chart-text"');
});

test("the head names plan, tenant, run, mapping, domains, time, servers and program", () => {
  const said = textOf(companyView(3));
  for (const fact of [
    "0123456789ab",
    "(global)",
    "run-1",
    "wave-1 , 3 rows",
    "CORP cccccccc-0000-4000-8000-000000000001",
    "2026-11-03 09:00:07 UTC",
    "dc1.corp.contoso.example",
    "hardmatch 0.1.0",
  ])
    expect(said).toContain(fact);
});

test("steps on other objects stand before everything else, irreversible ones first and marked", () => {
  const page = pageText(reportHtml.render(holderView()));
  expect(page.indexOf('id="holders"')).toBeLessThan(page.indexOf('id="totals-title"'));
  const section = /<section class="alarm" id="holders"[\s\S]*?<\/section>/.exec(page)?.[0] ?? "";
  const lines = [...section.matchAll(/<tr><th scope="row"[\s\S]*?<\/tr>/g)].map(([line]) => plain(line));
  expect(lines.map((line) => line.trim().split(" ").slice(0, 2).join(" "))).toEqual([
    "2 purge",
    "3 delete",
    "6 clear-object-identifier",
    "4 clear",
    "5 restore",
  ]);
  expect(lines.map((line) => line.includes("IRREVERSIBLE"))).toEqual([true, true, true, false, false]);
  expect(lines[0]).toContain(
    "dup2@contoso.example Dup Licate dddddddd-0000-4000-8000-000000000002 2025-01-15 never 2 cyd2 → cyd2@contoso.example can be matched",
  );
  expect(lines[3]).toContain("rollback sets it back");
  expect(lines[4]).toContain("rollback does not delete it again");
  expect(plain(page)).toContain("; holder actions: 5 steps on 5 objects, 3 of them irreversible.");
  expect(plain(page)).toContain('hardmatch apply "<run folder>" --confirm 6 --confirm-holders 5');
});

test("a kind of step that the report does not know counts as irreversible", () => {
  const view = viewOf({
    rows: [ada],
    changes: [changeOf(ada, { kind: "vanish", objectId: guidOf("d", 2), name: "ben@contoso.example" })],
  });
  expect(textOf(view)).toContain("Holder actions: 1 step on 1 object, irreversible");
});

test("after apply each such step says what became of it", () => {
  const purge = changeOf(ada, {
    kind: "purge",
    holder: HOLDER,
    wave: "holder",
    objectId: guidOf("d", 2),
    name: "dup@contoso.example",
  });
  const outcomes = [outcomeOf(ada, "failed", { change: purge, message: "the holder was restored meanwhile" })];
  expect(textOf(viewOf({ rows: [ada], changes: [purge], outcomes }))).toContain(
    "failed: the holder was restored meanwhile",
  );
});

test("what a rollback cannot bring back stands on top", () => {
  const page = pageText(
    reportHtml.render(
      rollback({ rows: [ada], findings: [findingOf("rollback-drift", "warn", [2], "ada holds eA==")] }),
    ),
  );
  expect(page.indexOf('id="losses"')).toBeLessThan(page.indexOf('id="totals-title"'));
  expect(plain(page)).toContain(
    "1 row not brought back, or not wholly rollback-drift row 2 ada → cyd2@contoso.example : ada holds eA==",
  );
});

test("clearing the row's own ID, in a cycle or on the way back, is no step on another object", () => {
  const swap = [
    changeOf(ada, { kind: "clear", after: null, wave: "cycle", group: 1 }),
    changeOf(ada, { kind: "set", step: 2, wave: "cycle", group: 1 }),
  ];
  expect(textOf(viewOf({ rows: [ada], changes: swap }))).not.toContain("stand in the way");
  expect(textOf(rollback({ rows: [clearing] }))).not.toContain("stand in the way");
});

test("findings about the whole batch come first, then blocks, warnings and the rest in the order of the codes", () => {
  const rows = [2, 3, 4].map((row) => plannedRow({ row }));
  const findings = [
    findingOf("source-duplicate", "block", [2, 3]),
    findingOf("source-disabled", "warn", [2]),
    findingOf("target-already-matched", "info", [4]),
    findingOf("target-guest", "block", [4]),
    findingOf("target-disabled", "warn", [], "of the whole tenant"),
  ];
  const page = pageText(reportHtml.render(viewOf({ rows, findings })));
  const order = [...page.matchAll(/<article class="finding (\w+)" id="finding-([\w-]+)">/g)].map(([, , id]) => id);
  expect(order).toEqual([
    "target-disabled-warn-batch",
    "source-duplicate-block",
    "target-guest-block",
    "source-disabled-warn",
    "target-already-matched-info",
  ]);
  expect(new Set(order).size).toBe(order.length);
});

test("every code is explained: what is the case, what happens if ignored, how to mend it, source and date", () => {
  const rows = [ada];
  const findings = FINDING_CODES.map((code) => findingOf(code, EXPLANATIONS[code].severity, [2], `detail of ${code}`));
  const said = textOf(viewOf({ rows, findings }));
  for (const code of FINDING_CODES) {
    const { says, why, mend, source, checked } = EXPLANATIONS[code];
    for (const text of [says, why, mend, source, checked, `detail of ${code}`])
      expect(said).toContain(text.replaceAll("`", " ").replace(/\s+/g, " ").trim().slice(0, 40));
  }
});

test("every way to mend a finding by hand stands under its own code, word for word, and under no other", () => {
  const findings = FINDING_CODES.map((code) => findingOf(code, EXPLANATIONS[code].severity, [2], "x"));
  const page = pageText(reportHtml.render(viewOf({ rows: [ada], findings })));
  const articles = page.match(/<article class="finding[\s\S]*?<\/article>/g) ?? [];
  expect(articles).toHaveLength(FINDING_CODES.length);
  for (const article of articles) {
    const [, code = ""] = /<h3><code>([\w-]+)<\/code>/.exec(article) ?? [];
    const { portal, powershell, graph } = MENDING[code as FindingCode];
    const folded = /<summary>How to mend it by hand: ([^<]*)<\/summary>/.exec(article)?.[1] ?? "";
    expect(folded).toBe(
      [portal === null ? [] : "Admin tools", powershell.length > 0 ? "PowerShell" : [], graph.length > 0 ? "Graph" : []]
        .flat()
        .join(", "),
    );
    const unescapeText = (text = "") =>
      text
        .replace(/&lt;/g, "<")
        .replace(/&gt;/g, ">")
        .replace(/&quot;/g, '"')
        .replace(/&#39;/g, "'")
        .replace(/&amp;/g, "&");
    const lines = [...article.matchAll(/<li><code>(.*?)<\/code><\/li>/g)].map(([, text]) => unescapeText(text));
    expect(lines).toEqual([...powershell, ...graph]);
    if (portal !== null) expect(unescapeText(article)).toContain(`<dd>${portal}</dd>`);
  }
});

test("details are cut at 500 a code, and the page says where the others are", () => {
  const rows = Array.from({ length: 510 }, (_, index) => plannedRow({ row: index + 2 }));
  const findings = rows.map(({ row }) => findingOf("target-disabled", "warn", [row], `found on ${row}`));
  const said = textOf(viewOf({ rows, findings }));
  expect(said).toContain("rows 2-511".replace("rows ", ""));
  expect(said).toContain("found on 501");
  expect(said).not.toContain("found on 502");
  expect(said).toContain("and 10 more: each stands with its row in the table below");
});

const EFFORTS = [
  {
    rows: 5,
    limits: { writes: 3000, windowSeconds: 150 },
    says: "Writing takes 7 writes, canary included: no wait for the quota (3,000 writes per 2 min 30 s).",
  },
  // 98 set and replaced of 100 would be 91; with the canary 93: 83 beyond the burst of 10, 10 s each 10.
  {
    rows: 100,
    limits: { writes: 10, windowSeconds: 100 },
    says: "Writing takes 93 writes, canary included: at least 13 min 50 s under the quota (10 writes per 1 min 40 s).",
  },
];
for (const { rows, limits, says } of EFFORTS) {
  test(`${rows} rows under ${limits.writes} writes per window: ${says}`, () => {
    const said = textOf(companyView(rows, { quota: limits }));
    expect(said).toContain(says);
    expect(said).toContain("Rollback works only until sync takes a user over");
  });
}

const NEXT: readonly { readonly name: string; readonly view: RunView; readonly commands: readonly string[] }[] = [
  {
    name: "a clean plan",
    view: viewOf({ rows: [ada] }),
    commands: [
      'hardmatch apply "<run folder>" --confirm 1',
      'hardmatch verify "<run folder>"',
      'hardmatch rollback "<run folder>"',
    ],
  },
  {
    name: "a plan with blocked rows",
    view: companyView(100),
    commands: [
      'hardmatch plan "<mapping file>"',
      'hardmatch apply "<run folder>" --confirm 91 --skip-blocked',
      'hardmatch verify "<run folder>"',
      'hardmatch rollback "<run folder>"',
    ],
  },
  {
    name: "a plan that is blocked as a whole",
    view: viewOf({ rows: [ada], findings: [findingOf("source-duplicate", "block", [], "x")] }),
    commands: ['hardmatch plan "<mapping file>"'],
  },
  {
    name: "a plan with nothing to write",
    view: viewOf({ rows: [plannedRow({ row: 2, action: "none", settled: "already" })] }),
    commands: ['hardmatch verify "<run folder>"'],
  },
  {
    name: "a run that stopped half way",
    view: viewOf({ rows: [ada], outcomes: [outcomeOf(ada, "pending")] }),
    commands: ['hardmatch apply "<run folder>" --confirm 1', 'hardmatch verify "<run folder>"'],
  },
  {
    name: "a run that is over, with rows that failed",
    view: viewOf({ rows: [ada], outcomes: [outcomeOf(ada, "failed")] }),
    commands: ['hardmatch plan "<run folder>/retry.csv"', 'hardmatch verify "<run folder>"'],
  },
  {
    name: "a rollback with rows that failed",
    view: rollback({ rows: [clearing], outcomes: [outcomeOf(clearing, "failed")] }),
    commands: ['hardmatch rollback "<folder of the run that is reversed>"', 'hardmatch verify "<run folder>"'],
  },
  {
    name: "a run that is done",
    view: viewOf({ rows: [ada], outcomes: [outcomeOf(ada, "verified")] }),
    commands: ['hardmatch verify "<run folder>"', 'hardmatch rollback "<run folder>"'],
  },
];
for (const { name, view, commands } of NEXT) {
  test(`what to do next after ${name}: ${commands[0]}`, () => {
    const page = pageText(reportHtml.render(view));
    expect([...page.matchAll(/<pre><code>(.*?)<\/code><\/pre>/g)].map(([, command]) => plain(command ?? ""))).toEqual(
      commands,
    );
  });
}

test("after apply the page says when it was written, what sync did and what failed with Graph's own words", () => {
  const said = textOf(appliedView(100));
  expect(said).toContain("2026-11-03 22:10:00 UTC");
  expect(said).toContain("matched 2, made a duplicate 2");
  expect(said).toContain("failed: surely not written (2)");
  expect(said).toContain(
    "row 5, step 1 fay5 → fay5@contoso.example : Another object with the same value exists. (HTTP 400, ObjectConflict, request req-5)",
  );
  expect(said).not.toContain("dry run");
});

test("an identifier that is cleared on the way into AD does not make the tenant's minutes count", () => {
  const planned = intoAd(2);
  const changes = [
    changeOf(planned, { kind: "clear-object-identifier", wave: "holder", holder: HOLDER, after: null }),
    changeOf(planned, { kind: planned.action, step: 2, side: "ad" }),
  ];
  const said = textOf(viewOf({ rows: [planned], changes }));
  expect(said).toContain("Rollback in AD helps only until");
  expect(said).toContain("If it must be undone, before sync imports the accounts:");
  expect(said).not.toContain("takes a user over");
});

test("after apply a step in AD is told of by its cloud user and by the domain controller that answered", () => {
  const planned = intoAd(2);
  const change = changeOf(planned, { kind: planned.action, side: "ad", name: "CORP\\cyd2" });
  const failed = outcomeOf(planned, "failed", { change, message: "may not", requestId: "dc1", errorCode: "ldap-50" });
  expect(textOf(viewOf({ rows: [planned], outcomes: [failed] }))).toContain(
    "row 2, step 1 cyd2 → cyd2@contoso.example : may not (ldap-50, domain controller dc1)",
  );
});

test("parked users are named before everything else", () => {
  const parked = outcomeOf(ada, "parked", { change: changeOf(ada), attempts: 1 });
  const page = pageText(reportHtml.render(viewOf({ rows: [ada], outcomes: [parked] })));
  expect(plain(page)).toContain(
    "1 user is parked: without an immutable ID in the middle of a swap Apply this run again",
  );
  expect(page.indexOf('id="parked-title"')).toBeLessThan(page.indexOf('id="totals-title"'));
});

/** Pairs of text and ground that the style puts together. */
const PAIRS = ["text", "quiet", "link", "bad", "careful", "done", "go"].flatMap((text) => {
  const own = ["bad", "careful"].includes(text) ? [`${text}-ground`] : [];
  return ["ground", "panel", ...own].map((ground) => [text, ground] as const);
});

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const part = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((left, right) => left - right);
  return (light + 0.05) / (dark + 0.05);
}

test("text has a contrast of 4.5 to 1 and parts of the chart 3 to 1, light, dark and on paper", () => {
  const schemes = [...REPORT_STYLE.matchAll(/:root\{([^}]*)\}/g)].map(([, rules = ""]) =>
    Object.fromEntries(
      [...rules.matchAll(/--([\w-]+):(#[0-9a-f]{6})/g)].map(([, name = "", value = ""]) => [name, value]),
    ),
  );
  expect(schemes).toHaveLength(3);
  const tooFaint = schemes.flatMap((scheme, index) => {
    const ratio = (one: string, other: string) => contrast(scheme[one] ?? "", scheme[other] ?? "");
    const texts = [...PAIRS, ["text", "bad-ground"] as const, ["text", "careful-ground"] as const]
      .filter(([text, ground]) => !(ratio(text, ground) >= 4.5))
      .map(([text, ground]) => `${index}: ${text} on ${ground} ${ratio(text, ground).toFixed(2)}`);
    const parts = Object.keys(scheme)
      .filter((name) => name.startsWith("c-") || name === "edge")
      .filter((name) => !(ratio(name, "ground") >= 3))
      .map((name) => `${index}: ${name} ${ratio(name, "ground").toFixed(2)}`);
    return [...texts, ...parts];
  });
  expect(tooFaint).toEqual([]);
});

test("every state of a row has a colour of its own in the chart, and no part is left black", () => {
  const states = [...Object.keys(PLAN_STATE_WORDS), ...OUTCOME_STATUSES];
  expect(states.filter((state) => !new RegExp(`rect\\.s-${state}[,{]`).test(REPORT_STYLE))).toEqual([]);
});

test("a page without JavaScript names the CSV file that has all rows", () => {
  const inNoscript = (view: RunView) =>
    plain(/<noscript>[\s\S]*?<\/noscript>/.exec(pageText(reportHtml.render(view)))?.[0] ?? "");
  expect(inNoscript(companyView(3))).toContain("All 3 rows stand in plan.csv");
  expect(inNoscript(appliedView(3))).toContain("All 3 steps stand in results.csv");
});
