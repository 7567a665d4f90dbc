import { describe, expect, test } from "vitest";
import { PROFILE_ATTRIBUTES } from "../../src/core/ad-account.ts";
import {
  describeSource,
  type FileSource,
  LIVE,
  listOptionalAttributes,
  listSourceGaps,
  listUnknownAttributes,
  OPTIONAL_ATTRIBUTES,
  requireKnownFacts,
  requireWritableSources,
} from "../../src/core/directory-source.ts";
import { ANCHOR_MODES } from "../../src/core/source-anchor.ts";
import { account, FLOWS } from "../support/facts.ts";

const NO_FLOWS = { flows: [] };
const NOW = new Date("2026-11-25T12:00:00Z");

function file(changes: Partial<FileSource> = {}) {
  const source: FileSource = {
    ...{ kind: "file", name: "old.csv", modifiedAt: "2026-11-20T08:00:59.999Z" },
    ...{ users: 512, format: "csvde", encoding: "UTF-8", unknown: [] },
    ...changes,
  };
  return { domain: "OLD", baseDn: "DC=old,DC=example", server: "old.csv", source };
}

const live = { domain: "CORP", baseDn: "DC=corp", server: "dc1.corp.contoso.example", source: LIVE };

test("describeSource names the server of a live directory", () => {
  expect(describeSource(live, NOW)).toBe("dc1.corp.contoso.example");
});

const ages: readonly [modifiedAt: string, words: string][] = [
  [
    "2026-11-25T12:00:00.000Z",
    "old.csv, 512 users of DC=old,DC=example, a file of 2026-11-25 12:00 UTC, written less than an hour ago",
  ],
  [
    "2026-11-20T08:00:59.999Z",
    "old.csv, 512 users of DC=old,DC=example, a file of 2026-11-20 08:00 UTC, at least 5 days old",
  ],
  [
    "2026-11-23T12:00:00.000Z",
    "old.csv, 512 users of DC=old,DC=example, a file of 2026-11-23 12:00 UTC, at least 2 days old",
  ],
  [
    "2026-11-23T12:00:00.001Z",
    "old.csv, 512 users of DC=old,DC=example, a file of 2026-11-23 12:00 UTC, at least 47 hours old",
  ],
  [
    "2026-11-25T11:00:00.000Z",
    "old.csv, 512 users of DC=old,DC=example, a file of 2026-11-25 11:00 UTC, at least 1 hour old",
  ],
  [
    "2026-11-25T11:00:00.001Z",
    "old.csv, 512 users of DC=old,DC=example, a file of 2026-11-25 11:00 UTC, written less than an hour ago",
  ],
  [
    "2026-11-25T12:00:00.001Z",
    "old.csv, 512 users of DC=old,DC=example, a file of 2026-11-25 12:00 UTC, dated in the future",
  ],
];
test.each(ages)("describeSource of a file of %s says how old it is", (modifiedAt, words) => {
  expect(describeSource(file({ modifiedAt }), NOW)).toBe(words);
});

test("listSourceGaps names every attribute that an export lacks, and nothing of a live directory", () => {
  expect(listSourceGaps([live, file()], NO_FLOWS)).toEqual([]);
  expect(listSourceGaps([live, file({ unknown: ["adminCount"] })], NO_FLOWS)).toEqual([
    {
      check: "which AD accounts are administrators in OLD",
      permission: "adminCount in the export of OLD",
      reason: "old.csv does not hold it",
    },
  ]);
  const unknown = Object.keys(OPTIONAL_ATTRIBUTES) as (keyof typeof OPTIONAL_ATTRIBUTES)[];
  expect(listSourceGaps([file({ unknown })], NO_FLOWS)).toHaveLength(unknown.length);
});

test("listSourceGaps names together what the takeover preview would have shown, as far as a flow asks for it", () => {
  const unknown = ["title", "l", "c"] as const;
  expect(listSourceGaps([live, file({ unknown })], FLOWS)).toEqual([
    {
      check: "what the takeover will change in title, l in OLD",
      permission: "title, l in the export of OLD",
      reason: "old.csv does not hold them",
    },
  ]);
  expect(listSourceGaps([file({ unknown })], NO_FLOWS)).toEqual([]);
});

