/** Survivors of the group `preview`, each with its reason; see `surviving-mutants.ts`. */
import type { Explained } from "./explained.ts";

export const PREVIEW: readonly Explained[] = [
  {
    reason: "The pattern fits every text, and from its first letter to its last.",
    mutants: [
      {
        file: "src/core/takeover-addresses.ts",
        code: 'const [, written = "", address = ""] = /^(?:([a-z0-9]+):)?(.*)$/is.exec(entry.trim()) ?? [];',
        becomes:
          'const [, written = "", address = ""] = /^(?:([a-z0-9]+):)?(.*)$/is.exec(entry.trim()) ?? ["Stryker was here"];',
      },
      {
        file: "src/core/takeover-addresses.ts",
        code: 'const [, written = "", address = ""] = /^(?:([a-z0-9]+):)?(.*)$/is.exec(entry.trim()) ?? [];',
        becomes: 'const [, written = "", address = ""] = /(?:([a-z0-9]+):)?(.*)$/is.exec(entry.trim()) ?? [];',
      },
      {
        file: "src/core/takeover-addresses.ts",
        code: 'const [, written = "", address = ""] = /^(?:([a-z0-9]+):)?(.*)$/is.exec(entry.trim()) ?? [];',
        becomes: 'const [, written = "", address = ""] = /^(?:([a-z0-9]+):)?(.*)/is.exec(entry.trim()) ?? [];',
      },
    ],
  },
  {
    reason: "One address in two spellings: either is it.",
    mutants: [
      {
        file: "src/core/takeover-addresses.ts",
        code: ".sort((left, right) => (foldCase(left) < foldCase(right) ? -1 : 1));",
        becomes: ".sort((left, right) => (foldCase(left) <= foldCase(right) ? -1 : 1));",
      },
    ],
  },
  {
    reason: "A text that is no address and no DN equals none: without a value nothing is found by it.",
    mutants: [
      {
        file: "src/core/takeover-addresses.ts",
        code: "const staying = new Set([...keysOf(coming), ...(ownName === null ? [] : [parseAddress(ownName).key])]);",
        becomes:
          'const staying = new Set([...keysOf(coming), ...(ownName === null ? ["Stryker was here"] : [parseAddress(ownName).key])]);',
      },
      {
        file: "src/core/takeover-addresses.ts",
        code: "const held = new Set([...keysOf(present), ...(cloud.mail === null ? [] : [parseAddress(cloud.mail).key])]);",
        becomes:
          'const held = new Set([...keysOf(present), ...(cloud.mail === null ? ["Stryker was here"] : [parseAddress(cloud.mail).key])]);',
      },
      {
        file: "src/core/takeover-managers.ts",
        code: "const named = new Set(pairs.flatMap(({ account }) => managerDnOf(account) ?? []));",
        becomes: 'const named = new Set(pairs.flatMap(({ account }) => managerDnOf(account) ?? ["Stryker was here"]));',
      },
    ],
  },
  {
    reason: "Without the attribute only a primary address is looked for, and a text that is not marked is none.",
    mutants: [
      {
        file: "src/core/takeover-preview.ts",
        code: 'proxyAddresses: knows("proxyAddresses") ? account.proxyAddresses : [],',
        becomes: 'proxyAddresses: knows("proxyAddresses") ? account.proxyAddresses : ["Stryker was here"],',
      },
    ],
  },
  {
    reason: "The same managers in more memory: nobody asks for the DN of one who leads nobody.",
    mutants: [
      {
        file: "src/core/takeover-managers.ts",
        code: "if (named.has(dn)) managers.set(dn, { id: target.id, userPrincipalName: target.userPrincipalName });",
        becomes: "if (true) managers.set(dn, { id: target.id, userPrincipalName: target.userPrincipalName });",
      },
    ],
  },
  {
    reason: "No account has an empty DN, so nobody is found by it.",
    mutants: [
      {
        file: "src/core/takeover-managers.ts",
        code: 'return dn === "" ? null : foldCase(dn);',
        becomes: "return false ? null : foldCase(dn);",
      },
    ],
  },
  {
    reason:
      "AD gives one value at most: of one value, some are the same where every one is; two sides without any are equal by the lines below, or have left above.",
    mutants: [
      {
        file: "src/core/takeover-preview.ts",
        code: "if (held.size === coming.size && [...held].every((value) => coming.has(value))) return [];",
        becomes: "if (held.size === coming.size && [...held].some(value => coming.has(value))) return [];",
      },
    ],
  },
  {
    reason: "Only quicker: what is plainly the same is the same when lists are made of it.",
    mutants: [
      {
        file: "src/core/takeover-preview.ts",
        code: "if (isPlainlySame(before, after)) return [];",
        becomes: "if (false) return [];",
      },
      {
        file: "src/core/takeover-preview.ts",
        code: "function isPlainlySame(before: readonly string[], after: string | null): boolean { return after === null ? before.length === 0 : before.length === 1 && before[0] === after; }",
        becomes: "function isPlainlySame(before: readonly string[], after: string | null): boolean {}",
      },
      {
        file: "src/core/takeover-preview.ts",
        code: "return after === null ? before.length === 0 : before.length === 1 && before[0] === after;",
        becomes: "return false ? before.length === 0 : before.length === 1 && before[0] === after;",
      },
      {
        file: "src/core/takeover-preview.ts",
        code: "return after === null ? before.length === 0 : before.length === 1 && before[0] === after;",
        becomes: "return after === null ? false : before.length === 1 && before[0] === after;",
      },
      {
        file: "src/core/takeover-preview.ts",
        code: "return after === null ? before.length === 0 : before.length === 1 && before[0] === after;",
        becomes: "return after === null ? before.length === 0 : false;",
      },
    ],
  },
  {
    reason:
      "Properties that flow in ways of their own never come here, and whoever is previewed has a profile: the compiler asks.",
    mutants: [
      {
        file: "src/core/takeover-preview.ts",
        code: 'case "userAccountControl": return null; // these flow in ways of their own',
        becomes: 'case "userAccountControl": // these flow in ways of their own // these flow in ways of their own',
      },
      {
        file: "src/core/takeover-preview.ts",
        code: 'case "manager": return NOTHING; // compared in ways of their own',
        becomes: 'case "manager": // compared in ways of their own // compared in ways of their own',
      },
      {
        file: "src/core/takeover-preview.ts",
        code: "if (isProfileTarget(name)) return user.profile?.[name] ?? NOTHING;",
        becomes: "if (isProfileTarget(name)) return user.profile[name] ?? NOTHING;",
      },
    ],
  },
  {
    reason: "A list of nothing is an empty list once what is empty is left out.",
    mutants: [
      {
        file: "src/core/takeover-preview.ts",
        code: "return value === null ? NOTHING : [value];",
        becomes: "return false ? NOTHING : [value];",
      },
    ],
  },
];
