import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { type GraphReply, readReply } from "../../../src/adapters/graph/graph-reply.ts";
import { TransportFailure } from "../../../src/adapters/graph/transport-failure.ts";
import { readWriteAnswer, readWriteFailure } from "../../../src/adapters/graph/write-answer.ts";
import type { WriteAnswer } from "../../../src/ports/writable-side.ts";
import { ADA, BEN, graphError, NEVER, openRawTenant, sendJson } from "./raw-server.ts";

const HTML = "<!DOCTYPE html><html><body>Sign in to the network</body></html>";
const CONFLICT = graphError("Request_BadRequest", [
  { code: "ObjectConflict", target: "onPremisesImmutableId" },
  { code: "ConflictingObjects", target: `User_${BEN}` },
]);

type Case = {
  readonly name: string;
  readonly answer: (response: ServerResponse) => void;
  readonly meaning: WriteAnswer["meaning"];
  readonly requests: number;
  readonly conflict?: WriteAnswer["conflict"];
};

const json = (status: number) => (response: ServerResponse) => sendJson(response, status, graphError("SomeCode"));

const cases: Case[] = [
  {
    name: "204 with a request-id",
    answer: (response) => sendJson(response, 204, null),
    meaning: "accepted",
    requests: 1,
  },
  {
    name: "204 without a request-id",
    answer: (response) => response.writeHead(204).end(),
    meaning: "undecided",
    requests: 1,
  },
  { name: "200", answer: (response) => sendJson(response, 200, {}), meaning: "undecided", requests: 1 },
  { name: "202", answer: (response) => sendJson(response, 202, {}), meaning: "undecided", requests: 1 },
  {
    name: "200 with a web page",
    answer: (response) => response.writeHead(200, { "content-type": "text/html" }).end(HTML),
    meaning: "undecided",
    requests: 1,
  },
  {
    name: "403 with a web page, even with a request-id",
    answer: (response) => response.writeHead(403, { "content-type": "text/html", "request-id": "req-1" }).end(HTML),
    meaning: "undecided",
    requests: 1,
  },
  {
    name: "403 that carries no request-id",
    answer: (response) => response.writeHead(403, { "content-type": "application/json" }).end("{}"),
    meaning: "undecided",
    requests: 1,
  },
  {
    name: "302 to a sign-in page, which is not followed",
    answer: (response) => response.writeHead(302, { location: "/signed-in", "request-id": "req-1" }).end(),
    meaning: "undecided",
    requests: 1,
  },
  {
    name: "307, which is not followed",
    answer: (response) => response.writeHead(307, { location: "/elsewhere", "request-id": "req-1" }).end(),
    meaning: "undecided",
    requests: 1,
  },
  {
    name: "400 with ObjectConflict",
    answer: (response) => sendJson(response, 400, CONFLICT),
    meaning: "refused",
    requests: 1,
    conflict: { holderId: BEN },
  },
  {
    name: "400 with ObjectConflict that names nobody",
    answer: (response) =>
      sendJson(
        response,
        400,
        graphError("Request_BadRequest", [{ code: "ObjectConflict", target: "onPremisesImmutableId" }]),
      ),
    meaning: "refused",
    requests: 1,
    conflict: { holderId: null },
  },
  ...[400, 403, 404, 405, 413, 415].map(
    (status): Case => ({ name: `${status}`, answer: json(status), meaning: "refused", requests: 1 }),
  ),
  { name: "401, twice", answer: json(401), meaning: "not-sent", requests: 2 },
  ...[408, 409, 412, 423, 500, 502, 503, 504, 599].map(
    (status): Case => ({ name: `${status}`, answer: json(status), meaning: "undecided", requests: 1 }),
  ),
  {
    name: "a closed connection",
    answer: (response) => response.socket?.resetAndDestroy(),
    meaning: "undecided",
    requests: 1,
  },
  {
    name: "a body that is cut off, even of a refusal",
    answer: (response) => {
      response.writeHead(403, { "content-type": "application/json", "request-id": "req-1", "content-length": 100 });
      response.write('{"error":', () => response.socket?.destroy());
    },
    meaning: "undecided",
    requests: 1,
  },
  {
    name: "a pause of 15 minutes",
    answer: (response) => sendJson(response, 429, graphError("TooManyRequests"), { "retry-after": "900" }),
    meaning: "not-sent",
    requests: 1,
  },
  {
    name: "a pause of a day",
    answer: (response) => sendJson(response, 429, graphError("TooManyRequests"), { "retry-after": "86400" }),
    meaning: "not-sent",
    requests: 1,
  },
];

