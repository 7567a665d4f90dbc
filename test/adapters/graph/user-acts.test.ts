import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import type { ChangeKind } from "../../../src/core/change.ts";
import type { WriteAnswer } from "../../../src/ports/writable-side.ts";
import { ADA, BEN, graphError, NEVER, openRawTenant, type RawTenant, sendJson, userJson } from "./raw-server.ts";

const HTML = "<!DOCTYPE html><html><body>Not found</body></html>";
const GONE = graphError("Request_ResourceNotFound");

const send = (raw: RawTenant, kind: ChangeKind, after: string | null = null) =>
  raw.tenant.writeValue({ objectId: ADA, after, kind }, "call-1", NEVER);

const acts: { readonly kind: ChangeKind; readonly after?: string; readonly sent: string }[] = [
  { kind: "set", after: "x", sent: `PATCH /v1.0/users/${ADA} {"onPremisesImmutableId":"x"}` },
  { kind: "replace", after: "x", sent: `PATCH /v1.0/users/${ADA} {"onPremisesImmutableId":"x"}` },
  { kind: "clear", sent: `PATCH /v1.0/users/${ADA} {"onPremisesImmutableId":null}` },
  { kind: "clear-object-identifier", sent: `PATCH /beta/users/${ADA} {"onPremisesObjectIdentifier":null}` },
  { kind: "delete", sent: `DELETE /v1.0/users/${ADA} ` },
  { kind: "purge", sent: `DELETE /v1.0/directory/deletedItems/${ADA} ` },
  { kind: "restore", sent: `POST /v1.0/directory/deletedItems/${ADA}/restore {}` },
];

for (const { kind, after, sent } of acts) {
  test(`${kind} is one request, by object id, with the client-request-id of its attempt`, async () => {
    await using raw = await openRawTenant((response) =>
      kind === "restore"
        ? sendJson(response, 200, userJson(ADA, "ada@contoso.example"))
        : sendJson(response, 204, null),
    );
    expect((await send(raw, kind, after ?? null)).meaning).toBe("accepted");
    expect(raw.seen.map(({ method, url, body }) => `${method} ${url} ${body}`)).toEqual([sent]);
    expect(raw.seen[0]?.headers["client-request-id"]).toBe("call-1");
  });
}

const json = (status: number, body: unknown) => (response: ServerResponse) => sendJson(response, status, body);
const answers: {
  readonly kinds: readonly ChangeKind[];
  readonly name: string;
  readonly answer: (response: ServerResponse) => void;
  readonly meaning: WriteAnswer["meaning"];
  readonly requests?: number;
}[] = [
  { kinds: ["delete", "purge", "restore"], name: "404", answer: json(404, GONE), meaning: "refused" },
  {
    kinds: ["delete", "purge", "restore"],
    name: "403",
    answer: json(403, graphError("Authorization_RequestDenied")),
    meaning: "refused",
  },
  { kinds: ["delete", "purge"], name: "200", answer: json(200, {}), meaning: "undecided" },
  { kinds: ["restore"], name: "200 with nobody", answer: json(200, {}), meaning: "undecided" },
  {
    kinds: ["restore"],
    name: "200 with somebody else",
    answer: json(200, userJson(BEN, "ben@contoso.example")),
    meaning: "undecided",
  },
  { kinds: ["restore"], name: "204", answer: json(204, null), meaning: "undecided" },
  {
    kinds: ["restore"],
    name: "200 without a request-id",
    answer: (response) =>
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify(userJson(ADA, "ada@contoso.example"))),
    meaning: "undecided",
  },
  {
    kinds: ["delete", "purge", "restore", "clear-object-identifier"],
    name: "404 with a web page",
    answer: (response) => response.writeHead(404, { "content-type": "text/html", "request-id": "req-1" }).end(HTML),
    meaning: "undecided",
  },
  {
    kinds: ["delete", "purge", "restore", "clear-object-identifier"],
    name: "504",
    answer: json(504, graphError("Timeout")),
    meaning: "undecided",
  },
  {
    kinds: ["delete", "purge", "restore"],
    name: "a closed connection",
    answer: (response) => response.socket?.resetAndDestroy(),
    meaning: "undecided",
  },
  {
    kinds: ["delete", "purge", "restore", "clear-object-identifier"],
    name: "401, twice",
    answer: json(401, graphError("InvalidAuthenticationToken")),
    meaning: "not-sent",
    requests: 2,
  },
];

