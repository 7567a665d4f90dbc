/**
 * Writes records as bytes, value by value; what the bytes mean stands in packed-values.ts.
 *
 * A record says much twice: the mail address is the UPN, a proxy address ends with it, all UPNs end with the same domain.
 * So a text is written as a place in a table where it came at the same place of an earlier record, as the distance to an
 * earlier text of its own record where it ends with that, and without the domain or the folders in AD that come again.
 */
import { ChunkWriter } from "./chunk-writer.ts";
import { KIND, type KnownTexts, type Memory } from "./packed-values.ts";

/** A shorter text is hardly longer than what points at it. */
const SHORTEST_SHARED = 4;
const FARTHEST = 0xffff;
/** Where the domain of an address begins, or where the account lies in the DN of its entry. */
const TAIL = /@|,[A-Za-z]+=/;
/** The SIDs of a domain differ in their last number. */
const DOMAIN_OF_SID = /^S-1-5-21(?:-\d+){3}-/;

/** Writes records, value by value. */
export class RecordWriter {
  readonly #writer = new ChunkWriter();
  /** Texts of this record that others may end with, and where each lies in it. */
  #earlier: { readonly text: string; readonly at: number }[] = [];

  begin(): void {
    this.#writer.begin();
    this.#earlier = [];
  }

  end(): { readonly chunk: Buffer; readonly at: number } {
    return this.#writer.end();
  }

  write(value: unknown, memory: Memory): void {
    const writer = this.#writer;
    if (value === null) writer.put(KIND.nothing);
    else if (typeof value === "boolean") writer.put(value ? KIND.yes : KIND.no);
    else if (typeof value === "string") this.#writeText(value, memory);
    else if (typeof value === "number") this.#writeNumber(value);
    else if (value instanceof Uint8Array) {
      writer.putHead(KIND.bytes, value.length);
      writer.putBytes(value);
    } else if (value === undefined) writer.put(KIND.absent);
    else if (Array.isArray(value)) {
      writer.putHead(KIND.list, value.length);
      for (const item of value) this.write(item, memory.items);
    } else this.#writeObject(value, memory);
  }

  #writeObject(value: object, memory: Memory): void {
    const keys = Object.keys(value);
    const place = memory.placeOfShape(keys);
    if (place === undefined) {
      this.#putText(KIND.json, JSON.stringify(value), "utf8");
      return;
    }
    this.#writer.putHead(KIND.object, keys.length);
    this.#writer.put(place);
    const memories = memory.shapes[place]?.memories ?? [];
    for (const [index, field] of Object.values(value).entries()) this.write(field, memories[index] ?? memory);
  }

  #writeNumber(value: number): void {
    const isWhole = value >>> 0 === value && !Object.is(value, -0);
    if (isWhole && value <= 0xff) this.#writer.put(KIND.byte, value);
    else if (isWhole) this.#writer.put(KIND.whole, value, value >>> 8, value >>> 16, value >>> 24);
    else {
      this.#writer.put(KIND.double);
      this.#writer.putDouble(value);
    }
  }

  #writeText(text: string, { texts, ends }: Memory): void {
    const place = texts.placeOf(text);
    if (place !== undefined) this.#writer.put(KIND.known, place);
    else if (isGuid(text)) {
      this.#writer.put(KIND.guid);
      this.#writer.putText(text.replaceAll("-", ""), "hex", 16);
    } else if (isAnchor(text)) {
      this.#writer.put(KIND.anchor);
      this.#writer.putText(text, "base64", 16);
    } else this.#writeLetters(text, ends);
  }

  #writeLetters(text: string, ends: KnownTexts): void {
    if (this.#pointAtEarlier(text)) return;
    const at = this.#writer.length;
    const cut = text.search(TAIL);
    const tail = cut < 0 ? undefined : ends.placeOf(text.slice(cut));
    const [domain] = DOMAIN_OF_SID.exec(text) ?? [];
    const beginning = domain === undefined ? undefined : ends.placeOf(domain);
    if (tail !== undefined) {
      this.#writer.put(KIND.tailed, tail, tail >>> 8);
      this.#writeLetters(text.slice(0, cut), ends);
    } else if (domain !== undefined && beginning !== undefined) {
      this.#writer.put(KIND.begun, beginning, beginning >>> 8);
      this.#writeLetters(text.slice(domain.length), ends);
    } else if (isLatin(text)) this.#putText(KIND.latin, text, "latin1");
    else this.#putText(KIND.wide, text, "utf16le");
    if (text.length >= SHORTEST_SHARED) this.#earlier.push({ text, at });
  }

  /** Writes the text as letters before the longest earlier one that it ends with, if there is one. */
  #pointAtEarlier(text: string): boolean {
    let longest: { readonly text: string; readonly at: number } | undefined;
    for (const earlier of this.#earlier)
      if (earlier.text.length > (longest?.text.length ?? 0) && text.endsWith(earlier.text)) longest = earlier;
    if (longest === undefined) return false;
    const distance = this.#writer.length - longest.at;
    const head = text.slice(0, text.length - longest.text.length);
    if (distance > FARTHEST || !isLatin(head)) return false;
    this.#writer.putHead(KIND.ending, 2 + head.length);
    this.#writer.put(distance, distance >>> 8);
    this.#writer.putText(head, "latin1", head.length);
    return true;
  }

  #putText(kind: number, text: string, encoding: "latin1" | "utf16le" | "utf8"): void {
    const length = Buffer.byteLength(text, encoding);
    this.#writer.putHead(kind, length);
    this.#writer.putText(text, encoding, length);
  }
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function isGuid(text: string): boolean {
  return text.length === 36 && GUID.test(text);
}

/** 16 bytes in base64, as their bytes give it back: the last letter before the signs has bits to spare. */
function isAnchor(text: string): boolean {
  return text.length === 24 && text.endsWith("==") && Buffer.from(text, "base64").toString("base64") === text;
}

function isLatin(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0xff) return false;
  return true;
}