for (const { name, answer, meaning, requests, conflict } of cases) {
  test(`a write answered by ${name} is ${meaning} after ${requests} requests`, async () => {
    await using raw = await openRawTenant(answer);
    const result = await raw.tenant.writeValue({ objectId: ADA, after: "1eLWKGhjWk22cdUrMBcmgA==" }, "call-1", NEVER);
    expect(result.meaning).toBe(meaning);
    expect(result.conflict).toEqual(conflict ?? null);
    expect(raw.seen).toHaveLength(requests);
    expect(raw.seen.every(({ headers }) => headers["client-request-id"] === "call-1")).toBe(true);
  });
}

test("a refused write tells status, code, text and request-id", async () => {
  await using raw = await openRawTenant((response) =>
    sendJson(response, 403, graphError("Authorization_RequestDenied"), { "request-id": "req-77" }),
  );
  expect(await raw.tenant.writeValue({ objectId: ADA, after: null }, "call-1", NEVER)).toEqual({
    meaning: "refused",
    httpStatus: 403,
    errorCode: "Authorization_RequestDenied",
    message: "Authorization_RequestDenied happened",
    requestId: "req-77",
    conflict: null,
  });
});

test("a write sends the value raw, and null where it clears", async () => {
  await using raw = await openRawTenant((response) => sendJson(response, 204, null));
  await raw.tenant.writeValue({ objectId: ADA, after: "a+b/cWhjWk22cdUrMBcmgA==" }, "call-1", NEVER);
  await raw.tenant.writeValue({ objectId: ADA, after: null }, "call-2", NEVER);
  expect(raw.seen.map(({ method, url, body }) => `${method} ${url} ${body}`)).toEqual([
    `PATCH /v1.0/users/${ADA} {"onPremisesImmutableId":"a+b/cWhjWk22cdUrMBcmgA=="}`,
    `PATCH /v1.0/users/${ADA} {"onPremisesImmutableId":null}`,
  ]);
  expect(raw.seen.map(({ headers }) => headers["x-ms-throttle-priority"])).toEqual(["Low", "Low"]);
});

test("a throttled write is sent again with the same value and the same client-request-id after the pause", async () => {
  await using raw = await openRawTenant((response, _request, count) =>
    count === 1
      ? sendJson(response, 429, graphError("TooManyRequests"), { "retry-after": "30" })
      : sendJson(response, 204, null),
  );
  const result = await raw.tenant.writeValue({ objectId: ADA, after: "x" }, "call-1", NEVER);
  expect(result.meaning).toBe("accepted");
  expect(raw.seen.map(({ body }) => body)).toEqual(['{"onPremisesImmutableId":"x"}', '{"onPremisesImmutableId":"x"}']);
  expect(raw.seen.map(({ headers }) => headers["client-request-id"])).toEqual(["call-1", "call-1"]);
  expect(raw.seen.map(({ atMs }) => atMs)).toEqual([0, 30_000]);
});

test("a write that times out is undecided and not sent again", async () => {
  await using raw = await openRawTenant(() => raw.clock.expireTimeouts());
  const result = await raw.tenant.writeValue({ objectId: ADA, after: "x" }, "call-1", NEVER);
  expect(result).toMatchObject({ meaning: "undecided", errorCode: "timeout" });
  expect(raw.seen).toHaveLength(1);
});

test("a write that nobody listens for is tried again and ends as not sent", async () => {
  const raw = await openRawTenant((response) => response.end());
  await raw[Symbol.asyncDispose]();
  const result = await raw.tenant.writeValue({ objectId: ADA, after: "x" }, "call-1", NEVER);
  expect(result).toMatchObject({ meaning: "not-sent", errorCode: "ECONNREFUSED" });
  expect(raw.clock.waits.length).toBeGreaterThan(3);
});

test("a write that is stopped before it was sent is not sent, and one stopped after is undecided", async () => {
  const stop = new AbortController();
  await using raw = await openRawTenant(() => stop.abort());
  expect((await raw.tenant.writeValue({ objectId: ADA, after: "x" }, "call-1", AbortSignal.abort())).meaning).toBe(
    "not-sent",
  );
  expect(raw.seen).toHaveLength(0);
  expect((await raw.tenant.writeValue({ objectId: ADA, after: "x" }, "call-2", stop.signal)).meaning).toBe("undecided");
  expect(raw.seen).toHaveLength(1);
});

