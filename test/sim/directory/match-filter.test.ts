import fc from "fast-check";
import { expect, test } from "vitest";
import { DirectoryTree } from "../../../src/sim/directory/directory-tree.ts";
import type { Filter } from "../../../src/sim/directory/ldap-message.ts";
import { compileFilter } from "../../../src/sim/directory/match-filter.ts";
import { createSchema } from "../../../src/sim/directory/schema.ts";
import { BASE, user } from "./domain-fixture.ts";

const NAMES = ["ada", "ben", "cyd"];
const MAILS = ["a@contoso.example", "b@contoso.example"];
const people = NAMES.flatMap((name) => [undefined, ...MAILS].map((mail, at) => ({ account: `${name}${at}`, mail })));

const schema = createSchema();
const comparison = { foldAccents: false, configurationDn: `CN=Configuration,${BASE}` };
const tree = new DirectoryTree(schema, comparison, [BASE.toLowerCase()]);
for (const { account, mail } of people) tree.put(user(account, account, mail === undefined ? {} : { mail: [mail] }));

const values: Record<string, readonly string[]> = {
  sAMAccountName: people.map(({ account }) => account),
  mail: MAILS,
  unknownAttribute: ["x"],
};
const leaf = fc
  .constantFrom(...Object.entries(values).flatMap(([attribute, texts]) => texts.map((text) => ({ attribute, text }))))
  .map(({ attribute, text }): Filter => ({ kind: "equality", attribute, value: Buffer.from(text.toUpperCase()) }));
const { filter: anyFilter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: "medium" },
    leaf,
    fc.array(tie("filter"), { maxLength: 3 }).map((filters): Filter => ({ kind: "and", filters })),
    fc.array(tie("filter"), { maxLength: 3 }).map((filters): Filter => ({ kind: "or", filters })),
    tie("filter").map((filter): Filter => ({ kind: "not", filter })),
  ),
}));

/** The standard's rules written down once more, on the fixture itself: 1 true, 0 false, 0.5 Undefined. */
function evaluate(filter: Filter, { account, mail }: { account: string; mail: string | undefined }): number {
  const parts = "filters" in filter ? filter.filters.map((part) => evaluate(part, { account, mail })) : [];
  if (filter.kind === "and") return Math.min(1, ...parts);
  if (filter.kind === "or") return Math.max(0, ...parts);
  if (filter.kind === "not") return 1 - evaluate(filter.filter, { account, mail });
  if (filter.kind !== "equality" || filter.attribute === "unknownAttribute") return 0.5;
  const held = filter.attribute === "mail" ? mail : account;
  return held === filter.value.toString().toLowerCase() ? 1 : 0;
}

test("any filter, through the index, finds exactly the entries that three-valued logic says", () => {
  fc.assert(
    fc.property(anyFilter, (filter) => {
      const matches = compileFilter(filter, schema, comparison);
      const found = [...tree.candidates(filter)]
        .filter((entry) => matches(entry) === true)
        .map(({ name }) => name.key.slice(3, 7));
      const isPerson = (name: string) => people.some(({ account }) => account === name);
      const expected = people.filter((person) => evaluate(filter, person) === 1).map(({ account }) => account);
      expect(found.filter(isPerson)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});
