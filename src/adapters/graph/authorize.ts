/**
 * Puts the access token on each request, and gets another one when Graph refuses it.
 *
 * A token may end or be revoked in the middle of a run. The refused request was not applied, so it is sent again
 * with a new token, once; a second refusal is an answer. However many requests are refused together, one renewal
 * serves them all. A token never goes to any other place than the Graph root of the configuration.
 */
import type { Context } from "@microsoft/microsoft-graph-client";
import type { AccessTokens } from "./access-tokens.ts";
import { addressOf, replyOf, type Step } from "./call.ts";
import { readErrorBody } from "./graph-reply.ts";

/** @param graphRoot Scheme and host that may see the token. @throws {BatchError} tenant: no token to be had. */
export function authorize(tokens: AccessTokens, graphRoot: string): Step {
  return async (context, call, next) => {
    if (!addressOf(context).startsWith(`${graphRoot}/`)) throw new Error("a request to a foreign host was held back");
    const token = await tokens.token(call.signal, call.kind);
    setBearer(context, token);
    await next();
    const { status, json } = replyOf(call);
    if (status !== 401) return;
    setBearer(context, await tokens.renew(token, call.signal, readErrorBody(json)?.message ?? null));
    await next();
  };
}

function setBearer(context: Context, token: string): void {
  const headers = new Headers(context.options?.headers);
  headers.set("Authorization", `Bearer ${token}`);
  context.options = { ...context.options, headers: Object.fromEntries(headers) };
}
