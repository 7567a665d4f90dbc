/** The report as a reader meets it: in a browser, with twenty thousand rows and names that mean harm. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { showVisibly } from "../../../src/adapters/report/markup.ts";
import { reportHtml } from "../../../src/adapters/report/report-html.ts";
import type { RunView } from "../../../src/ports/projection.ts";
import { chromiumMissing, openPage, type Page } from "./chromium.ts";
import { appliedView, companyView, findingOf, plannedRow, viewOf } from "./report-views.ts";

const missing = chromiumMissing();
const folder = mkdtempSync(join(tmpdir(), "hardmatch-report-"));
let page: Page;

beforeAll(async () => {
  if (missing === null) page = await openPage();
});
afterAll(async () => {
  if (missing === null) await page.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens the report of a run, with nothing noted yet. */
async function openReport(name: string, view: RunView): Promise<string> {
  const file = join(folder, `${name}.html`);
  writeFileSync(file, [...reportHtml.render(view)].join(""));
  page.complaints.length = 0;
  page.requests.length = 0;
  const address = pathToFileURL(file).href;
  await page.open(address);
  return address;
}

const shownRows = () => page.evaluate('document.querySelectorAll("#table tbody tr").length');
const status = () => page.evaluate('document.getElementById("shown").textContent');
const column = (heading: string) =>
  page.evaluate(`(() => {
    const place = [...document.querySelectorAll("#table thead th")].findIndex((th) => th.textContent === ${JSON.stringify(heading)});
    return [...document.querySelectorAll("#table tbody tr")].map((row) => row.cells[place].textContent);
  })()`) as Promise<string[]>;
const choose = (id: string, value: string) =>
  page.evaluate(
    `(() => { const choice = document.getElementById(${JSON.stringify(id)}); choice.value = ${JSON.stringify(value)}; choice.dispatchEvent(new Event("change", { bubbles: true })); })()`,
  );

/** Types as a keyboard does, in place of what stands there. */
async function typeSearch(text: string): Promise<void> {
  await page.evaluate('(() => { const field = document.getElementById("search"); field.focus(); field.select(); })()');
  await page.send("Input.insertText", { text });
}

async function press(key: string, code: string, keyCode: number): Promise<void> {
  const common = { key, code, windowsVirtualKeyCode: keyCode };
  await page.send("Input.dispatchKeyEvent", { type: "keyDown", ...common, ...(key === "Enter" && { text: "\r" }) });
  await page.send("Input.dispatchKeyEvent", { type: "keyUp", ...common });
}

