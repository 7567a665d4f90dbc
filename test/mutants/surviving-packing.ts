/** Mutants of what keeps records as bytes that no test notices, each with the reason. */
import type { Explained } from "./explained.ts";

export const PACKING: readonly Explained[] = [
  {
    reason: "Room that is made too early is room all the same.",
    mutants: [
      {
        file: "src/core/guid-set.ts",
        code: "if (end === this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], Math.max(2 * end, GUID_BYTES * FEWEST));",
        becomes: "if (true) this.#bytes = Buffer.concat([this.#bytes], Math.max(2 * end, GUID_BYTES * FEWEST));",
      },
    ],
  },
  {
    reason:
      "The compiler asks: every place has a memory and every shape its keys, and whoever has a beginning has a domain.",
    mutants: [
      {
        file: "src/core/packed-values.ts",
        code: "const { keys, memories } = memory.shapes[chunk[at] ?? 0] ?? { keys: [], memories: [] };",
        becomes: "const { keys, memories } = memory.shapes[chunk[at] ?? 0] ?? {};",
      },
      {
        file: "src/core/packed-values.ts",
        code: "const { keys, memories } = memory.shapes[chunk[at] ?? 0] ?? { keys: [], memories: [] };",
        becomes:
          'const { keys, memories } = memory.shapes[chunk[at] ?? 0] ?? { keys: ["Stryker was here"], memories: [] };',
      },
      {
        file: "src/core/packed-values.ts",
        code: "const { keys, memories } = memory.shapes[chunk[at] ?? 0] ?? { keys: [], memories: [] };",
        becomes:
          'const { keys, memories } = memory.shapes[chunk[at] ?? 0] ?? { keys: [], memories: ["Stryker was here"] };',
      },
      {
        file: "src/core/record-writer.ts",
        code: "const memories = memory.shapes[place]?.memories ?? [];",
        becomes: 'const memories = memory.shapes[place]?.memories ?? ["Stryker was here"];',
      },
      {
        file: "src/core/record-writer.ts",
        code: "const memories = memory.shapes[place]?.memories ?? [];",
        becomes: "const memories = memory.shapes[place].memories ?? [];",
      },
      {
        file: "src/core/packing.ts",
        code: "if (memory !== undefined) writer.write(field, memory);",
        becomes: "if (true) writer.write(field, memory);",
      },
      {
        file: "src/core/record-writer.ts",
        code: "} else if (domain !== undefined && beginning !== undefined) {",
        becomes: "} else if (true && beginning !== undefined) {",
      },
    ],
  },
  {
    reason:
      "Places are counted from one more, or the list is begun anew with each record: nobody reads the first entry.",
    mutants: [
      {
        file: "src/core/packed-values.ts",
        code: "readonly shapes: Shape[] = [];",
        becomes: 'readonly shapes: Shape[] = ["Stryker was here"];',
      },
      {
        file: "src/core/record-writer.ts",
        code: "#earlier: { readonly text: string; readonly at: number }[] = [];",
        becomes: '#earlier: { readonly text: string; readonly at: number }[] = ["Stryker was here"];',
      },
    ],
  },
  {
    reason: "The same texts in a byte or two more or less: of two that are equal either may be pointed at.",
    mutants: [
      {
        file: "src/core/record-writer.ts",
        code: "const tail = cut < 0 ? undefined : ends.placeOf(text.slice(cut));",
        becomes: "const tail = cut <= 0 ? undefined : ends.placeOf(text.slice(cut));",
      },
      {
        file: "src/core/record-writer.ts",
        code: "if (earlier.text.length > (longest?.text.length ?? 0) && text.endsWith(earlier.text)) longest = earlier;",
        becomes:
          "if (earlier.text.length >= (longest?.text.length ?? 0) && text.endsWith(earlier.text)) longest = earlier;",
      },
      {
        file: "src/core/record-writer.ts",
        code: "if (distance > FARTHEST || !isLatin(head)) return false;",
        becomes: "if (distance >= FARTHEST || !isLatin(head)) return false;",
      },
      {
        file: "src/core/record-writer.ts",
        code: "for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0xff) return false;",
        becomes:
          "for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) >= 0xff) return false;",
      },
    ],
  },
  {
    reason: "Only quicker: the pattern has 36 letters too.",
    mutants: [
      {
        file: "src/core/record-writer.ts",
        code: "return text.length === 36 && GUID.test(text);",
        becomes: "return true && GUID.test(text);",
      },
    ],
  },
  {
    reason:
      "Behind the last letter stands none, which is no letter of two bytes; and where it is hashed too, the hash is another one and as good.",
    mutants: [
      {
        file: "src/core/record-writer.ts",
        code: "for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0xff) return false;",
        becomes:
          "for (let index = 0; index <= text.length; index += 1) if (text.charCodeAt(index) > 0xff) return false;",
      },
      {
        file: "src/core/text-hash.ts",
        code: "for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), PRIME);",
        becomes:
          "for (let index = 0; index <= text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), PRIME);",
      },
    ],
  },
];
