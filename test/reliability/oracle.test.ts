/** The judge is judged: each thing that must not be is named when it is, and only then. */
import { expect, test } from "vitest";
import { account, anchorOf, CLOUD_ID, cloudUser, mapping, planOf } from "../support/facts.ts";
import { tellJournal } from "../support/journal-story.ts";
import { judgeRuns, type SeenWrite } from "./oracle.ts";

const ada = CLOUD_ID("ada");
const wanted = anchorOf("ada");
const plan = planOf({ accounts: [account("ada")], users: [cloudUser("ada")], mappings: [mapping(2, "ada")] });

/** A write of Ada's as the first attempt of a journal promises it. */
function write(changes: Partial<SeenWrite> = {}): SeenWrite {
  const plain = { key: ada, value: wanted, clientRequestId: "request-1", atMs: 0 };
  return { ...plain, applied: true, landedAtMs: null, turnedAway: false, ...changes };
}

const cases: { name: string; writes: SeenWrite[]; story: string; holds: string | null; says: RegExp[] }[] = [
  { name: "nothing of a clean run", writes: [write()], story: "change accepted verified", holds: wanted, says: [] },
  {
    name: "nothing of a write that was turned away and sent again",
    writes: [write({ turnedAway: true, applied: false }), write()],
    story: "change accepted verified",
    holds: wanted,
    says: [],
  },
  {
    name: "a write that goes to a name",
    writes: [write({ key: "ada@contoso.example" })],
    story: "change accepted",
    holds: null,
    says: [/^wrong user: ada@/, /^untraced: ada@/],
  },
  {
    name: "a write that no journal promises",
    writes: [write({ clientRequestId: "nobody" })],
    story: "change accepted verified",
    holds: wanted,
    says: [/^untraced/],
  },
  {
    name: "a value that lands after another one was sent",
    writes: [write({ atMs: 0, landedAtMs: 9000 }), write({ value: null, clientRequestId: "request-3", atMs: 5000 })],
    story: "change undecided canary-back accepted",
    holds: wanted,
    says: [/^different value twice/, /^blind resend: 2\.1/, /^lost: row 2 is said to be pending/],
  },
  {
    name: "a request that is sent again although it may have arrived",
    writes: [write(), write()],
    story: "change accepted verified",
    holds: wanted,
    says: [/^blind resend: the same request/],
  },
  {
    name: "a write that is promised again before the first was settled",
    writes: [write(), write({ clientRequestId: "request-3" })],
    story: "change undecided change accepted",
    holds: wanted,
    says: [/^blind resend: 2\.1/],
  },
  {
    name: "a row that is said to be verified and is not",
    writes: [write()],
    story: "change accepted verified",
    holds: null,
    says: [/^lost: row 2 is said to be verified/],
  },
  {
    name: "a row that is said to have failed and was written",
    writes: [write()],
    story: "change refused",
    holds: wanted,
    says: [/^lost: row 2 is said to be failed/],
  },
];

for (const { name, writes, story, holds, says } of cases) {
  test(`judgeRuns names ${name}`, () => {
    const journal = tellJournal([["2.1", story]], plan.changes);
    const sentences = judgeRuns(writes, [{ plan, journal }], () => holds);
    expect(sentences).toEqual(says.map((pattern) => expect.stringMatching(pattern)));
  });
}
