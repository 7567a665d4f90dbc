import { describe, expect, test } from "vitest";
import { ChunkWriter, lengthAt, startAt } from "../../src/core/chunk-writer.ts";

const CHUNK_BYTES = 256 * 1024;

/** A writer whose chunk has so many bytes left. */
function fillBut(left: number): { readonly writer: ChunkWriter; readonly first: Buffer } {
  const writer = new ChunkWriter();
  writer.begin();
  writer.putBytes(new Uint8Array(1));
  writer.begin();
  writer.putBytes(new Uint8Array(CHUNK_BYTES - 1 - left));
  return { writer, first: writer.end().chunk };
}

/** Each item, how many bytes it takes, and what is read of it. */
const ITEMS: readonly (readonly [
  string,
  number,
  (writer: ChunkWriter) => void,
  (chunk: Buffer, at: number) => unknown,
  unknown,
])[] = [
  ["two bytes", 2, (writer) => writer.put(7, 9), (chunk, at) => [chunk[at], chunk[at + 1]], [7, 9]],
  [
    "a short head",
    2,
    (writer) => writer.putHead(7, 254),
    (chunk, at) => [lengthAt(chunk, at), startAt(chunk, at) - at],
    [254, 2],
  ],
  [
    "a long head",
    6,
    (writer) => writer.putHead(7, 255),
    (chunk, at) => [lengthAt(chunk, at), startAt(chunk, at) - at],
    [255, 6],
  ],
  ["a number", 8, (writer) => writer.putDouble(0.1), (chunk, at) => chunk.readDoubleLE(at), 0.1],
  [
    "bytes",
    3,
    (writer) => writer.putBytes(Uint8Array.of(1, 2, 3)),
    (chunk, at) => [...chunk.subarray(at, at + 3)],
    [1, 2, 3],
  ],
  [
    "a text",
    3,
    (writer) => writer.putText("ada", "latin1", 3),
    (chunk, at) => chunk.toString("latin1", at, at + 3),
    "ada",
  ],
];

describe.each(ITEMS)("%s", (_, bytes, put, read, expected) => {
  test.each(Array.from({ length: 9 }, (_, left) => left))("is whole where %i bytes are left of a chunk", (left) => {
    const { writer, first } = fillBut(left);
    writer.begin();
    put(writer);
    expect(writer.length).toBe(bytes);
    const { chunk, at } = writer.end();
    expect(read(chunk, at)).toEqual(expected);
    expect(chunk === first).toBe(bytes <= left);
  });
});

test("a record that was begun in a full chunk moves into the next one as a whole", () => {
  const { writer, first } = fillBut(2);
  writer.begin();
  writer.put(1, 2);
  writer.put(3);
  const { chunk, at } = writer.end();
  expect(chunk).not.toBe(first);
  expect([...chunk.subarray(at, at + 3)]).toEqual([1, 2, 3]);
});

test("a record larger than a chunk has one of its own size", () => {
  const writer = new ChunkWriter();
  writer.begin();
  writer.putBytes(new Uint8Array(2 * CHUNK_BYTES).fill(5));
  const { chunk, at } = writer.end();
  expect(chunk.subarray(at, at + 2 * CHUNK_BYTES).every((byte) => byte === 5)).toBe(true);
});
