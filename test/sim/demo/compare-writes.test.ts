/** The check that compares the tenant's ledger with what was announced says so when anything is amiss. */
import { expect, test } from "vitest";
import {
  type AnnouncedAct,
  type AnnouncedChange,
  compareWrites,
  countCycles,
} from "../../../src/sim/demo/compare-writes.ts";
import type { LedgerEntry } from "../../../src/sim/tenant/ledger.ts";

const ADA: AnnouncedChange = { userId: "ada", from: null, to: "A" };
const BEN: AnnouncedChange = { userId: "ben", from: "old", to: "B" };
const SWAP: AnnouncedChange[] = [
  { userId: "cyd", from: "D", to: "C" },
  { userId: "dee", from: "C", to: "D" },
];

function write(userId: string, value: unknown, changes: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    sequence: 1,
    atMs: 0,
    kind: "update",
    method: "PATCH",
    target: `/users/${userId}`,
    key: userId,
    userId,
    body: { onPremisesImmutableId: value },
    value,
    before: null,
    requestId: "",
    clientRequestId: "",
    insideBatch: false,
    status: 204,
    applied: true,
    ...changes,
  };
}

const CASES = [
  { name: "is content with each value once", entries: [write("ada", "A"), write("ben", "B")], differs: null },
  {
    name: "is content with one proof of the way back",
    entries: ["A", null, "A"].map((value) => write("ada", value)).concat(write("ben", "B")),
    differs: null,
  },
  { name: "misses a write", entries: [write("ada", "A")], differs: "ben was to go from old to B and was written []" },
  {
    name: "sees another value",
    entries: [write("ada", "B"), write("ben", "B")],
    differs: "ada was to go from null to A",
  },
  {
    name: "sees a value written twice",
    entries: [write("ada", "A"), write("ada", "A"), write("ben", "B")],
    differs: "ada was to go",
  },
  {
    name: "sees a user that was not announced",
    entries: [write("ada", "A"), write("ben", "B"), write("eve", "A")],
    differs: "eve was written unannounced",
  },
  {
    name: "sees a refused write",
    entries: [write("ada", "A", { applied: false, status: 400 }), write("ben", "B")],
    differs: "was answered 400",
  },
  {
    name: "sees a write to a UPN",
    entries: [write("ada", "A", { key: "ada@contoso.example" }), write("ben", "B")],
    differs: "is not addressed by object id",
  },
  {
    name: "sees another property",
    entries: [write("ada", "A", { body: { onPremisesImmutableId: "A", mail: null } }), write("ben", "B")],
    differs: "writes onPremisesImmutableId, mail",
  },
  {
    name: "sees a user cleared first without a cycle",
    entries: [write("ada", "A"), write("ben", null), write("ben", "B")],
    differs: "0 cycles, but 1 users were cleared first",
  },
];

for (const { name, entries, differs } of CASES) {
  test(`compareWrites ${name}`, () => {
    const { differences } = compareWrites(entries, [ADA, BEN]);
    if (differs === null) expect(differences).toEqual([]);
    else expect(differences.join("\n")).toContain(differs);
  });
}

test("compareWrites counts a swap that goes through null", () => {
  const entries = [write("cyd", null), write("dee", "D"), write("cyd", "C")];
  expect(compareWrites(entries, SWAP)).toEqual({ differences: [], writes: 3, users: 2, pivots: 1, proofs: 0, acts: 0 });
});

const act = (kind: LedgerEntry["kind"], userId: string, changes: Partial<LedgerEntry> = {}): LedgerEntry => ({
  ...write(userId, undefined, { kind, method: "DELETE", body: null, ...changes }),
});
const identifier = (userId: string, value: unknown = null) =>
  write(userId, undefined, { body: { onPremisesObjectIdentifier: value } });
const LATE: AnnouncedChange = { userId: "fay", from: null, to: "F", late: true };
const ACTS: AnnouncedAct[] = [
  { kind: "delete", userId: "gil" },
  { kind: "purge", userId: "gil" },
  { kind: "restore", userId: "fay" },
  { kind: "clear-object-identifier", userId: "fay" },
];
const DONE = [act("delete", "gil"), act("purge", "gil"), act("restore", "fay", { status: 200 }), identifier("fay")];

const ACT_CASES = [
  { name: "is content with each act once", entries: [write("ada", "A"), ...DONE, write("fay", "F")], differs: null },
  {
    name: "misses a purge",
    entries: [write("ada", "A"), ...DONE.filter(({ kind }) => kind !== "purge"), write("fay", "F")],
    differs: "user gil: announced delete, purge, done delete",
  },
  {
    name: "sees a deletion that was not announced",
    entries: [write("ada", "A"), ...DONE, act("delete", "hal"), write("fay", "F")],
    differs: "user hal: announced nothing, done delete",
  },
  {
    name: "sees an act before the other rows are done",
    entries: [...DONE, write("ada", "A"), write("fay", "F")],
    differs: "/users/ada came after delete of gil",
  },
  {
    name: "sees an act that was refused",
    entries: [
      write("ada", "A"),
      act("delete", "gil", { status: 403, applied: false }),
      ...DONE.slice(1),
      write("fay", "F"),
    ],
    differs: "DELETE /users/gil was answered 403",
  },
  {
    name: "sees an identifier that is written",
    entries: [write("ada", "A"), ...DONE.slice(0, 3), identifier("fay", "other"), write("fay", "F")],
    differs: "/users/fay writes an identifier",
  },
];

for (const { name, entries, differs } of ACT_CASES) {
  test(`compareWrites ${name}`, () => {
    const { differences, acts } = compareWrites(entries, [ADA, LATE], ACTS);
    if (differs === null) expect({ differences, acts }).toEqual({ differences: [], acts: 4 });
    else expect(differences.join("\n")).toContain(differs);
  });
}

test("countCycles tells chains from cycles", () => {
  const chain = [
    { userId: "eve", from: "F", to: "E" },
    { userId: "fay", from: "G", to: "F" },
  ];
  expect(countCycles([ADA, BEN, ...chain])).toBe(0);
  expect(countCycles([...chain, ...SWAP])).toBe(1);
});