test("describeSource says that a file's letters were read as Windows-1252, where nothing else would do", () => {
  expect(describeSource(file({ encoding: "Windows-1252" }), NOW)).toMatch(
    /, at least 5 days old, read as Windows-1252$/,
  );
});

test("listOptionalAttributes names what is checked, then what only the takeover preview shows", () => {
  expect(listOptionalAttributes()).toEqual([...Object.keys(OPTIONAL_ATTRIBUTES), ...PROFILE_ATTRIBUTES]);
});

test("listUnknownAttributes names each export with what it lacks, and no live directory", () => {
  const whole = { ...file(), domain: "WHOLE" };
  const found = listUnknownAttributes([live, file({ unknown: ["mail", "title"] }), whole]);
  expect(found).toEqual(
    new Map([
      ["OLD", new Set(["mail", "title"])],
      ["WHOLE", new Set()],
    ]),
  );
});

describe("requireWritableSources", () => {
  const inFile = account("ben", { domain: "old" });

  for (const [title, directories, accounts] of [
    ["accounts of live directories", [live, file()], [account("ada")]],
    ["a live directory of the domain, whatever files there are beside it", [{ ...live, domain: "OLD" }], [inFile]],
    ["files where nothing is written", [live, file()], []],
  ] as const) {
    test(`takes ${title}`, () => expect(() => requireWritableSources(directories, accounts)).not.toThrow());
  }

  test("refuses an account that stands in a file, in whatever case its domain is written, and says both ways out", () => {
    expect(() => requireWritableSources([live, file()], [account("ada"), inFile])).toThrow(
      expect.objectContaining({
        code: "input",
        message:
          "ben is to be written in OLD, and OLD is read from a file, old.csv: nothing can be written to a file. Nothing was written.",
        hint: expect.stringMatching(/^Put a domain controller of OLD into directories .*, or write the cloud side/),
      }),
    );
  });

  test("looks at every file, not the first one alone", () => {
    const other = { ...file(), domain: "OTHER" };
    expect(() => requireWritableSources([other, file()], [inFile])).toThrow("ben is to be written in OLD");
  });
});

describe("requireKnownFacts", () => {
  const lacking = file({ unknown: ["mS-DS-ConsistencyGuid"] });
  const sourceKey = "sAMAccountName";

  test.each(ANCHOR_MODES)("takes live directories and whole exports with --anchor %s", (anchor) => {
    expect(() => requireKnownFacts([live, file({ unknown: ["mail"] })], { anchor, sourceKey })).not.toThrow();
  });

  test.each(["auto", "mS-DS-ConsistencyGuid"] as const)(
    "refuses an export without mS-DS-ConsistencyGuid with --anchor %s, and says both ways out",
    (anchor) => {
      expect(() => requireKnownFacts([live, lacking], { anchor, sourceKey })).toThrow(
        expect.objectContaining({
          code: "input",
          message: expect.stringMatching(
            /^old\.csv, the export of OLD, does not say which accounts have an mS-DS-ConsistencyGuid/,
          ),
          hint: expect.stringMatching(
            /^Export again with mS-DS-ConsistencyGuid as bytes in base64.*, or plan with --anchor objectGUID if/,
          ),
        }),
      );
    },
  );

  test("takes it with --anchor objectGUID, which never looks at the attribute", () => {
    expect(() => requireKnownFacts([lacking], { anchor: "objectGUID", sourceKey })).not.toThrow();
  });

  test("refuses an export without the source key, by which everybody would be missing", () => {
    const byMail = { anchor: "auto", sourceKey: "mail" } as const;
    expect(() => requireKnownFacts([live, file()], byMail)).not.toThrow();
    expect(() => requireKnownFacts([live, file({ unknown: ["mail"] })], byMail)).toThrow(
      "The mapping names accounts by mail, and old.csv, the export of OLD, does not hold it.",
    );
  });
});
