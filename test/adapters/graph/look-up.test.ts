import fc from "fast-check";
import { expect, test } from "vitest";
import { quoteText, splitIntoGroups, usersWherePath } from "../../../src/adapters/graph/query.ts";
import type { Guid } from "../../../src/core/guid.ts";
import { type Answer, graphError, guid, NEVER, openRawTenant, sendJson, userJson } from "./raw-server.ts";

type Inner = { readonly id: string; readonly method: string; readonly url: string };
type InnerAnswer = { readonly id: string; readonly status: number; readonly body?: unknown; readonly headers?: object };

const idOf = (number: number): Guid => guid(`00000000-0000-4000-8000-${String(number).padStart(12, "0")}`);

/** The values that an inner request asks for, as a server reads its URL. */
function valuesOf({ url }: Inner): string[] {
  const filter = new URL(url, "http://graph.example").searchParams.get("$filter") ?? "";
  return Array.from(filter.matchAll(/'((?:[^']|'')*)'/g), ([, text = ""]) => text.replaceAll("''", "'"));
}

/** Everybody who is asked for exists; the number in the name is the number of the id. */
function answerInner(inner: Inner): InnerAnswer {
  const users = valuesOf(inner).map((name) => userJson(idOf(Number(/\d+/.exec(name)?.[0] ?? 0)), name));
  return { id: inner.id, status: 200, body: { value: users } };
}

function answerBatches(answer: (inner: readonly Inner[], round: number) => readonly unknown[]): Answer {
  return (response, request, count) => {
    const { requests }: { requests: Inner[] } = JSON.parse(request.body);
    sendJson(response, 200, { responses: answer(requests, count) });
  };
}

const names = Array.from({ length: 310 }, (_, index) => `user${index}@contoso.example`);
const requestsOf = ({ body }: { body: string }): Inner[] => JSON.parse(body).requests;

test("names are looked up 15 to a filter and 20 filters to a request", async () => {
  await using raw = await openRawTenant(answerBatches((inner) => inner.map(answerInner).reverse()));
  const users = await raw.tenant.findUsersByName(names, NEVER);
  expect(users.map(({ userPrincipalName }) => userPrincipalName).sort()).toEqual(names.toSorted());
  expect(raw.seen.map(({ url, method }) => `${method} ${url}`)).toEqual(["POST /v1.0/$batch", "POST /v1.0/$batch"]);
  expect(raw.seen.map((request) => requestsOf(request).length)).toEqual([20, 1]);
  expect(raw.tenant.lookUpSize).toBe(300);
});

test("an object id among the names is looked up by id", async () => {
  await using raw = await openRawTenant(
    answerBatches((inner) => inner.map(({ id }) => ({ id, status: 200, body: { value: [] } }))),
  );
  await raw.tenant.findUsersByName([idOf(1).toUpperCase(), "ada@contoso.example"], NEVER);
  expect(raw.seen.flatMap(requestsOf).map(({ url }) => decodeURIComponent(url.split("$filter=")[1] ?? ""))).toEqual([
    `id in ('${idOf(1)}')`,
    "userPrincipalName in ('ada@contoso.example')",
  ]);
});

test("addresses are looked up as UPN, as mail and as proxy address, too long ones by how they begin", async () => {
  await using raw = await openRawTenant(
    answerBatches((inner) => inner.map(({ id }) => ({ id, status: 200, body: { value: [] } }))),
  );
  const long = `/o=contoso/cn=${"x".repeat(200)}`;
  await raw.tenant.findUsersByAddress(["o'hal@contoso.example", "ada@contoso.example", long], NEVER);
  expect(raw.seen.flatMap(requestsOf).map(({ url }) => decodeURIComponent(url.split("$filter=")[1] ?? ""))).toEqual([
    "userPrincipalName in ('o''hal@contoso.example','ada@contoso.example')",
    "mail in ('o''hal@contoso.example','ada@contoso.example')",
    "proxyAddresses/any(p:p eq 'smtp:o''hal@contoso.example') or proxyAddresses/any(p:p eq 'smtp:ada@contoso.example')",
    `startswith(mail,'${long.slice(0, 120)}') or proxyAddresses/any(p:startswith(p,'smtp:${long.slice(0, 115)}'))`,
  ]);
});

test("any address can be cut and encoded", () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: "grapheme", maxLength: 300 }), { maxLength: 4 }), async (addresses) => {
      await using raw = await openRawTenant(
        answerBatches((inner) => inner.map(({ id }) => ({ id, status: 200, body: { value: [] } }))),
      );
      expect(await raw.tenant.findUsersByAddress(["😀".repeat(60), ...addresses], NEVER)).toEqual([]);
      for (const { url } of raw.seen.flatMap(requestsOf)) expect(url).toMatch(/^[\x21-\x7e]+$/);
    }),
    { numRuns: 30 },
  ));

