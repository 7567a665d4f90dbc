import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { MAX_RESPONSE_BYTES } from "../../../src/adapters/graph/transport.ts";
import type { Tenant } from "../../../src/ports/tenant.ts";
import { openOn } from "./open-on.ts";
import {
  ADA,
  type Answer,
  BEN,
  graphError,
  NEVER,
  openRawTenant,
  sendJson,
  TENANT_ID,
  userJson,
} from "./raw-server.ts";

const ada = userJson(ADA, "ada@contoso.example", "1eLWKGhjWk22cdUrMBcmgA==");
const ben = userJson(BEN, "ben@contoso.example");

async function listAll(tenant: Tenant) {
  const names: string[] = [];
  for await (const page of tenant.listUsers(NEVER))
    names.push(...page.map(({ userPrincipalName }) => userPrincipalName));
  return names;
}

test("a page that fails for a moment is read again, and the listing is whole", async () => {
  await using raw = await openRawTenant((response, request, count) => {
    const next = `http://${request.headers.host}/v1.0/users?$select=id&$skiptoken=second`;
    if (count === 1) sendJson(response, 200, { value: [ada], "@odata.nextLink": next });
    else if (count === 2) sendJson(response, 502, graphError("BadGateway"));
    else if (count === 3) response.socket?.resetAndDestroy();
    else if (count === 4) response.writeHead(200, { "content-type": "text/html" }).end("<html>portal</html>");
    else if (count === 5) response.writeHead(200, { "content-type": "application/json" }).end('{"value":[');
    else sendJson(response, 200, { value: [ben] });
  });
  expect(await listAll(raw.tenant)).toEqual(["ada@contoso.example", "ben@contoso.example"]);
  expect(raw.seen).toHaveLength(6);
  expect(raw.seen.slice(1).every(({ url }) => url.includes("$skiptoken=second"))).toBe(true);
});

test("the next page is on its way while the one at hand is worked on", async () => {
  const requests = new Int32Array(new SharedArrayBuffer(4));
  const server = new Worker(new URL("children/serve-two-pages.ts", import.meta.url), { workerData: requests });
  onTestFinished(async () => void (await server.terminate()));
  const [endpoint] = await once(server, "message");
  const { tenant } = openOn({ endpoint, tenantId: TENANT_ID, mintToken: () => "token" });
  const waits: string[] = [];
  // Work in one go: whatever this thread has begun and not sent stands still until it ends.
  for await (const _ of tenant.listUsers(NEVER)) waits.push(Atomics.wait(requests, 0, 1, 5000));
  expect(waits).toHaveLength(2);
  expect(waits).not.toContain("timed-out");
});

const links: { name: string; link: (endpoint: string) => unknown }[] = [
  { name: "another host", link: () => "https://graph.contoso.example/v1.0/users?$skiptoken=2" },
  { name: "another port of this machine", link: () => "http://127.0.0.1:1/v1.0/users?$skiptoken=2" },
  { name: "another scheme", link: (endpoint) => `${endpoint.replace("http:", "https:")}/v1.0/users` },
  { name: "another version", link: (endpoint) => `${endpoint}/beta/users?$skiptoken=2` },
  { name: "a way out of the version", link: (endpoint) => `${endpoint}/v1.0/../admin` },
  { name: "a user name before the host", link: (endpoint) => `${endpoint.replace("//", "//eve@")}/v1.0/users` },
  { name: "an address inside the query", link: (endpoint) => `${endpoint}/v1.0/users?x=https://eve.example/a/b` },
  { name: "no address", link: () => "users?$skiptoken=2" },
  { name: "something else than text", link: () => 2 },
];

for (const { name, link } of links) {
  test(`C28: a nextLink that is ${name} is refused, and nothing is sent there`, async () => {
    await using raw = await openRawTenant((response, request) =>
      sendJson(response, 200, { value: [ada], "@odata.nextLink": link(`http://${request.headers.host}`) }),
    );
    await expect(listAll(raw.tenant)).rejects.toMatchObject({ code: "tenant" });
    expect(raw.seen).toHaveLength(1);
  });
}

test("C28: a listing that runs in a circle is refused", async () => {
  await using raw = await openRawTenant((response, request, count) =>
    sendJson(response, 200, {
      value: [ada],
      "@odata.nextLink": `http://${request.headers.host}/v1.0/users?$skiptoken=${count % 3}`,
    }),
  );
  await expect(listAll(raw.tenant)).rejects.toThrow("names itself or an earlier page");
  expect(raw.seen).toHaveLength(4);
});

