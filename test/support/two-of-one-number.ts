/** Texts that a table of numbers takes for one: whoever looks something up in it has to compare. */
import { hashText } from "../../src/core/text-hash.ts";

/** @param make A different text for each count. */
export function findTwoOfOneNumber<Text extends string>(make: (count: number) => Text): readonly [Text, Text] {
  const seen = new Map<number, Text>();
  for (let count = 0; ; count += 1) {
    const text = make(count);
    const hash = hashText(text);
    const other = seen.get(hash);
    if (other !== undefined) return [other, text];
    seen.set(hash, text);
  }
}