for (const { kinds, name, answer, meaning, requests = 1 } of answers) {
  for (const kind of kinds) {
    test(`${kind} answered by ${name} is ${meaning} after ${requests} requests`, async () => {
      await using raw = await openRawTenant(answer);
      expect((await send(raw, kind)).meaning).toBe(meaning);
      expect(raw.seen).toHaveLength(requests);
    });
  }
}

test("a restore that meets a taken name tells who has it", async () => {
  const details = [
    { code: "ObjectConflict", target: "userPrincipalName" },
    { code: "ConflictingObjects", target: `User_${BEN}` },
  ];
  await using raw = await openRawTenant((response) =>
    sendJson(response, 400, graphError("Request_BadRequest", details)),
  );
  expect(await send(raw, "restore")).toMatchObject({ meaning: "refused", conflict: { holderId: BEN } });
});

test("a throttled purge is sent again after the pause", async () => {
  await using raw = await openRawTenant((response, _request, count) =>
    count === 1
      ? sendJson(response, 429, graphError("TooManyRequests"), { "retry-after": "30" })
      : sendJson(response, 204, null),
  );
  expect((await send(raw, "purge")).meaning).toBe("accepted");
  expect(raw.seen.map(({ atMs }) => atMs)).toEqual([0, 30_000]);
});

test("a user is gone only when it is neither live, nor deleted, nor live again", async () => {
  await using raw = await openRawTenant((response) => sendJson(response, 404, GONE));
  expect(await raw.tenant.readValue(ADA, NEVER, { facet: "existence" })).toMatchObject({ value: "gone" });
  const holder = "$select=id,userPrincipalName,onPremisesSyncEnabled";
  expect(raw.seen.map(({ url }) => url)).toEqual([
    `/v1.0/users/${ADA}?${holder}`,
    `/v1.0/directory/deletedItems/${ADA}/microsoft.graph.user?${holder}`,
    `/v1.0/users/${ADA}?${holder}`,
  ]);
});

test("a user that is restored between the reads is live", async () => {
  await using raw = await openRawTenant((response, _request, count) =>
    count < 3 ? sendJson(response, 404, GONE) : sendJson(response, 200, userJson(ADA, "ada@contoso.example")),
  );
  expect(await raw.tenant.readValue(ADA, NEVER, { facet: "existence" })).toMatchObject({ value: "live" });
});

for (const facet of ["existence", "object-identifier"] as const) {
  test(`a web page in place of a 404 is no word about the ${facet} of a user`, async () => {
    await using raw = await openRawTenant((response) =>
      response.writeHead(404, { "content-type": "text/html" }).end(HTML),
    );
    await expect(raw.tenant.readValue(ADA, NEVER, { facet })).rejects.toMatchObject({ code: "tenant" });
  });
  test(`an answer about somebody else is no word about the ${facet} of a user`, async () => {
    await using raw = await openRawTenant((response) => sendJson(response, 200, userJson(BEN, "ben@contoso.example")));
    await expect(raw.tenant.readValue(ADA, NEVER, { facet })).rejects.toThrow(`user ${ADA} was asked for`);
  });
}

test("an object identifier is read from beta, and a user that comes without the key has none", async () => {
  await using raw = await openRawTenant((response) => sendJson(response, 200, userJson(ADA, "ada@contoso.example")));
  expect(await raw.tenant.readValue(ADA, NEVER, { facet: "object-identifier" })).toMatchObject({
    objectId: ADA,
    value: null,
  });
  expect(raw.seen[0]?.url).toMatch(/^\/beta\/users\/.*,onPremisesObjectIdentifier$/);
});

test("a user is not saved as whole when it is somebody else, or lacks what was asked for", async () => {
  await using raw = await openRawTenant((response, _request, count) =>
    sendJson(response, 200, count === 1 ? userJson(BEN, "ben@contoso.example") : { id: ADA, userPrincipalName: "ada" }),
  );
  await expect(raw.tenant.readWhole(ADA, NEVER)).rejects.toThrow(`user ${BEN} where ${ADA} was asked for`);
  await expect(raw.tenant.readWhole(ADA, NEVER)).rejects.toThrow("without the property onPremisesImmutableId");
});
