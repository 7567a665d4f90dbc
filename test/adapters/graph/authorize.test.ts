import { expect, test } from "vitest";
import { authorize } from "../../../src/adapters/graph/authorize.ts";
import { Call } from "../../../src/adapters/graph/call.ts";
import { readReply } from "../../../src/adapters/graph/graph-reply.ts";
import { NEVER } from "./raw-server.ts";

const ROOT = "https://graph.microsoft.com";

function runStep(request: string, statuses: number[], kind: "read" | "write" = "read") {
  const asked: string[] = [];
  const sent: string[] = [];
  const uses: (string | undefined)[] = [];
  const tokens = {
    async token(_signal: AbortSignal, use?: "read" | "write") {
      uses.push(use);
      return "token-1";
    },
    async renew(refused: string) {
      asked.push(refused);
      return `token-${asked.length + 1}`;
    },
    expiresAt: () => null,
    close: () => undefined,
  };
  const call = new Call({ kind, units: 1, clientRequestId: "call-1", signal: NEVER, expects: "json" });
  const context = { request, options: { headers: { accept: "application/json" } } };
  const done = authorize(tokens, ROOT)(context, call, async () => {
    sent.push(String(new Headers(context.options.headers).get("authorization")));
    call.reply = readReply(statuses.shift() ?? 200, new Headers(), "");
  });
  return { done, asked, sent, context, uses };
}

test("the token is put on the request, beside its other headers", async () => {
  const { done, sent, context, asked } = runStep(`${ROOT}/v1.0/users`, [200]);
  await done;
  expect(sent).toEqual(["Bearer token-1"]);
  expect(new Headers(context.options.headers).get("accept")).toBe("application/json");
  expect(asked).toEqual([]);
});

test.each(["read", "write"] as const)("a %s asks for a token that is good for one", async (kind) => {
  const { done, uses } = runStep(`${ROOT}/v1.0/users`, [200], kind);
  await done;
  expect(uses).toEqual([kind]);
});

test("a refused token is renewed once, and a second refusal is the answer", async () => {
  const { done, sent, asked } = runStep(`${ROOT}/v1.0/users`, [401, 401]);
  await done;
  expect(sent).toEqual(["Bearer token-1", "Bearer token-2"]);
  expect(asked).toEqual(["token-1"]);
});

for (const address of [
  "https://graph.microsoft.com.contoso.example/v1.0/users",
  "https://graph.contoso.example/v1.0/users",
  "http://graph.microsoft.com/v1.0/users",
  "https://graph.microsoft.com@contoso.example/v1.0/users",
]) {
  test(`no token goes to ${address}`, async () => {
    const { done, sent } = runStep(address, [200]);
    await expect(done).rejects.toThrow("foreign host");
    expect(sent).toEqual([]);
  });
}
