import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { type FetchedToken, keepAccessToken } from "../../../src/adapters/graph/access-tokens.ts";
import { type AuthSettings, openAccessTokens } from "../../../src/adapters/graph/auth.ts";
import { readTokenClaims } from "../../../src/adapters/graph/token-claims.ts";
import { createJumpingClock } from "./jumping-clock.ts";
import { NEVER, TENANT_ID } from "./raw-server.ts";

const SECRET = "s3cret-never-shown-anywhere";
const signIn = { tenantName: TENANT_ID, cloud: "global" as const, show: () => undefined };

function makeToken(claims: object): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;
}

const claims: { name: string; token: string; expected: ReturnType<typeof readTokenClaims> }[] = [
  {
    name: "an app-only token",
    token: makeToken({
      tid: TENANT_ID.toUpperCase(),
      exp: 1_800_000_000,
      roles: ["User.Read.All", "User.ReadWrite.All"],
    }),
    expected: {
      tenantId: TENANT_ID,
      expiresAtMs: 1_800_000_000_000,
      rights: { kind: "application", permissions: ["User.Read.All", "User.ReadWrite.All"], holdsRole: false },
    },
  },
  {
    name: "a delegated token",
    token: makeToken({ tid: TENANT_ID, scp: "User.Read.All openid", wids: ["fe930be7-5e62-47db-91af-98c3a49a38b1"] }),
    expected: {
      tenantId: TENANT_ID,
      expiresAtMs: null,
      rights: { kind: "delegated", permissions: ["User.Read.All", "openid"], holdsRole: true },
    },
  },
  {
    name: "a token of an app without any permission",
    token: makeToken({ tid: TENANT_ID, idtyp: "app", wids: ["0997a1d0-0d1d-4acb-b408-d5ca73121e90"] }),
    expected: {
      tenantId: TENANT_ID,
      expiresAtMs: null,
      rights: { kind: "application", permissions: [], holdsRole: false },
    },
  },
  {
    name: "claims of wrong types",
    token: makeToken({ tid: 7, exp: "soon", roles: "all", scp: [1] }),
    expected: { tenantId: null, expiresAtMs: null, rights: null },
  },
  { name: "an opaque token", token: "opaque", expected: { tenantId: null, expiresAtMs: null, rights: null } },
  {
    name: "a token whose claims are no JSON",
    token: "a.b.c",
    expected: { tenantId: null, expiresAtMs: null, rights: null },
  },
];

for (const { name, token, expected } of claims) {
  test(`readTokenClaims reads ${name}`, () => {
    expect(readTokenClaims(token)).toEqual(expected);
  });
}

test("a token that was handed in is used as it is, tells its end, and cannot be renewed", async () => {
  const token = makeToken({ exp: Date.UTC(2026, 10, 22, 1, 1, 0) / 1000 });
  const tokens = openAccessTokens({ method: "access-token", token: () => `${token}\n` }, signIn, createJumpingClock());
  expect(tokens.expiresAt()).toBeNull();
  expect(await tokens.token(NEVER)).toBe(token);
  expect(await tokens.token(NEVER)).toBe(token);
  expect(tokens.expiresAt()?.toISOString()).toBe("2026-11-22T01:01:00.000Z");
  await expect(tokens.renew(token, NEVER)).rejects.toMatchObject({ code: "tenant" });
});

test("a token that was replaced at its source is taken up when the old one is refused", async () => {
  const sources = ["first", "second"];
  const tokens = openAccessTokens(
    { method: "access-token", token: () => sources.shift() ?? "none" },
    signIn,
    createJumpingClock(),
  );
  expect(await tokens.token(NEVER)).toBe("first");
  expect(await tokens.renew("first", NEVER)).toBe("second");
});

for (const broken of ["", "two words", "line\nbreak", "\u00e9"]) {
  test(`a handed-in token ${JSON.stringify(broken)} is refused without being shown`, async () => {
    const token = `${SECRET}${broken === "" ? "" : broken}`;
    const tokens = openAccessTokens(
      { method: "access-token", token: () => (broken === "" ? "" : token) },
      signIn,
      createJumpingClock(),
    );
    const error: unknown = await tokens.token(NEVER).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "config" });
    expect(JSON.stringify(error) + String(error)).not.toContain(SECRET);
  });
}

