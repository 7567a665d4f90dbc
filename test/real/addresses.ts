/**
 * Where the test files run their domain controllers: each has addresses of its own, since two files run at once and a
 * domain controller takes whole ports.
 */
export const ADDRESSES = {
  sambaDomain: ["127.0.0.11", "127.0.0.12"],
  ldapDirectory: ["127.0.0.21"],
  twoDomains: ["127.0.0.31", "127.0.0.32"],
  adExports: ["127.0.0.41"],
  writeToAd: ["127.0.0.51", "127.0.0.52"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

const all = Object.values(ADDRESSES).flat();
if (new Set(all).size !== all.length) throw new Error(`two test files share an address: ${all.join(", ")}`);
