/** What is said of an access token that Graph refused: where it came from and what is wrong with it, never the token. */
import { expect, test } from "vitest";
import { openAccessTokens } from "../../../src/adapters/graph/auth.ts";
import { createJumpingClock } from "./jumping-clock.ts";
import { NEVER, TENANT_ID } from "./raw-server.ts";

const OTHER_ID = "0b1f7a52-6a6c-4a7e-9d53-5d8f0c1a2b3c";
const EARLY = Date.UTC(2026, 10, 22, 0, 59, 0) / 1000;
const LATE = Date.UTC(2026, 10, 22, 2, 0, 0) / 1000;
const tokenOf = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;

const cases = [
  {
    name: "one that has expired",
    token: tokenOf({ tid: TENANT_ID, exp: EARLY }),
    says: "it expired at 2026-11-22T00:59:00.000Z.",
  },
  { name: "garbage", token: "garbage", says: "it is no token at all, for it does not have the form of one." },
  {
    name: "one of another tenant",
    token: tokenOf({ tid: OTHER_ID, exp: LATE }),
    says: `it belongs to tenant ${OTHER_ID} instead of ${TENANT_ID}.`,
  },
  {
    name: "one of some tenant, where the configuration has a name",
    token: tokenOf({ tid: OTHER_ID, exp: LATE }),
    tenantName: "contoso.example",
    says: `it said "Invalid audience." (the token belongs to tenant ${OTHER_ID}, the configuration names contoso.example).`,
  },
  {
    name: "one that looks right",
    token: tokenOf({ tid: TENANT_ID, exp: LATE }),
    says: 'it said "Invalid audience.".',
  },
];

test.each(cases)("of a refused token, $name, it is said what is wrong", async ({ token, tenantName, says }) => {
  const tokens = openAccessTokens(
    { method: "access-token", token: () => token, origin: "the environment variable TOKEN" },
    { tenantName: tenantName ?? TENANT_ID, cloud: "global", show: () => undefined },
    createJumpingClock(),
  );
  const error: unknown = await tokens.renew(token, NEVER, "Invalid audience.").catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: "tenant",
    message: `Graph refused the access token from the environment variable TOKEN: ${says}`,
    hint: expect.stringContaining("into the environment variable TOKEN"),
  });
  expect(String(error)).not.toContain(token);
});
