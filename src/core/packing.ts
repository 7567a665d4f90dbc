/**
 * Records kept as bytes, each field read again when it is asked for.
 *
 * A user or an account is some twenty short texts, and as an object with a text for each of them it takes five times the
 * room of its letters; a hundred thousand of them are most of what a plan holds. The bytes lie outside of the heap, so
 * that a collection need not walk through them, nor let as many again stand as garbage.
 *
 * A packed record is an object like any other (shared-getters.ts): it can be spread, written as JSON, cloned and
 * compared. A list or an object in a field is made anew each time it is read, and nothing can be assigned to a field.
 */
import { Memory, readValue, skip } from "./packed-values.ts";
import { RecordWriter } from "./record-writer.ts";
import { createGetters } from "./shared-getters.ts";

/** Fewer records than these are left as they are: all of them together are no more than a few MiB. */
export const FEWEST_PACKED = 20_000;

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Fields that come back as they were. A record with any other, a Map or a Date, does not compile. */
export type Packable<Value> = { readonly [Field in keyof Value]: Json | Uint8Array | undefined };

/** How records with the same fields are kept. */
type Shape = { readonly memories: readonly Memory[]; readonly build: (chunk: Buffer, at: number) => object };

/**
 * Makes a packer for records of one kind.
 *
 * @param records About how many will come: few are not packed.
 * @param fewest How many are no longer few.
 * @returns Packs one record; what comes back is equal to it in everything.
 */
export function createPacker<Value extends Packable<Value>>(
  records: number,
  fewest = FEWEST_PACKED,
): (value: Value) => Value {
  if (records < fewest) return (value) => value;
  // Nearly always one; a record without a field that others have is another.
  const shapes = new Map<string, Shape>();
  const writer = new RecordWriter();
  const { ends } = new Memory();
  return (value) => {
    const names = Object.keys(value).join();
    const shape = shapes.get(names) ?? makeShape(Object.keys(value), () => new Memory(ends));
    shapes.set(names, shape);
    writer.begin();
    for (const [index, field] of Object.values(value).entries()) {
      const memory = shape.memories[index];
      if (memory !== undefined) writer.write(field, memory);
    }
    const { chunk, at } = writer.end();
    // It has every field of the value, which is all that a Value promises.
    return shape.build(chunk, at) as Value;
  };
}

function makeShape(fields: readonly string[], makeMemory: () => Memory): Shape {
  const memories = fields.map(makeMemory);
  const readers = memories.map((memory, index) => {
    const read = (chunk: Buffer, at: number) => readValue(chunk, skip(chunk, at, index), memory);
    return [fields[index] ?? "", read] as const;
  });
  return { memories, build: createGetters(Object.fromEntries(readers)) };
}