test("C28: a listing of empty pages without end is refused", async () => {
  await using raw = await openRawTenant((response, request, count) =>
    sendJson(response, 200, {
      value: [],
      "@odata.nextLink": `http://${request.headers.host}/v1.0/users?$skiptoken=${count}`,
    }),
  );
  await expect(listAll(raw.tenant)).rejects.toThrow("page after page is empty");
  expect(raw.seen).toHaveLength(101);
});

test("C28: empty pages that name a next one, which Graph may send, are followed to the users behind them", async () => {
  const emptyPages = 100;
  await using raw = await openRawTenant((response, request, count) =>
    count > emptyPages
      ? sendJson(response, 200, { value: [ada] })
      : sendJson(response, 200, {
          value: [],
          "@odata.nextLink": `http://${request.headers.host}/v1.0/users?$skiptoken=${count}`,
        }),
  );
  expect(await listAll(raw.tenant)).toEqual(["ada@contoso.example"]);
  expect(raw.seen).toHaveLength(emptyPages + 1);
});

test("a user without onPremisesImmutableId, which was asked for, is refused", async () => {
  const { onPremisesImmutableId: _, ...silent } = ada;
  await using raw = await openRawTenant((response) => sendJson(response, 200, { value: [silent] }));
  await expect(listAll(raw.tenant)).rejects.toThrow("without the property onPremisesImmutableId");
});

const refusals: { status: number; code: string; hint: RegExp; requests: number }[] = [
  { status: 400, code: "Request_UnsupportedQuery", hint: /Microsoft support/, requests: 1 },
  { status: 401, code: "InvalidAuthenticationToken", hint: /new token/, requests: 2 },
  { status: 403, code: "Authorization_RequestDenied", hint: /User\.Read\.All/, requests: 1 },
  { status: 404, code: "ResourceNotFound", hint: /Microsoft support/, requests: 1 },
  { status: 500, code: "InternalServerError", hint: /Try again later/, requests: 8 },
];

for (const { status, code, hint, requests } of refusals) {
  test(`a read refused by ${status} names code, request-id and what to do, after ${requests} requests`, async () => {
    await using raw = await openRawTenant((response) =>
      sendJson(response, status, graphError(code), { "request-id": "req-42" }),
    );
    await expect(raw.tenant.readValue(ADA, NEVER)).rejects.toMatchObject({
      code: "tenant",
      message: expect.stringMatching(new RegExp(`HTTP ${status}.*${code}.*req-42`)),
      hint: expect.stringMatching(hint),
    });
    expect(raw.seen).toHaveLength(requests);
  });
}

test("an address at which nobody ever listened ends a read within seconds, and names itself and its key", async () => {
  const raw = await openRawTenant((response) => response.end());
  await raw[Symbol.asyncDispose]();
  const { host } = new URL(raw.endpoint);
  await expect(raw.tenant.readValue(ADA, NEVER)).rejects.toMatchObject({
    code: "tenant",
    message: expect.stringMatching(
      new RegExp(`: ${host} cannot be reached: nothing listens at that address and port \\(ECONNREFUSED\\)$`),
    ),
    hint: expect.stringMatching(/^Check tenant\.endpoint .*hardmatch doctor$/),
  });
  expect(raw.clock.waits).toHaveLength(2);
  expect(raw.clock.monotonicMs()).toBeLessThanOrEqual(6_000);
});

test("a service that has answered before is waited for, and the operator is told of it now and then", async () => {
  const raw = await openRawTenant((response) => sendJson(response, 200, userJson(ADA, "ada@contoso.example")));
  await raw.tenant.readValue(ADA, NEVER);
  await raw[Symbol.asyncDispose]();
  await expect(raw.tenant.readValue(ADA, NEVER)).rejects.toMatchObject({ code: "tenant" });
  expect(raw.clock.waits).toHaveLength(7);
  expect(raw.clock.monotonicMs()).toBeGreaterThan(50_000);
  expect(raw.notes.length).toBeGreaterThan(2);
  expect(raw.notes.length).toBeLessThan(7);
  for (const note of raw.notes)
    expect(note).toMatch(
      /^No answer: 127.* \(ECONNREFUSED\)\. Trying again in \d+ s, and until 01:0\d:\d\d UTC at the /,
    );
});

test("what is silent for a moment is not worth a word, and an answer after a word is", async () => {
  const notesAfter = async (failures: number) => {
    await using raw = await openRawTenant((response, _request, count) =>
      count <= failures
        ? sendJson(response, 502, graphError("BadGateway"))
        : sendJson(response, 200, userJson(ADA, "ada@contoso.example")),
    );
    await raw.tenant.readValue(ADA, NEVER);
    return raw.notes;
  };
  expect(await notesAfter(1)).toEqual([]);
  expect(await notesAfter(2)).toEqual([
    expect.stringMatching(/^No answer: Graph answers with HTTP 502\./),
    "There is an answer again; going on.",
  ]);
});

