/** What mails, editors, disks and people do to a file. */
import type { Random } from "./random.ts";

type Harm = (bytes: Buffer, random: Random) => Buffer;

const at = (bytes: Buffer, random: Random): number => random.below(bytes.length + 1);

function splice(bytes: Buffer, start: number, deleted: number, inserted: Uint8Array = Buffer.alloc(0)): Buffer {
  return Buffer.concat([bytes.subarray(0, start), inserted, bytes.subarray(start + deleted)]);
}

/** The place of one of the bytes that stand for this ASCII sign, in any of our encodings; -1 without one. */
function placeOf(sign: string, bytes: Buffer, random: Random): number {
  const code = sign.charCodeAt(0);
  const places = [...bytes.keys()].filter((index) => bytes[index] === code);
  return places.length === 0 ? -1 : random.pick(places);
}

const INSERTED = [
  '"',
  ",",
  ";",
  "\t",
  "|",
  "\r",
  "\n",
  "\0",
  "?",
  " ",
  "@",
  "'",
  "=",
  "\\",
  "\uFEFF",
  "\u00E9",
  "\u200B",
  "\u2019",
  "\u{1F642}",
];

export const HARMS: Readonly<Record<string, Harm>> = {
  "a bit flipped": (bytes, random) => {
    const copy = Buffer.from(bytes);
    const index = random.below(copy.length);
    copy[index] = (copy[index] ?? 0) ^ (1 << random.below(8));
    return copy;
  },
  "a byte replaced": (bytes, random) => {
    const copy = Buffer.from(bytes);
    copy[random.below(copy.length)] = random.below(256);
    return copy;
  },
  "a byte lost": (bytes, random) => splice(bytes, random.below(bytes.length), 1),
  "a piece lost": (bytes, random) => splice(bytes, at(bytes, random), 1 + random.below(40)),
  "a piece twice": (bytes, random) => {
    const start = at(bytes, random);
    return splice(bytes, start, 0, bytes.subarray(start, start + 1 + random.below(60)));
  },
  "bytes inserted": (bytes, random) =>
    splice(
      bytes,
      at(bytes, random),
      0,
      Buffer.from(Array.from({ length: 1 + random.below(4) }, () => random.below(256))),
    ),
  "a sign inserted": (bytes, random) => splice(bytes, at(bytes, random), 0, Buffer.from(random.pick(INSERTED))),
  "the end lost": (bytes, random) => bytes.subarray(0, at(bytes, random)),
  "the beginning lost": (bytes, random) => bytes.subarray(at(bytes, random)),
  "a quote lost": (bytes, random) => {
    const place = placeOf('"', bytes, random);
    return place === -1 ? bytes : splice(bytes, place, 1);
  },
  "a delimiter changed": (bytes, random) => {
    const copy = Buffer.from(bytes);
    const place = placeOf(random.pick([",", ";", "\t", "|"]), bytes, random);
    if (place !== -1) copy[place] = random.pick([0x2c, 0x3b, 0x09, 0x7c, 0x20]);
    return copy;
  },
  "two lines swapped": (bytes, random) => {
    const lines = bytes.toString("latin1").split("\n");
    const [one, other] = [random.below(lines.length), random.below(lines.length)];
    const [first = "", second = ""] = [lines[one], lines[other]];
    lines[one] = second;
    lines[other] = first;
    return Buffer.from(lines.join("\n"), "latin1");
  },
  "the first line lost": (bytes) => bytes.subarray(bytes.indexOf("\n") + 1),
  "a sep line put on top": (bytes, random) => splice(bytes, 0, 0, Buffer.from(`sep=${random.pick([",", ";", "|"])}\n`)),
  "a line ending lost": (bytes, random) => {
    const place = placeOf(random.pick(["\r", "\n"]), bytes, random);
    return place === -1 ? bytes : splice(bytes, place, 1);
  },
  "a piece in another encoding": (bytes, random) => {
    const start = at(bytes, random);
    const piece = bytes.subarray(start, start + 1 + random.below(30));
    const again = Buffer.from(piece.toString("latin1"), random.pick(["utf8", "utf16le"] as const));
    return splice(bytes, start, piece.length, again);
  },
};

/** One to three harms, one after the other. */
export function damageBytes(
  bytes: Buffer,
  random: Random,
): { readonly bytes: Buffer; readonly harms: readonly string[] } {
  const harms = Array.from({ length: 1 + random.below(3) }, () => random.pick(Object.keys(HARMS)));
  const damaged = harms.reduce(
    (left, name) => (left.length === 0 ? left : (HARMS[name]?.(left, random) ?? left)),
    bytes,
  );
  return { bytes: damaged, harms };
}