test.skipIf(missing !== null)(
  `a report of 20,000 rows is searched, filtered, sorted and paged without a request or a complaint${missing === null ? "" : ` (left out: ${missing})`}`,
  async () => {
    const view = companyView(20_000);
    const address = await openReport("plan", view);
    expect(await status()).toBe("Showing 1 to 100 of 20,000 rows.");
    expect(await shownRows()).toBe(100);

    await typeSearch("JON9");
    const matching = view.plan.rows.filter(({ account }) => account.startsWith("jón9"));
    expect(await status()).toBe(
      `Showing 1 to 100 of ${matching.length.toLocaleString("en-US")} rows that match, of 20,000.`,
    );
    expect(await column("sAMAccountName")).toEqual(matching.slice(0, 100).map(({ account }) => account));

    await typeSearch("held fay10 old10");
    const held = view.plan.findings.filter(
      ({ code, rows, detail }) => code === "id-held-by-user" && detail.includes("old10") && (rows[0] ?? 0) % 10 === 5,
    );
    expect(held.length).toBeGreaterThan(1);
    expect(await status()).toBe(`Showing 1 to ${held.length} of ${held.length} rows that match, of 20,000.`);

    await typeSearch("");
    await choose("code", "target-guest");
    expect(await status()).toBe("Showing 1 to 100 of 200 rows that match, of 20,000.");
    expect(new Set(await column("findings"))).toEqual(new Set(["target-guest"]));
    await page.evaluate('document.getElementById("on").click()');
    expect(await status()).toBe("Showing 101 to 200 of 200 rows that match, of 20,000.");

    await choose("filter-state", "replace");
    expect(await status()).toBe("No row matches, of 20,000.");
    await page.evaluate('document.querySelector("button[type=reset]").click()');
    expect(await status()).toBe("Showing 1 to 100 of 20,000 rows.");
    await choose("filter-state", "replace");
    expect(await status()).toBe("Showing 1 to 100 of 200 rows that match, of 20,000.");

    await page.evaluate('document.querySelector("#finding-source-not-found-block a[data-code]").click()');
    expect(await status()).toBe("Showing 1 to 100 of 200 rows that match, of 20,000.");
    expect(new Set(await column("state"))).toEqual(new Set(["blocked"]));

    expect(page.complaints).toEqual([]);
    expect(page.requests.map((url) => url.replace(/#.*$/, ""))).toEqual([address]);
  },
);

test.skipIf(missing !== null)(
  "what the takeover will change is found from its totals among 20,000 rows, and stands in each row as text",
  async () => {
    const before = '<img src=x onerror="alert(1)">';
    const rows = Array.from({ length: 20_000 }, (_, index) =>
      plannedRow({
        row: index + 2,
        account: `user${index}`,
        takeover: [
          { property: index % 1000 === 7 ? "jobTitle" : "city", kind: "cleared", before: [before], after: [] },
          { property: "proxyAddresses", kind: "changed", before: ["smtp:old@x.example"], after: [] },
        ],
      }),
    );
    await openReport("takeover", viewOf({ rows }));
    await choose("filter-state", "set");
    await page.evaluate("document.querySelector('a[data-search=\"jobTitle:\"]').click()");
    expect(await status()).toBe("Showing 1 to 20 of 20 rows that match, of 20,000.");
    expect(new Set(await column("takeoverChanges"))).toEqual(new Set(["jobTitle: cleared; proxyAddresses: -1"]));
    await page.evaluate('document.querySelector("#table tbody th button").click()');
    const details = String(await page.evaluate('document.querySelector("#table tr.details").textContent'));
    expect(details).toContain(`jobTitle: ${before} → nothing`);
    expect(details).toContain("proxyAddresses: - smtp:old@x.example");
    expect(await page.evaluate('document.querySelectorAll("img").length')).toBe(0);
    expect(page.complaints).toEqual([]);
  },
);

test.skipIf(missing !== null)(
  "the keyboard alone sorts the table and opens a row, and both are announced",
  async () => {
    await openReport("keys", companyView(250));
    const sortState = () =>
      page.evaluate('[...document.querySelectorAll("#table thead th")].map((th) => th.ariaSort).join()');
    await page.evaluate('document.querySelector("#table thead button").focus()');
    await press("Enter", "Enter", 13);
    expect(String(await sortState())).toMatch(/^ascending,none/);
    await press("Enter", "Enter", 13);
    expect(String(await sortState())).toMatch(/^descending,none/);
    expect((await column("row"))[0]).toBe("251");

    await page.evaluate('document.querySelector("#table tbody th button").focus()');
    await press("Enter", "Enter", 13);
    expect(await page.evaluate('document.activeElement.getAttribute("aria-expanded")')).toBe("true");
    expect(await page.evaluate('document.querySelector("#table tr.details").textContent')).toContain(
      "aaaaaaaa-0000-4000-8000-000000000251",
    );
    expect(await page.evaluate('document.getElementById("shown").getAttribute("role")')).toBe("status");
  },
);

test.skipIf(missing !== null)("names that mean harm are shown as text and do nothing", async () => {
  const hostile = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\u202Egnp.exe",
    "</script><script>alert(2)</script>",
    "=cmd|' /C calc'!A0",
    "a\u0000\u2028b",
  ];
  const rows = hostile.map((text, index) =>
    plannedRow({
      row: index + 2,
      account: text,
      userPrincipalName: text,
      displayName: text,
      findings: ["target-guest"],
      action: "blocked",
      settled: "blocked",
      extra: [text, text],
    }),
  );
  const findings = rows.map(({ row, account }) => findingOf("target-guest", "block", [row], account));
  await openReport(
    "hostile",
    viewOf({ rows, findings, extraColumns: [hostile[0] ?? "", hostile[1] ?? ""], mappingName: hostile[1] ?? "" }),
  );
  expect(await column("sAMAccountName")).toEqual(hostile.map(showVisibly));
  expect(await page.evaluate('document.querySelectorAll("script").length')).toBe(2);
  expect(await page.evaluate('document.querySelectorAll("img").length')).toBe(0);
  await page.evaluate('document.querySelectorAll("#table tbody th button").forEach((button) => button.click())');
  expect(await page.evaluate('document.querySelector("#table tr.details").textContent')).toContain(hostile[0]);
  expect(page.complaints).toEqual([]);
  expect(page.requests).toHaveLength(1);
});

test.skipIf(missing !== null)("the policy stops a script that was put into the page, and says so", async () => {
  await openReport("policy", companyView(3));
  await page.evaluate(
    '(() => { const script = document.createElement("script"); script.textContent = "document.title = \'run\'"; document.body.append(script); })()',
  );
  expect(await page.evaluate("document.title")).toBe("hardmatch plan 0123456789ab");
  expect(page.complaints.join()).toContain("Content Security Policy");
});

test.skipIf(missing !== null)("on paper stand all rows, every detail open", async () => {
  await openReport("paper-whole", companyView(250));
  await page.evaluate('window.dispatchEvent(new Event("beforeprint"))');
  expect(await shownRows()).toBe(250);
  expect(await page.evaluate('document.querySelectorAll("details:not([open])").length')).toBe(0);
});

test.skipIf(missing !== null)("of very many steps those stand on paper that are not fine", async () => {
  const view = appliedView(2_500);
  await openReport("paper", view);
  await page.evaluate('window.dispatchEvent(new Event("beforeprint"))');
  const open = (view.outcomes ?? []).filter(
    ({ status: state, sync }) => !["verified", "already", "taken-over"].includes(state) || sync === "duplicate",
  );
  expect(await shownRows()).toBe(open.length);
  expect(await page.evaluate('document.querySelectorAll("details:not([open])").length')).toBe(0);
  await page.evaluate('window.dispatchEvent(new Event("afterprint"))');
  expect(await shownRows()).toBe(100);
  const { data } = await page.send("Page.printToPDF");
  expect(Buffer.from(String(data), "base64").subarray(0, 5).toString()).toBe("%PDF-");
});

test.skipIf(missing !== null)("a screen of 400 pixels shows the page without scrolling sideways", async () => {
  await page.send("Emulation.setDeviceMetricsOverride", {
    width: 400,
    height: 800,
    deviceScaleFactor: 1,
    mobile: true,
  });
  for (const [name, view] of [
    ["narrow-plan", companyView(250)],
    ["narrow-run", appliedView(250)],
  ] as const) {
    await openReport(name, view);
    expect(Number(await page.evaluate("document.documentElement.scrollWidth"))).toBeLessThanOrEqual(400);
  }
});
