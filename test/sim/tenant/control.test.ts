import { expect, test } from "vitest";
import { ANCHOR, ID, send, startContoso } from "./contoso.ts";

async function control(
  base: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${base}/_control/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

test("another process can mint tokens, write behind the client's back, order faults and read the ledger", async () => {
  const tenant = await startContoso();
  const minted = await control(tenant.control, "POST", "token", { roles: ["User.ReadWrite.All"] });
  expect(minted.body).toEqual({ token: expect.any(String) });
  const token = String(Object.values(Object(minted.body))[0]);

  await control(tenant.control, "POST", "change-user", { id: ID.ada, changes: { onPremisesImmutableId: "theirs" } });
  expect(tenant.user(ID.ada)?.onPremisesImmutableId).toBe("theirs");

  await control(tenant.control, "POST", "faults", {
    match: { times: 1 },
    action: { kind: "status", status: 500, applied: false },
  });
  const patch = { token, body: { onPremisesImmutableId: ANCHOR.free } };
  expect((await send(tenant, "PATCH", `/v1.0/users/${ID.ada}`, patch)).status).toBe(500);
  expect((await send(tenant, "PATCH", `/v1.0/users/${ID.ada}`, patch)).status).toBe(204);
  expect((await control(tenant.control, "GET", "faults")).body).toMatchObject([{ struck: 1 }]);

  await control(tenant.control, "POST", "delete-user", { id: ID.ben });
  expect((await control(tenant.control, "GET", "deleted-users")).body).toMatchObject([{ id: ID.gil }, { id: ID.ben }]);
  expect((await control(tenant.control, "GET", "users")).body).toEqual(tenant.users());
  expect((await control(tenant.control, "GET", `history/${ID.ada}`)).body).toMatchObject([
    { value: null },
    { value: "theirs" },
    { value: ANCHOR.free },
  ]);
  expect((await control(tenant.control, "GET", "ledger")).body).toMatchObject({
    entries: [
      { status: 500, applied: false },
      { status: 204, applied: true, before: "theirs" },
    ],
    requestCounts: { "PATCH /users/{key}": 2 },
  });
});

const mistakes = [
  { name: "an unknown control", method: "GET", path: "nothing", status: 404 },
  { name: "a user that is not there", method: "POST", path: "delete-user", body: { id: ID.nobody }, status: 404 },
];
for (const { name, method, path, body, status } of mistakes) {
  test(`the control answers ${status} to ${name}`, async () => {
    const tenant = await startContoso();
    expect((await control(tenant.control, method, path, body)).status).toBe(status);
  });
}

test("the control cannot be reached through the Graph port", async () => {
  const tenant = await startContoso();
  expect((await send(tenant, "GET", "/_control/users")).status).toBe(400);
});
