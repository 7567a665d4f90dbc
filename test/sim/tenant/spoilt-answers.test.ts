/** Faults that leave the write alone and spoil what is said about it: copies that lag, bodies, pages, headers. */
import { expect, test } from "vitest";
import type { SpoiltBody } from "../../../src/sim/tenant/faults.ts";
import { ANCHOR, ID, send, startContoso, WRITER } from "./contoso.ts";

const path = `/v1.0/users/${ID.ada}`;
const body = { onPremisesImmutableId: ANCHOR.free };

test("a lagging read shows each user as it was so long ago, alone and in lists", async () => {
  let nowMs = 0;
  const tenant = await startContoso({ now: () => nowMs });
  tenant.addFault({ match: { method: "GET" }, action: { kind: "lagging-read", byMs: 60_000 } });
  const seen = async () => {
    const one = await send(tenant, "GET", `${path}?$select=onPremisesImmutableId`);
    const list = await send(tenant, "GET", "/v1.0/users?$select=onPremisesImmutableId&$top=1");
    return [one.body.onPremisesImmutableId, list.body.value];
  };
  nowMs = 100_000;
  await send(tenant, "PATCH", path, { body });
  nowMs = 159_999;
  expect(await seen()).toEqual([null, [{ onPremisesImmutableId: null }]]);
  nowMs = 160_000;
  expect(await seen()).toEqual([ANCHOR.free, [{ onPremisesImmutableId: ANCHOR.free }]]);
});

test("a request that a proxy delivers twice stands twice in the ledger, and only the second has an answer", async () => {
  const tenant = await startContoso();
  tenant.addFault({ match: { method: "PATCH" }, action: { kind: "duplicate" } });
  expect((await send(tenant, "PATCH", path, { body })).status).toBe(204);
  expect(tenant.ledger.entries).toMatchObject([
    { before: null, applied: true, status: null, deliveredAgain: true },
    { before: ANCHOR.free, applied: true, status: 204 },
  ]);
});

const bodies: { form: SpoiltBody; type: string; bytes: (whole: Buffer) => Buffer }[] = [
  { form: "half-json", type: "application/json", bytes: (whole) => whole.subarray(0, Math.floor(whole.length / 2)) },
  {
    form: "byte-order-mark",
    type: "application/json",
    bytes: (whole) => Buffer.concat([Buffer.from("efbbbf", "hex"), whole]),
  },
  { form: "wrong-type", type: "application/octet-stream", bytes: (whole) => whole },
  {
    form: "not-utf-8",
    type: "application/json",
    bytes: (whole) => Buffer.concat([Buffer.from("fffe", "hex"), whole]),
  },
];
for (const { form, type, bytes } of bodies) {
  test(`a body that is spoilt as ${form} is whole on the wire and comes as ${type}`, async () => {
    const tenant = await startContoso();
    const headers = { authorization: `Bearer ${tenant.mintToken({ roles: WRITER })}` };
    const fetchBody = async () => {
      const response = await fetch(`${tenant.endpoint}${path}?$select=id`, { headers });
      return { type: response.headers.get("content-type"), body: Buffer.from(await response.arrayBuffer()) };
    };
    tenant.addFault({ match: { nth: 2 }, action: { kind: "spoilt-body", form } });
    const [whole, spoilt] = [await fetchBody(), await fetchBody()];
    expect(spoilt).toEqual({ type, body: bytes(whole.body) });
  });
}

test("a small body unpacks to more than 64 MiB", async () => {
  const tenant = await startContoso();
  tenant.addFault({ match: { times: 1 }, action: { kind: "spoilt-body", form: "gzip-bomb" } });
  const response = await fetch(`${tenant.endpoint}${path}`);
  expect(response.headers.get("content-encoding")).toBe("gzip");
  expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(64 * 1024 * 1024);
});

test("a body without end stops when the client hangs up", async () => {
  const tenant = await startContoso();
  tenant.addFault({ match: { times: 1 }, action: { kind: "spoilt-body", form: "endless" } });
  const { body: stream } = await fetch(`${tenant.endpoint}${path}`);
  const reader = stream?.getReader();
  let bytes = 0;
  while (bytes < 3_000_000) bytes += (await reader?.read())?.value?.length ?? 0;
  await reader?.cancel();
  expect((await send(tenant, "GET", path)).status).toBe(200);
});

test("a page is emptied, or leads elsewhere", async () => {
  const tenant = await startContoso();
  const link = "https://graph.contoso.example/v1.0/users?$skiptoken=2";
  tenant.addFault({ match: { nth: 1 }, action: { kind: "spoilt-page", empty: true } });
  tenant.addFault({ match: { nth: 2 }, action: { kind: "spoilt-page", nextLink: link } });
  const list = () => send(tenant, "GET", "/v1.0/users?$select=id&$top=2");
  const [empty, elsewhere] = [await list(), await list()];
  expect([empty.body.value, empty.body["@odata.nextLink"]]).toEqual([[], expect.stringContaining("$skiptoken=")]);
  expect([elsewhere.body.value, elsewhere.body["@odata.nextLink"]]).toEqual([[{ id: ID.ada }, { id: ID.ben }], link]);
});

test("a refusal carries the headers that it is told, several of one name too", async () => {
  const tenant = await startContoso();
  tenant.addFault({
    match: {},
    action: {
      kind: "status",
      status: 429,
      applied: false,
      retryAfter: ["1", "30"],
      headers: { "www-authenticate": 'Bearer error="insufficient_claims"' },
    },
  });
  const { headers } = await send(tenant, "GET", path);
  expect(headers["www-authenticate"]).toContain("insufficient_claims");
  const raw = await fetch(`${tenant.endpoint}${path}`);
  expect(raw.headers.get("retry-after")).toBe("1, 30");
});

test("a fault strikes each third request", async () => {
  const tenant = await startContoso();
  tenant.addFault({ match: { every: 3 }, action: { kind: "status", status: 503, applied: false } });
  const statuses: number[] = [];
  for (let at = 0; at < 7; at += 1) statuses.push((await send(tenant, "GET", path)).status);
  expect(statuses).toEqual([200, 200, 503, 200, 200, 503, 200]);
});
