import { describe, expect, test } from "vitest";
import { isHtml, readErrorBody, readReply, requestIdOf } from "../../../src/adapters/graph/graph-reply.ts";

const reply = (status: number, headers: Record<string, string> = {}, text = "") =>
  readReply(status, new Headers(headers), text);
const JSON_TYPE = { "content-type": "application/json" };

describe("readReply", () => {
  for (const [title, contentType, text, json] of [
    ["JSON that is labelled so is read", "application/json", '{"a":1}', { a: 1 }],
    ["a charset does not matter", "application/json; charset=utf-8", '{"a":1}', { a: 1 }],
    ["nor does the case of the label", "Application/JSON", '{"a":1}', { a: 1 }],
    ["nor does a kind of JSON", "application/problem+json", '{"a":1}', { a: 1 }],
    ["a label that only begins so is another", "application/jsonlines", '{"a":1}', undefined],
    ["a label that only ends so is another", "text/x-application/json", '{"a":1}', undefined],
    ["without a label nothing is read", null, '{"a":1}', undefined],
    ["an empty body is none", "application/json", "", undefined],
    ["what is labelled as JSON and is not is none", "application/json", '{"a":', undefined],
  ] as const) {
    test(title, () => {
      const {
        status,
        json: read,
        text: whole,
      } = reply(200, contentType === null ? {} : { "content-type": contentType }, text);
      expect([status, read, whole]).toEqual([200, json, text]);
    });
  }
});

describe("readErrorBody", () => {
  for (const [title, body, expected] of [
    [
      "an error of Graph is read whole",
      {
        error: {
          code: "Request_BadRequest",
          message: "no",
          innerError: { "request-id": "r-1" },
          details: [{ code: "ObjectConflict", target: "x" }, { code: "Other" }, "junk"],
        },
      },
      {
        code: "Request_BadRequest",
        message: "no",
        requestId: "r-1",
        details: [
          { code: "ObjectConflict", target: "x" },
          { code: "Other", target: "" },
          { code: "", target: "" },
        ],
      },
    ],
    [
      "what it leaves out is empty",
      { error: { code: "Bad" } },
      { code: "Bad", message: "", requestId: null, details: [] },
    ],
    [
      "details that are no list are none",
      { error: { code: "Bad", details: { code: "ObjectConflict" } } },
      { details: [] },
    ],
    ["an error without a code is none of Graph's", { error: { message: "no" } }, null],
    ["an error that is a text is none of Graph's", { error: "invalid_grant" }, null],
    ["a body without an error has none", { value: [] }, null],
    ["no body has none", undefined, null],
  ] as const) {
    test(title, () => {
      if (expected === null) expect(readErrorBody(body)).toBeNull();
      else expect(readErrorBody(body)).toMatchObject(expected);
    });
  }
});

test("a request-id is taken from the header, else from the error in the body", () => {
  const error = JSON.stringify({ error: { code: "Bad", innerError: { "request-id": "in-body" } } });
  expect(requestIdOf(reply(400, { ...JSON_TYPE, "request-id": "in-header" }, error))).toBe("in-header");
  expect(requestIdOf(reply(400, JSON_TYPE, error))).toBe("in-body");
  expect(requestIdOf(reply(400, JSON_TYPE, "{}"))).toBeNull();
});

for (const [title, headers, text, html] of [
  ["a page that is labelled so", { "content-type": "text/html; charset=utf-8" }, "", true],
  ["a page in capitals", { "content-type": "TEXT/HTML" }, "", true],
  ["a page that is not labelled", {}, "\n <!DOCTYPE html>", true],
  ["a page without a document type", {}, "<html lang=en>", true],
  ["a page behind another label", JSON_TYPE, "<HTML>", true],
  ["JSON that quotes a page", JSON_TYPE, '{"text":"<html>"}', false],
  ["another kind of text", { "content-type": "text/htmlx" }, "", false],
  ["a label that mentions pages", { "content-type": "application/x; of=text/html" }, "", false],
  ["another tag", {}, "<htmlx>", false],
  ["nothing at all", {}, "", false],
] as const) {
  test(`${title} is ${html ? "" : "not "}the page of a portal`, () => {
    expect(isHtml(reply(200, headers, text))).toBe(html);
  });
}
