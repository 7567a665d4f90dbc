import { expect, test } from "vitest";
import { ANCHOR, ID, type Json, send, startContoso } from "./contoso.ts";

const tenant = await startContoso();
const get = (id: string, url = `/users/${ID.ada}?$select=id`): object => ({ id, method: "GET", url });
const patch = (id: string, user: string, value: unknown, more: object = {}): object => ({
  id,
  method: "PATCH",
  url: `/users/${user}`,
  headers: { "Content-Type": "application/json" },
  body: { onPremisesImmutableId: value },
  ...more,
});

async function sendBatch(
  requests: readonly object[],
  on = tenant,
): Promise<{ status: number; body: Json; byId: Map<unknown, Json>; order: unknown[] }> {
  const { status, body } = await send(on, "POST", "/v1.0/$batch", { body: { requests } });
  const responses: Json[] = Object.values(body.responses ?? {});
  return {
    status,
    body,
    byId: new Map(responses.map((response) => [response.id, response])),
    order: responses.map(({ id }) => id),
  };
}

test("each request of a batch is answered on its own", async () => {
  const place = await startContoso();
  const { status, byId } = await sendBatch(
    [
      get("found"),
      get("missing", `/users/${ID.nobody}`),
      patch("written", ID.ada, ANCHOR.free),
      patch("synced", ID.cyd, ANCHOR.free),
      get("filter", `/users?$select=id&$filter=onPremisesImmutableId eq '${encodeURIComponent(ANCHOR.ben)}'`),
    ],
    place,
  );
  expect(status).toBe(200);
  expect(byId.get("found")).toMatchObject({ status: 200, body: { id: ID.ada } });
  expect(byId.get("missing")).toMatchObject({ status: 404, body: { error: { code: "Request_ResourceNotFound" } } });
  expect(byId.get("written")?.status).toBe(204);
  expect(byId.get("written")).not.toHaveProperty("body");
  expect(byId.get("synced")).toMatchObject({ status: 400, body: { error: { code: "Request_BadRequest" } } });
  expect(byId.get("filter")).toMatchObject({ status: 200, body: { value: [{ id: ID.ben }] } });
  expect(place.user(ID.ada)?.onPremisesImmutableId).toBe(ANCHOR.free);
});

test("answers come in another order than requests, the same one for the same seed", async () => {
  const ids = Array.from({ length: 20 }, (_, at) => String(at));
  const requests = ids.map((id) => get(id));
  const [first, second] = await Promise.all(
    [1, 1].map(async () => sendBatch(requests, await startContoso({ seed: 7 }))),
  );
  expect(first?.order).not.toEqual(ids);
  expect(first?.order).toEqual(second?.order);
  expect(first?.order.toSorted()).toEqual(ids.toSorted());
});

test("a request inside a batch is throttled with its own 429 while the batch is 200", async () => {
  const place = await startContoso({ now: () => 0, quota: { writesPerWindow: 1 } });
  const { status, byId } = await sendBatch([patch("1", ID.ada, "one"), patch("2", ID.ada, "two")], place);
  expect(status).toBe(200);
  expect(byId.get("1")?.status).toBe(204);
  expect(byId.get("2")).toMatchObject({
    status: 429,
    headers: { "Retry-After": "150" },
    body: { error: { code: "TooManyRequests" } },
  });
});

test("a request that depends on a failed one is 424 and is not carried out", async () => {
  const place = await startContoso();
  const { byId } = await sendBatch(
    [
      patch("1", ID.cyd, "x"),
      patch("2", ID.ada, "y", { dependsOn: ["1"] }),
      patch("3", ID.ben, "z", { dependsOn: ["2"] }),
    ],
    place,
  );
  expect([byId.get("1")?.status, byId.get("2")?.status, byId.get("3")?.status]).toEqual([400, 424, 424]);
  expect(place.user(ID.ada)?.onPremisesImmutableId).toBeNull();
});

const refused = [
  { name: "of 21 requests", requests: Array.from({ length: 21 }, (_, at) => get(String(at))) },
  { name: "without requests", requests: [] },
  { name: "with ids that differ only in case", requests: [get("a"), get("A")] },
  { name: "with an absolute URL", requests: [get("1", "https://graph.microsoft.com/v1.0/users")] },
  {
    name: "inside a batch",
    requests: [{ id: "1", method: "POST", url: "/$batch", headers: { "Content-Type": "application/json" }, body: {} }],
  },
  { name: "with a body but no content type", requests: [patch("1", ID.ada, "x", { headers: {} })] },
  {
    name: "whose dependencies are neither serial nor same",
    requests: [get("1"), get("2"), { ...get("3"), dependsOn: ["2"] }],
  },
  { name: "without an id", requests: [{ method: "GET", url: "/users" }] },
];
for (const { name, requests } of refused) {
  test(`a batch ${name} is refused whole`, async () => {
    const { status, body } = await sendBatch(requests);
    expect({ status, code: body.error?.code }).toEqual({ status: 400, code: "BadRequest" });
    expect(tenant.user(ID.ada)?.onPremisesImmutableId).toBeNull();
  });
}

test("a batch without a token is 401", async () => {
  expect((await send(tenant, "POST", "/v1.0/$batch", { token: null, body: { requests: [get("1")] } })).status).toBe(
    401,
  );
});

test("a fault leaves out, doubles or renames single answers of a batch", async () => {
  const place = await startContoso();
  place.addFault({ match: { userId: ID.ada }, action: { kind: "batch-answer", fate: "omit" } });
  place.addFault({ match: { userId: ID.ben }, action: { kind: "batch-answer", fate: "duplicate" } });
  place.addFault({ match: { userId: ID.cyd }, action: { kind: "batch-answer", fate: "rename" } });
  const { order } = await sendBatch([get("1"), get("2", `/users/${ID.ben}`), get("3", `/users/${ID.cyd}`)], place);
  expect(order.toSorted()).toEqual(["2", "2", "3-unknown"]);
});