/** Signs in once in a process of its own. @returns How many modules of @azure/identity that loaded. */
function countIdentityModules(auth: string): number {
  const program = `
    import { registerHooks } from "node:module";
    const loaded = [];
    registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
    const { openAccessTokens } = await import(${JSON.stringify(new URL("../../../src/adapters/graph/auth.ts", import.meta.url))});
    const clock = { now: () => new Date(), monotonicMs: () => 0, sleep: async () => {} };
    const tokens = openAccessTokens(${auth}, { tenantName: "not a tenant!", cloud: "global", show() {} }, clock);
    await tokens.token(new AbortController().signal).catch((error) => error);
    console.log(loaded.filter((url) => url.includes("@azure/identity")).length);
  `;
  return Number(execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" }));
}

test("@azure/identity is loaded by a method that needs it, and not for a token that was handed in", () => {
  expect(countIdentityModules('{ method: "access-token", token: () => "t" }')).toBe(0);
  expect(countIdentityModules('{ method: "client-secret", clientId: "c", secret: () => "s" }')).toBeGreaterThan(0);
});

const failing: AuthSettings[] = [
  { method: "client-secret", clientId: "not a client id", secret: () => SECRET },
  {
    method: "client-secret",
    clientId: "c",
    secret: () => {
      throw new Error(`cannot use ${SECRET.slice(0, 3)}`);
    },
  },
  { method: "client-certificate", clientId: "c", certificate: () => SECRET, certificatePassword: () => SECRET },
];

for (const [index, auth] of failing.entries()) {
  test(`sign-in ${index + 1} by ${auth.method} that fails names the method and never the secret`, async () => {
    const tokens = openAccessTokens(auth, { ...signIn, tenantName: "not a tenant!" }, createJumpingClock());
    const error: unknown = await tokens.token(NEVER).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "tenant", message: expect.stringContaining(auth.method) });
    expect(`${String(error)} ${JSON.stringify(error)} ${error instanceof Error ? error.stack : ""}`).not.toContain(
      SECRET,
    );
  });
}

test("a token is renewed by the reads of its last five minutes, and by a write only in its last minute", async () => {
  const clock = createJumpingClock();
  const asked: boolean[] = [];
  const lifetimeMs = 60 * 60_000;
  const source = {
    renewable: true,
    async fetch(fresh: boolean): Promise<FetchedToken> {
      asked.push(fresh);
      return { token: `token-${asked.length}`, expiresAtMs: clock.now().getTime() + lifetimeMs };
    },
  };
  const tokens = keepAccessToken(source, clock);
  expect(await tokens.token(NEVER)).toBe("token-1");
  await clock.sleep(54 * 60_000, NEVER);
  expect(await tokens.token(NEVER)).toBe("token-1");
  await clock.sleep(4 * 60_000, NEVER);
  expect(await tokens.token(NEVER, "write")).toBe("token-1");
  expect(await tokens.token(NEVER)).toBe("token-2");
  expect(await tokens.renew("token-1", NEVER)).toBe("token-2");
  expect(asked).toEqual([false, false]);
  expect(await tokens.renew("token-2", NEVER)).toBe("token-3");
  expect(tokens.expiresAt()).toBeNull();
  await clock.sleep(59 * 60_000, NEVER);
  expect(await tokens.token(NEVER, "write")).toBe("token-4");
});

test("all who wait for a token share one sign-in, and one who stops waiting does not stop it", async () => {
  const arrival = Promise.withResolvers<FetchedToken>();
  let signIns = 0;
  const source = {
    renewable: true,
    fetch() {
      signIns += 1;
      return arrival.promise;
    },
  };
  const tokens = keepAccessToken(source, createJumpingClock());
  const stop = new AbortController();
  const [first, second] = [tokens.token(NEVER), tokens.token(stop.signal)];
  stop.abort(new Error("stopped"));
  await expect(second).rejects.toThrow("stopped");
  arrival.resolve({ token: "shared", expiresAtMs: null });
  expect(await first).toBe("shared");
  expect(signIns).toBe(1);
});

test("a sign-in that failed is not remembered: the next request tries again", async () => {
  let signIns = 0;
  const source = {
    renewable: true,
    async fetch(): Promise<FetchedToken> {
      signIns += 1;
      if (signIns === 1) throw new Error("no network");
      return { token: "second", expiresAtMs: null };
    },
  };
  const tokens = keepAccessToken(source, createJumpingClock());
  await expect(tokens.token(NEVER)).rejects.toThrow("no network");
  expect(await tokens.token(NEVER)).toBe("second");
});