test("nothing is sent to look nobody up", async () => {
  await using raw = await openRawTenant(answerBatches(() => []));
  expect(await raw.tenant.findUsersByName([], NEVER)).toEqual([]);
  expect(raw.seen).toHaveLength(0);
});

const spoilt: { name: string; spoil: (inner: Inner) => readonly unknown[]; waitMs: number }[] = [
  {
    name: "throttled with a pause",
    spoil: ({ id }) => [{ id, status: 429, headers: { "Retry-After": "7" }, body: graphError("TooManyRequests") }],
    waitMs: 7000,
  },
  {
    name: "failed for the moment",
    spoil: ({ id }) => [{ id, status: 504, body: graphError("Timeout") }],
    waitMs: 1500,
  },
  {
    name: "failed for its neighbour",
    spoil: ({ id }) => [{ id, status: 424, body: graphError("FailedDependency") }],
    waitMs: 1500,
  },
  { name: "left out", spoil: () => [], waitMs: 1500 },
  {
    name: "given twice",
    spoil: (inner) => [answerInner(inner), { ...answerInner(inner), body: { value: [] } }],
    waitMs: 1500,
  },
  {
    name: "given under an id that nobody asked for",
    spoil: (inner) => [{ ...answerInner(inner), id: "99" }],
    waitMs: 1500,
  },
];

for (const { name, spoil, waitMs } of spoilt) {
  test(`C05, C33: an answer in a batch that is ${name} is asked for again, alone`, async () => {
    await using raw = await openRawTenant(
      answerBatches((inner, round) =>
        inner.flatMap((each) => (round === 1 && each.id === "3" ? spoil(each) : [answerInner(each)])),
      ),
    );
    const users = await raw.tenant.findUsersByName(names.slice(0, 60), NEVER);
    expect(users).toHaveLength(60);
    expect(raw.seen.map((request) => requestsOf(request).map(({ id }) => id))).toEqual([["1", "2", "3", "4"], ["3"]]);
    expect(raw.seen[1]?.atMs).toBe(waitMs);
  });
}

test("C05: an answer in a batch that never comes ends the look-up, and no part of it is used", async () => {
  await using raw = await openRawTenant(answerBatches((inner) => inner.slice(1).map(answerInner)));
  await expect(raw.tenant.findUsersByName(names.slice(0, 60), NEVER)).rejects.toThrow(
    "stayed unanswered after 8 tries",
  );
});

test("an answer in a batch that refuses ends the look-up with its own code", async () => {
  await using raw = await openRawTenant(
    answerBatches((inner) =>
      inner.map(({ id }) => ({ id, status: 403, body: graphError("Authorization_RequestDenied") })),
    ),
  );
  await expect(raw.tenant.findUsersByName(names, NEVER)).rejects.toMatchObject({
    message: expect.stringContaining("Authorization_RequestDenied"),
    hint: expect.stringContaining("User.Read.All"),
  });
  expect(raw.seen).toHaveLength(1);
});

test("C05: a pause of a day inside a batch is not waited for", async () => {
  await using raw = await openRawTenant(
    answerBatches((inner) => inner.map(({ id }) => ({ id, status: 429, headers: { "Retry-After": 86_400 } }))),
  );
  await expect(raw.tenant.findUsersByName(names, NEVER)).rejects.toMatchObject({
    code: "paused",
    hint: expect.stringContaining("pause"),
  });
  expect(raw.seen).toHaveLength(1);
});

test("a second page of an inner answer is read too, and who is found twice counts once", async () => {
  await using raw = await openRawTenant((response, request) => {
    const one = [userJson(idOf(1), "user1@contoso.example")];
    if (request.method === "GET")
      return sendJson(response, 200, { value: [...one, userJson(idOf(2), "user2@contoso.example")] });
    const next = `http://${request.headers.host}/v1.0/users?$skiptoken=2`;
    sendJson(response, 200, { responses: [{ id: "1", status: 200, body: { value: one, "@odata.nextLink": next } }] });
  });
  const users = await raw.tenant.findUsersByImmutableId(["1eLWKGhjWk22cdUrMBcmgA=="], NEVER);
  expect(users.map(({ id }) => id)).toEqual([idOf(1), idOf(2)]);
});

test("C27: any text survives the way into a filter and back", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 15 }), (values) => {
      const url = usersWherePath("userPrincipalName", values);
      expect(url).toMatch(/^[\x21-\x7e]+$/);
      expect(valuesOf({ id: "1", method: "GET", url })).toEqual(values);
    }),
  );
});

test("quoteText doubles apostrophes", () => {
  expect(quoteText("o'neil@contoso.example")).toBe("'o''neil@contoso.example'");
});

test("splitIntoGroups keeps the order and loses nothing", () => {
  expect(splitIntoGroups([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(splitIntoGroups([], 2)).toEqual([]);
});
