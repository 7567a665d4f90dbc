/** A loopback HTTP server that answers exactly what a test tells it to, and opens a Graph tenant against it. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type AccessTokens, keepAccessToken } from "../../../src/adapters/graph/access-tokens.ts";
import { openGraphTenant } from "../../../src/adapters/graph/graph-tenant.ts";
import { type Guid, parseGuid } from "../../../src/core/guid.ts";
import type { Tenant } from "../../../src/ports/tenant.ts";
import { createFixedChance, createJumpingClock, type JumpingClock, REQUEST_TIMEOUT_SECONDS } from "./jumping-clock.ts";

export type SeenRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** The test clock when the request came. */
  readonly atMs: number;
};

/** @param count Requests so far, this one included. */
export type Answer = (response: ServerResponse, request: SeenRequest, count: number) => void;

export type RawTenant = {
  readonly tenant: Tenant;
  readonly clock: JumpingClock;
  readonly seen: readonly SeenRequest[];
  readonly endpoint: string;
  readonly notes: readonly string[];
  readonly fetchedTokens: readonly string[];
  [Symbol.asyncDispose](): Promise<void>;
};

export const TENANT_ID = guid("7c1b0a54-5f0e-4c39-9d6b-6a1c3a1c0d10");
export const ADA = guid("11111111-1111-4111-8111-111111111111");
export const BEN = guid("22222222-2222-4222-8222-222222222222");
export const NEVER = new AbortController().signal;

export function guid(text: string): Guid {
  const parsed = parseGuid(text);
  if (parsed === null) throw new Error(`${text} is no GUID`);
  return parsed;
}

/** Answers as Graph does: JSON with a request-id. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", "request-id": "req-1", ...headers });
  response.end(body === null ? undefined : JSON.stringify(body));
}

export function graphError(code: string, details: readonly { code: string; target: string }[] = []) {
  return { error: { code, message: `${code} happened`, details } };
}

/** A user as Graph sends one. */
export function userJson(id: Guid, upn: string, immutableId: string | null = null) {
  return {
    id,
    userPrincipalName: upn,
    accountEnabled: true,
    onPremisesImmutableId: immutableId,
    onPremisesSyncEnabled: null,
  };
}

export async function openRawTenant(
  answer: Answer,
  options: { readonly writes?: number; readonly inFlight?: number; readonly credential?: AccessTokens } = {},
): Promise<RawTenant> {
  const clock = createJumpingClock();
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      seen.push({ method, url, headers, body: Buffer.concat(chunks).toString(), atMs: clock.monotonicMs() });
      const last = seen.at(-1);
      if (last !== undefined) answer(response, last, seen.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const fetchedTokens: string[] = [];
  const credential =
    options.credential ??
    keepAccessToken(
      {
        renewable: true,
        async fetch() {
          fetchedTokens.push(`token-${fetchedTokens.length + 1}`);
          return { token: fetchedTokens.at(-1) ?? "", expiresAtMs: null };
        },
      },
      clock,
    );
  const notes: string[] = [];
  const tenant = openGraphTenant(
    {
      tenantId: TENANT_ID,
      tenantName: TENANT_ID,
      cloud: "global",
      endpoint,
      limits: {
        writes: options.writes ?? 3000,
        windowSeconds: 150,
        inFlight: options.inFlight ?? 16,
        requestTimeoutSeconds: REQUEST_TIMEOUT_SECONDS,
      },
      credential,
    },
    {
      clock,
      chance: createFixedChance(),
      log: { info: () => undefined, warn: () => undefined },
      progress: {
        begin: () => ({ advance: () => undefined, tell: () => undefined, end: () => undefined }),
        note: (text) => notes.push(text),
      },
    },
  );
  return {
    tenant,
    clock,
    seen,
    endpoint,
    notes,
    fetchedTokens,
    async [Symbol.asyncDispose]() {
      await tenant.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
