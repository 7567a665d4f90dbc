import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { showVisibly } from "../../../src/adapters/report/markup.ts";
import { reportHtml } from "../../../src/adapters/report/report-html.ts";
import { REPORT_SCRIPT } from "../../../src/adapters/report/report-script.ts";
import type { EmbeddedLine } from "../../../src/adapters/report/row-table.ts";
import type { RunView } from "../../../src/ports/projection.ts";
import {
  appliedView,
  changeOf,
  companyView,
  findingOf,
  guidOf,
  holderView,
  outcomeOf,
  pageText,
  plannedRow,
  viewOf,
} from "./report-views.ts";

type Embedded = {
  readonly noun: string;
  readonly codes: number;
  readonly columns: readonly { readonly heading: string; readonly shown: boolean; readonly filter: boolean }[];
  readonly details: readonly string[];
  readonly rows: readonly EmbeddedLine[];
};

const render = (view: RunView): string => pageText(reportHtml.render(view));

const JSON_BLOCK = /<script type="application\/json" id="report-rows">([\s\S]*?)<\/script>/;

function embeddedIn(page: string): Embedded {
  return JSON.parse(JSON_BLOCK.exec(page)?.[1] ?? "") as Embedded;
}

/** The page as a reader without JavaScript has it: no head, no data, no tags. */
function textOf(page: string): string {
  return page
    .replace(/<head>[\s\S]*<\/head>/, "")
    .replace(/<script[\s\S]*?<\/script>/g, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, "&")
    .replace(/\s+/g, " ");
}

function cellsUnder(embedded: Embedded, heading: string): (string | number | null | undefined)[] {
  const place = embedded.columns.findIndex((column) => column.heading === heading);
  return embedded.rows.map(({ c }) => c[place]);
}

/** A run in which every text from outside is the given one. */
function viewFullOf(text: string): RunView {
  const planned = plannedRow({
    row: 2,
    account: text,
    domain: text,
    userPrincipalName: text,
    displayName: text,
    adDisplayName: text,
    takeover: [{ property: "jobTitle", kind: "changed", before: [text], after: [text] }],
    immutableId: text,
    previousImmutableId: text,
    action: "replace",
    findings: ["target-has-other-id"],
    extra: [text, text],
  });
  return viewOf({
    rows: [planned],
    changes: [
      changeOf(planned, { kind: "purge", name: text, objectId: guidOf("d", 2) }),
      changeOf(planned, { step: 2, name: text }),
    ],
    findings: [findingOf("target-has-other-id", "warn", [2], text), findingOf("source-duplicate", "block", [], text)],
    outcomes: [outcomeOf(planned, "failed", { message: text, errorCode: text, requestId: text })],
    extraColumns: [text, "row"],
    mappingName: text,
  });
}

const HOSTILE = [
  "<script>alert(1)</script>",
  "</script><script>alert(1)</script>",
  "<!--<script>",
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  "</title></style><svg onload=alert(1)>",
  "javascript:alert(1)",
  "\u202Egnp.exe",
  "a\u2066b\u2069",
  "a\u0000b\u0007\u001B[31m",
  "line\u2028line\u2029line\nline",
  "=cmd|' /C calc'!A0",
  "&lt;b&gt;",
  "$".concat("{alert(1)}`"),
  "\uD800 alone",
];

/** Every tag of a page, without the data and the two blocks that are ours. */
function tagsOf(page: string): string[] {
  return (page.replace(/<(style|script)([^>]*)>[\s\S]*?<\/\1>/g, "<$1$2>").match(/<\/?[a-z!][^>]*>/gi) ?? []).filter(
    (tag) => !tag.startsWith("<meta"),
  );
}

