/**
 * A hundred thousand mappings: rows that were there before the file, written in any way that must be read, and half
 * of the files damaged. Read rows are the rows that were written; of a damaged file, those that the bytes plainly say.
 *
 * `HARDMATCH_FUZZ_SEED` and `HARDMATCH_FUZZ_INPUTS` give another beginning and another number.
 */
import { expect, test } from "vitest";
import { readMapping } from "../../../src/adapters/csv/read-mapping.ts";
import { BatchError } from "../../../src/core/errors.ts";
import type { MappingFile } from "../../../src/core/mapping.ts";
import { damageBytes } from "./damage-bytes.ts";
import { type GeneratedFile, generateMapping, type SaidMapping } from "./generate-mapping.ts";
import { readPlainly } from "./mapping-oracle.ts";
import { randomFrom } from "./random.ts";

const SEED = Number(process.env.HARDMATCH_FUZZ_SEED ?? 1);
const INPUTS = Number(process.env.HARDMATCH_FUZZ_INPUTS ?? 100_000);

/** The bytes in pieces, as a slow disk gives them. */
function sourceOf(bytes: Buffer, step: number) {
  return {
    head: async (most: number) => bytes.subarray(0, most),
    async *pieces() {
      for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
    },
  };
}

/** Names, headings and notes in which nobody can see anything wrong: then a refusal would be for nothing. */
function isPlainlySound({ rows, extraColumns }: SaidMapping): boolean {
  const known = ["clear-holder", "delete-holder", "purge-deleted-holder", "restore-target", "clear-object-identifier"];
  return (
    extraColumns.every((name, index) => /^[a-z]+$/i.test(name) && extraColumns.indexOf(name) === index) &&
    rows.every(
      ({ account, domain, upn, onConflict, writeTo, extra }) =>
        /^[a-z0-9._-]{1,20}$/i.test(account) &&
        /^[a-z0-9._-]{1,20}@[a-z0-9.-]{1,40}$/i.test(upn) &&
        (domain === null || /^[a-z0-9-]{1,15}$/i.test(domain)) &&
        onConflict.every((word) => known.includes(word)) &&
        (writeTo === null || writeTo === "cloud" || writeTo === "ad") &&
        extra.every((note) => !/\p{Cc}/u.test(note)),
    )
  );
}

function saidBy({ delimiter, extraColumns, mappings }: MappingFile): SaidMapping {
  return { delimiter, extraColumns, rows: mappings };
}

/** @returns What was read, or the refusal. @throws Whatever is neither. */
async function read({ hints }: GeneratedFile, bytes: Buffer, step: number): Promise<SaidMapping | BatchError> {
  try {
    return saidBy(await readMapping("fuzz.csv", sourceOf(bytes, step), hints));
  } catch (error) {
    if (error instanceof BatchError && error.code === "input") return error;
    throw error;
  }
}

test(`no mapping is read as what it does not say (${INPUTS.toLocaleString("en")} files)`, {
  timeout: 600_000,
}, async () => {
  const counts = {
    undamaged: 0,
    damaged: 0,
    "damaged and read": 0,
    "damaged and refused": 0,
    "with other rows read": 0,
  };
  for (let input = 0; input < INPUTS; input += 1) {
    // Each file has a seed of its own, so that one alone can be looked at.
    const random = randomFrom(SEED + input);
    const file = generateMapping(random);
    const step = random.oneIn(10) ? 3 : random.pick([64, 100_000]);
    const { bytes, harms } = random.oneIn(2) ? { bytes: file.bytes, harms: [] } : damageBytes(file.bytes, random);
    const where = () =>
      `HARDMATCH_FUZZ_SEED=${SEED + input} HARDMATCH_FUZZ_INPUTS=1 (${harms.join(", ") || "undamaged"})`;
    const found = await read(file, bytes, step).catch((error: unknown) => {
      throw new Error(where(), { cause: error });
    });
    if (harms.length === 0) {
      counts.undamaged += 1;
      if (found instanceof BatchError) throw new Error(where(), { cause: found });
      expect(found, where()).toEqual(file.says);
      continue;
    }
    counts.damaged += 1;
    const plain = readPlainly(bytes, file.hints);
    if (found instanceof BatchError) {
      counts["damaged and refused"] += 1;
      if (plain !== null && isPlainlySound(plain))
        throw new Error(`refused without need: ${where()}`, { cause: found });
      continue;
    }
    counts["damaged and read"] += 1;
    expect(found, where()).toEqual(plain);
    if (JSON.stringify(found) !== JSON.stringify(file.says)) counts["with other rows read"] += 1;
  }
  console.log(`mapping files tried, seed ${SEED}: ${JSON.stringify(counts)}; wrongly accepted: 0`);
  expect(counts["damaged and read"]).toBeGreaterThan(INPUTS / 20);
  expect(counts["damaged and refused"]).toBeGreaterThan(INPUTS / 20);
});