test("readWriteFailure holds what it does not know for not sent only when no transport was involved", () => {
  expect(readWriteFailure(new Error("no token")).meaning).toBe("not-sent");
});

describe("readWriteAnswer", () => {
  const reply = (status: number, headers: Record<string, string>, text = "") =>
    readReply(status, new Headers(headers), text);
  const JSON_TYPE = { "content-type": "application/json" };
  const isNoContent = ({ status }: GraphReply) => status === 204;
  const PROVEN = { "request-id": "r-1" };
  const message = (status: number, headers: Record<string, string>, text = "") =>
    readWriteAnswer(reply(status, headers, text), isNoContent).message;

  test("says of an answer without an error what was strange about it", () => {
    expect(message(200, { "content-type": "text/html" })).toBe("a web page came back in place of an answer from Graph");
    for (const status of [300, 302, 399])
      expect(message(status, PROVEN)).toBe("a redirect came back in place of an answer from Graph");
    for (const status of [299, 400]) expect(message(status, PROVEN)).toBeNull();
    expect(message(204, {})).toMatch(/carries no request-id/);
    expect(message(204, PROVEN)).toBeNull();
  });

  test("cuts the message of an error, and of a failure, at 500 characters", () => {
    const text = JSON.stringify({ error: { code: "Bad", message: "x".repeat(600) } });
    expect(message(400, { ...JSON_TYPE, ...PROVEN }, text)).toHaveLength(500);
    expect(readWriteFailure(new Error("x".repeat(600))).message).toHaveLength(500);
  });

  const conflictIn = (status: number, details: readonly { code: string; target: string }[]) =>
    readWriteAnswer(
      reply(status, { ...JSON_TYPE, ...PROVEN }, JSON.stringify(graphError("Request_BadRequest", [...details]))),
      isNoContent,
    ).conflict;
  for (const [title, details, expected] of [
    ["no details", [], null],
    ["details about something else", [{ code: "InvalidValue", target: `User_${BEN}` }], null],
    ["the object alone", [{ code: "ConflictingObjects", target: `User_${BEN}` }], { holderId: BEN }],
    ["another kind of object", [{ code: "ConflictingObjects", target: `Group_${BEN}` }], { holderId: null }],
    ["something before the word", [{ code: "ConflictingObjects", target: `xUser_${BEN}` }], { holderId: null }],
    ["no GUID", [{ code: "ConflictingObjects", target: "User_ben" }], { holderId: null }],
    ["nobody", [{ code: "ConflictingObjects", target: "User_" }], { holderId: null }],
    ["a user under another code", [{ code: "ObjectConflict", target: `User_${BEN}` }], { holderId: null }],
    [
      "a user behind one that cannot be read",
      [
        { code: "ConflictingObjects", target: "User_ben" },
        { code: "ConflictingObjects", target: `User_${BEN}` },
      ],
      { holderId: BEN },
    ],
  ] as const) {
    test(`of a refusal with ${title} the holder is ${expected === null ? "no question" : (expected.holderId ?? "unknown")}`, () => {
      expect(conflictIn(400, details)).toEqual(expected);
    });
  }

  test("speaks of a conflict only where the write was refused", () => {
    expect(conflictIn(503, [{ code: "ConflictingObjects", target: `User_${BEN}` }])).toBeNull();
  });

  test("lets the kind of write say what success is", () => {
    expect(readWriteAnswer(reply(200, PROVEN), ({ status }) => status === 200).meaning).toBe("accepted");
    expect(readWriteAnswer(reply(204, PROVEN), ({ status }) => status === 200).meaning).toBe("undecided");
  });

  test("takes a failure before the request left for not sent, with its code", () => {
    expect(readWriteFailure(new TransportFailure("not-sent", "ENOTFOUND", "no name"))).toMatchObject({
      meaning: "not-sent",
      errorCode: "ENOTFOUND",
      message: "no name",
    });
    expect(readWriteFailure(new TransportFailure("lost", "ECONNRESET", "reset")).meaning).toBe("undecided");
    expect(readWriteFailure(new Error("no token")).errorCode).toBeNull();
  });
});