const shapeOf = (page: string): string =>
  tagsOf(page)
    .map((tag) => tag.replace(/"[^"]*"/g, '""'))
    .join("");
const PLAIN_SHAPE = shapeOf(render(viewFullOf("plain")));

for (const text of HOSTILE) {
  test(`reportHtml shows ${JSON.stringify(text)} as text everywhere and gains no tag, attribute or line by it`, () => {
    const page = render(viewFullOf(text));
    expect(shapeOf(page)).toBe(PLAIN_SHAPE);
    expect(textOf(page)).toContain(showVisibly(text));
    const embedded = embeddedIn(page);
    expect(cellsUnder(embedded, "sAMAccountName")).toEqual([showVisibly(text)]);
    expect(cellsUnder(embedded, "message")).toEqual([showVisibly(text)]);
  });
}

test("reportHtml gains no tag by any text and writes no character that cannot be seen", () => {
  const hostile = fc.oneof(
    fc.string({ unit: "binary" }),
    fc
      .array(fc.constantFrom(...HOSTILE, "<", ">", "&", '"', "'", "\\", "]]>"), { maxLength: 4 })
      .map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(hostile, (text) => {
      const page = render(viewFullOf(`x${text}`));
      expect(shapeOf(page)).toBe(PLAIN_SHAPE);
      expect(page).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|(?!\n)\p{Cc}/u);
      expect(cellsUnder(embeddedIn(page), "userPrincipalName")).toContain(showVisibly(`x${text}`));
    }),
    { numRuns: 60 },
  );
});

