/** What is said to do about a sign-in that Entra refused. */
import { expect, test } from "vitest";
import { mendSignIn } from "../../../src/adapters/graph/sign-in-refusal.ts";
import { readTokenOwner } from "../../../src/adapters/graph/token-claims.ts";

test.each([
  ["invalid_client: 7000215 - AADSTS7000215: Invalid client secret provided. Ensure", /secret's value, not its id/],
  ["AADSTS700016: Application with identifier 'x' was not found in the directory", /no such app: check clientId/],
  ["AADSTS90002: Tenant 'x' not found. Check to make sure", /no such tenant in this cloud/],
  ["AADSTS700024: Client assertion is not within its valid time range", /set this machine's clock/],
])("%s has a mend of its own", (text, mend) => {
  expect(mendSignIn(text)).toMatch(mend);
});

test.each(["AADSTS99999999: something new", "connect ECONNREFUSED 127.0.0.1:443", ""])(
  "%j leaves it to the sign-in method's own words",
  (text) => {
    expect(mendSignIn(text)).toBeNull();
  },
);

const tokenOf = (claims: object) => `x.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.y`;

test("a token names its owner, and the roles that are none are left out", () => {
  const app = { app_displayname: "hardmatch", appid: "28d6", wids: ["0997a1d0-0d1d-4acb-b408-d5ca73121e90"] };
  expect(readTokenOwner(tokenOf(app))).toEqual({ owner: "app hardmatch 28d6", roleIds: [] });
  const wids = ["FE930BE7-5e62-47db-91af-98c3a49a38b1", "b79fbf4d-3ef9-4689-8143-76b194e85509"];
  expect(readTokenOwner(tokenOf({ upn: "ada@contoso.example", appid: "28d6", wids }))).toEqual({
    owner: "ada@contoso.example through app 28d6",
    roleIds: ["fe930be7-5e62-47db-91af-98c3a49a38b1"],
  });
  expect(readTokenOwner("opaque")).toEqual({ owner: null, roleIds: [] });
});
