/** Survivors of the group `facts`, each with its reason; see `surviving-mutants.ts`. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are lines of code
import type { Explained } from "./explained.ts";

export const FACTS: readonly Explained[] = [
  {
    reason: "Nothing that no server was noted for is written through another one; the compiler alone wants it said.",
    mutants: [
      {
        file: "src/core/other-servers.ts",
        code: "return server !== null && now !== undefined && isAnotherServer(server, now.server) ? [{ server, now }] : [];",
        becomes: "return true && now !== undefined && isAnotherServer(server, now.server) ? [{ server, now }] : [];",
      },
    ],
  },
  {
    reason: "One user alone is in order already: looking costs time and changes nothing.",
    mutants: [
      {
        file: "src/core/snapshot.ts",
        code: "if (users.length < 2) return users;",
        becomes: "if (false) return users;",
      },
    ],
  },
  {
    reason: "No two users of a list have one id, so that no two keys are equal.",
    mutants: [
      {
        file: "src/core/snapshot.ts",
        code: "return users.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));",
        becomes: "return users.toSorted((a, b) => (keyOf(a) <= keyOf(b) ? -1 : 1));",
      },
    ],
  },
  {
    reason: "Of parts with equally few names either may have the next initial.",
    mutants: [
      {
        file: "src/core/initials.ts",
        code: "const part = open.reduce((fewest, other) => (other.names < fewest.names ? other : fewest));",
        becomes: "const part = open.reduce((fewest, other) => (other.names <= fewest.names ? other : fewest));",
      },
    ],
  },
  {
    reason: "A text without any piece is no value, whatever stands in the place of its pieces.",
    mutants: [
      {
        file: "src/core/distinguished-name.ts",
        code: "const pieces = text.match(VALUE_PIECE) ?? [];",
        becomes: 'const pieces = text.match(VALUE_PIECE) ?? ["Stryker was here"];',
      },
    ],
  },
  {
    reason: "A piece is hex escapes alone, one escaped sign (which is no hex digit), or free of both.",
    mutants: [
      {
        file: "src/core/distinguished-name.ts",
        code: "return /^\\\\[0-9a-f]{2}/i.test(piece)",
        becomes: "return /\\\\[0-9a-f]{2}/i.test(piece)",
      },
      {
        file: "src/core/distinguished-name.ts",
        code: "return /^\\\\[0-9a-f]{2}/i.test(piece)",
        becomes: "return /^\\\\[0-9a-f]/i.test(piece)",
      },
    ],
  },
  {
    reason: "Beyond the last letter stands neither a backslash nor a separator.",
    mutants: [
      {
        file: "src/core/distinguished-name.ts",
        code: "for (let at = 0; at < text.length; at += 1) {",
        becomes: "for (let at = 0; at <= text.length; at += 1) {",
      },
    ],
  },
  {
    reason: "Only domains are measured that the DN lies under, and those have a DN: the compiler asks.",
    mutants: [
      {
        file: "src/core/forest.ts",
        code: "const depth = (domain: ForestDomain) => parseDn(domain.dn)?.length ?? 0;",
        becomes: "const depth = (domain: ForestDomain) => parseDn(domain.dn).length ?? 0;",
      },
    ],
  },
  {
    reason: "Two domains above one DN that are as deep as each other are the same one.",
    mutants: [
      {
        file: "src/core/forest.ts",
        code: "(best, domain) => (best === null || depth(domain) > depth(best) ? domain : best),",
        becomes: "(best, domain) => (best === null || depth(domain) >= depth(best) ? domain : best),",
      },
    ],
  },
  {
    reason: "Bytes that end before the count have not the length of a SID either.",
    mutants: [
      {
        file: "src/core/security-identifier.ts",
        code: "if (view[0] !== 1 || subAuthorities === undefined || subAuthorities > MAX_SUB_AUTHORITIES) return null;",
        becomes: "if (false || subAuthorities > MAX_SUB_AUTHORITIES) return null;",
      },
      {
        file: "src/core/security-identifier.ts",
        code: "if (view[0] !== 1 || subAuthorities === undefined || subAuthorities > MAX_SUB_AUTHORITIES) return null;",
        becomes: "if (view[0] !== 1 || false || subAuthorities > MAX_SUB_AUTHORITIES) return null;",
      },
    ],
  },
  {
    reason: "The compiler asks; nothing is ever looked up by it, or what follows comes to the same end.",
    mutants: [
      {
        file: "src/core/security-identifier.ts",
        code: "if (sid === null || domainSidOf(sid) === null) return false;",
        becomes: "if (false || domainSidOf(sid) === null) return false;",
      },
    ],
  },
  {
    reason: "The short way for ASCII is only quicker: the long one gives the same.",
    mutants: [
      { file: "src/core/names.ts", code: "let ascii = true;", becomes: "let ascii = false;" },
      {
        file: "src/core/names.ts",
        code: "for (let index = 0; index < name.length && ascii; index += 1) ascii = name.charCodeAt(index) < 0x80;",
        becomes: "for (let index = 0; index < name.length || ascii; index += 1) ascii = name.charCodeAt(index) < 0x80;",
      },
      {
        file: "src/core/names.ts",
        code: "for (let index = 0; index < name.length && ascii; index += 1) ascii = name.charCodeAt(index) < 0x80;",
        becomes: "for (let index = 0; true && ascii; index += 1) ascii = name.charCodeAt(index) < 0x80;",
      },
      {
        file: "src/core/names.ts",
        code: "for (let index = 0; index < name.length && ascii; index += 1) ascii = name.charCodeAt(index) < 0x80;",
        becomes:
          "for (let index = 0; index <= name.length && ascii; index += 1) ascii = name.charCodeAt(index) < 0x80;",
      },
      {
        file: "src/core/names.ts",
        code: "for (let index = 0; index < name.length && ascii; index += 1) ascii = name.charCodeAt(index) < 0x80;",
        becomes: "for (let index = 0; index < name.length && ascii; index -= 1) ascii = name.charCodeAt(index) < 0x80;",
      },
      {
        file: "src/core/names.ts",
        code: "for (let index = 0; index < name.length && ascii; index += 1) ascii = name.charCodeAt(index) < 0x80;",
        becomes: "for (let index = 0; index < name.length && ascii; index += 1) ascii = false;",
      },
      {
        file: "src/core/names.ts",
        code: "for (let index = 0; index < name.length && ascii; index += 1) ascii = name.charCodeAt(index) < 0x80;",
        becomes:
          "for (let index = 0; index < name.length && ascii; index += 1) ascii = name.charCodeAt(index) <= 0x80;",
      },
      {
        file: "src/core/names.ts",
        code: "if (ascii) return name.toLowerCase();",
        becomes: "if (false) return name.toLowerCase();",
      },
    ],
  },
  {
    reason: "Marks that stand in a row are taken off one by one as well.",
    mutants: [
      { file: "src/core/names.ts", code: '.replace(/\\p{Mark}+/gu, "")', becomes: '.replace(/\\p{Mark}/gu, "")' },
    ],
  },
  {
    reason: "The compiler asks: at this place the value is always there, so the check is never taken.",
    mutants: [
      {
        file: "src/core/other-servers.ts",
        code: "if (first === undefined) return [];",
        becomes: "if (false) return [];",
      },
      {
        file: "src/core/other-servers.ts",
        code: "if (first === undefined) return [];",
        becomes: 'if (first === undefined) return ["Stryker was here"];',
      },
      {
        file: "src/core/snapshot.ts",
        code: "if (user === undefined) return new Set();",
        becomes: "if (false) return new Set();",
      },
      {
        file: "src/core/snapshot.ts",
        code: ".flatMap((place) => users[place] ?? []),",
        becomes: '.flatMap((place) => users[place] ?? ["Stryker was here"]),',
      },
      {
        file: "src/core/snapshot.ts",
        code: ".flatMap((place) => users[place] ?? [])",
        becomes: '.flatMap((place) => users[place] ?? ["Stryker was here"])',
      },
      {
        file: "src/core/snapshot.ts",
        code: "inOrder(places.flatMap((place) => users[place] ?? []).filter(fits));",
        becomes: 'inOrder(places.flatMap((place) => users[place] ?? ["Stryker was here"]).filter(fits));',
      },
    ],
  },
  {
    reason: "The compiler asks: no ID at all is no text of 16 bytes either.",
    mutants: [
      {
        file: "src/core/ad-facts.ts",
        code: "return immutableId !== null && guidFromImmutableId(immutableId) !== null ? immutableId : null;",
        becomes: "return true && guidFromImmutableId(immutableId) !== null ? immutableId : null;",
      },
    ],
  },
];