test("the policy forbids everything but the two inline blocks, named by the hash of their exact text", () => {
  const page = render(companyView(3));
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? "";
  const hashOf = (text: string | undefined) =>
    `'sha256-${createHash("sha256")
      .update(text ?? "")
      .digest("base64")}'`;
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1];
  const script = /<script>([\s\S]*?)<\/script>/.exec(page)?.[1];
  expect(policy.split("; ")).toEqual([
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  expect(page.match(/<script/g)).toHaveLength(2);
  expect(page.match(/<style/g)).toHaveLength(1);
});

test("the page names no address, no inline handler and no style attribute", () => {
  for (const view of [companyView(120), appliedView(120), holderView()]) {
    const tags = tagsOf(render(view)).join("\n");
    expect(tags).not.toMatch(/\son[a-z]+=|\sstyle=|\ssrc=|https?:/i);
    expect(
      [...tags.matchAll(/href="([^"]*)"/g)]
        .map(([, address]) => address)
        .filter((address) => !/^(#|data:,$)/.test(address ?? "")),
    ).toEqual([]);
  }
});

test("the script builds no markup from text and reaches for nothing outside the page", () => {
  expect(REPORT_SCRIPT).not.toMatch(
    /innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|Function\(|fetch|XMLHttp|WebSocket|\.style\b|import\(/,
  );
  expect(REPORT_SCRIPT).not.toMatch(/<\/script|<!--|`/i);
});

test("the page of a plan names the encoding and the hash of its mapping, the page of a rollback neither", () => {
  const view = companyView(5);
  expect(render(view)).toContain(`read as windows-1252, SHA-256 ${"ab".repeat(32)}`);
  expect(render({ ...view, about: { ...view.about, mapping: null } })).not.toContain("ab".repeat(32));
});

test("the same view gives the same bytes", () => {
  expect(render(appliedView(300))).toBe(render(appliedView(300)));
});

test("the rows of a plan are embedded in order, cell for cell", () => {
  const view = companyView(250);
  const embedded = embeddedIn(render(view));
  expect(cellsUnder(embedded, "row")).toEqual(view.plan.rows.map(({ row }) => row));
  expect(cellsUnder(embedded, "userPrincipalName")).toEqual(
    view.plan.rows.map(({ userPrincipalName }) => userPrincipalName),
  );
  expect(cellsUnder(embedded, "state")).toEqual(view.plan.rows.map(({ settled, action }) => settled ?? action));
  expect(cellsUnder(embedded, "findings")).toEqual(view.plan.rows.map(({ findings }) => findings.join(" ")));
  expect(cellsUnder(embedded, "department")).toEqual(view.plan.rows.map(({ extra }) => extra[1]));
  expect(embedded.columns[embedded.codes]?.heading).toBe("findings");
  const found = embedded.rows.map(({ c, d = [] }) => [c[0], d.map((place) => embedded.details[place])] as const);
  expect(
    found
      .filter(([, details]) => details.length > 0)
      .flatMap(([row, details]) => details.map((text) => `${row} ${text}`))
      .toSorted(),
  ).toEqual(
    view.plan.findings.flatMap(({ rows, code, detail }) => rows.map((row) => `${row} ${code}: ${detail}`)).toSorted(),
  );
});

test("the steps of a run are embedded with status, sync, message and times", () => {
  const view = appliedView(250);
  const outcomes = view.outcomes ?? [];
  const embedded = embeddedIn(render(view));
  for (const [heading, pick] of [
    ["step", outcomes.map(({ step }) => step)],
    ["status", outcomes.map(({ status }) => status)],
    ["sync", outcomes.map(({ sync }) => sync)],
    ["message", outcomes.map(({ message }) => message)],
    ["writtenAt", outcomes.map(({ writtenAt }) => writtenAt)],
    ["requestId", outcomes.map(({ requestId }) => requestId)],
  ] as const)
    expect(cellsUnder(embedded, heading)).toEqual(pick);
});

test("an empty old value and no old value are told apart", () => {
  const rows = [plannedRow({ row: 2, previousImmutableId: "", action: "replace" }), plannedRow({ row: 3 })];
  expect(cellsUnder(embeddedIn(render(viewOf({ rows }))), "previousImmutableId")).toEqual(['""', null]);
});

test("an operator's column that is named like one of ours keeps both", () => {
  const view = viewOf({ rows: [plannedRow({ row: 2, extra: ["theirs", "x"] })], extraColumns: ["State", "wave"] });
  const embedded = embeddedIn(render(view));
  expect(cellsUnder(embedded, "state")).toEqual(["set"]);
  expect(cellsUnder(embedded, "mapping.State")).toEqual(["theirs"]);
});

test("20,000 rows are all embedded, one more leaves out those that are fine and names plan.csv", () => {
  const whole = render(companyView(20_000));
  expect(embeddedIn(whole).rows).toHaveLength(20_000);
  expect(whole).not.toContain('id="cut"');

  const view = companyView(20_001);
  const cut = render(view);
  const open = view.plan.rows.filter(
    ({ settled, findings }) => settled === "blocked" || (findings.length > 0 && settled === null),
  );
  expect(cellsUnder(embeddedIn(cut), "row")).toEqual(open.map(({ row }) => row));
  const note = textOf(/<p class="note" id="cut">[\s\S]*?<\/p>/.exec(cut)?.[0] ?? "");
  expect(note).toContain(
    `This run has 20,001 rows. ${(20_001 - open.length).toLocaleString("en-US")} of them are fine`,
  );
  expect(note).toContain("plan.csv");
});

test("more than 20,000 rows that are not fine are cut too, and that is said", () => {
  const rows = Array.from({ length: 20_003 }, (_, index) =>
    plannedRow({ row: index + 2, action: "blocked", settled: "blocked" }),
  );
  const page = render(viewOf({ rows }));
  expect(embeddedIn(page).rows).toHaveLength(20_000);
  expect(textOf(page)).toContain("only the first 20,000 are here; 3 more are in plan.csv");
});

test("after apply a long run leaves out the steps that are done and names results.csv", () => {
  const view = appliedView(20_050);
  const page = render(view);
  const open = (view.outcomes ?? []).filter(
    ({ status, sync }) => !["verified", "already", "taken-over"].includes(status) || sync === "duplicate",
  );
  expect(cellsUnder(embeddedIn(page), "row")).toEqual(open.map(({ row }) => row));
  expect(textOf(page)).toContain("stand in results.csv");
});