test("a read that is stopped says that it was interrupted", async () => {
  const stop = new AbortController();
  await using raw = await openRawTenant(() => stop.abort());
  await expect(raw.tenant.readValue(ADA, stop.signal)).rejects.toMatchObject({ code: "interrupted" });
  await expect(raw.tenant.countUsers(AbortSignal.abort())).rejects.toMatchObject({ code: "interrupted" });
  expect(raw.seen).toHaveLength(1);
});

test("a user that is gone reads as null only on Graph's own word", async () => {
  await using gone = await openRawTenant((response) => sendJson(response, 404, graphError("Request_ResourceNotFound")));
  expect(await gone.tenant.readValue(ADA, NEVER)).toBeNull();
  await using proxy = await openRawTenant((response) =>
    response.writeHead(404, { "content-type": "text/html" }).end("<html>"),
  );
  await expect(proxy.tenant.readValue(ADA, NEVER)).rejects.toMatchObject({ code: "tenant" });
});

test("an answer about another user than the one asked for is refused", async () => {
  await using raw = await openRawTenant((response) => sendJson(response, 200, ben));
  await expect(raw.tenant.readValue(ADA, NEVER)).rejects.toThrow(`user ${ADA} was asked for and ${BEN} came back`);
});

test("C31: an answer larger than the limit is given up", async () => {
  const filler = "x".repeat(1024 * 1024);
  await using raw = await openRawTenant((response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const fill = () => {
      while (!response.destroyed && response.write(filler));
      if (!response.destroyed) response.once("drain", fill);
    };
    fill();
  });
  const result = await raw.tenant.writeValue({ objectId: ADA, after: "x" }, "call-1", NEVER);
  expect(result).toMatchObject({ meaning: "undecided", errorCode: "too-large" });
});

test("C31: a small answer that unpacks to more than the limit is given up", async () => {
  const bomb = gzipSync(Buffer.alloc(MAX_RESPONSE_BYTES + 1));
  await using raw = await openRawTenant((response) =>
    response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end(bomb),
  );
  const result = await raw.tenant.writeValue({ objectId: ADA, after: "x" }, "call-1", NEVER);
  expect(result).toMatchObject({ meaning: "undecided", errorCode: "too-large" });
});

test("C29: a token refused in the middle is renewed once, however many requests it concerned", async () => {
  await using raw = await openRawTenant((response, request) =>
    request.headers.authorization === "Bearer token-2"
      ? sendJson(response, 200, ada)
      : sendJson(response, 401, graphError("InvalidAuthenticationToken")),
  );
  const values = await Promise.all(Array.from({ length: 12 }, () => raw.tenant.readValue(ADA, NEVER)));
  expect(values.every((held) => held?.value === ada.onPremisesImmutableId)).toBe(true);
  expect(raw.fetchedTokens).toEqual(["token-1", "token-2"]);
});

test("the number of users is asked for with ConsistencyLevel eventual", async () => {
  await using raw = await openRawTenant((response) =>
    response.writeHead(200, { "content-type": "text/plain" }).end("\ufeff2500"),
  );
  expect(await raw.tenant.countUsers(NEVER)).toBe(2500);
  expect(raw.seen.map(({ url, headers }) => [url, headers.consistencylevel])).toEqual([
    ["/v1.0/users/$count", "eventual"],
  ]);
});

const organization = (id: string) => ({
  value: [
    {
      id,
      displayName: "Contoso",
      onPremisesSyncEnabled: true,
      onPremisesLastSyncDateTime: "2026-11-22T00:30:00Z",
      verifiedDomains: [{ name: "Contoso.onmicrosoft.example" }],
    },
  ],
});

test("identify tells the tenant, its sync state and how far the server's clock is off", async () => {
  const answer: Answer = (response) =>
    sendJson(response, 200, organization(TENANT_ID), { date: "Sun, 22 Nov 2026 03:00:00 GMT" });
  await using raw = await openRawTenant(answer);
  expect(await raw.tenant.identify(NEVER)).toEqual({
    tenantId: TENANT_ID,
    displayName: "Contoso",
    cloud: "global",
    syncEnabled: true,
    lastSyncAt: "2026-11-22T00:30:00Z",
    clockSkewMs: 7_200_000,
    tokenExpiresAt: null,
    rights: null,
  });
});

test("C30: identify refuses a tenant that the configuration does not name", async () => {
  await using raw = await openRawTenant((response) => sendJson(response, 200, organization(BEN)));
  await expect(raw.tenant.identify(NEVER)).rejects.toThrow(`the configuration names ${TENANT_ID}`);
});
