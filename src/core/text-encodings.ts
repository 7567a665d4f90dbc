/**
 * Names under which an operator may say how the bytes of a mapping are to be read.
 *
 * A closed list, because a name that only looks right would give other letters without a word. ISO-2022-JP
 * is left out: its bytes mean different letters after an escape sequence, which a reader of lines cannot see.
 *
 * Source: WHATWG Encoding Standard, https://encoding.spec.whatwg.org/#names-and-labels (checked 2026-11).
 */
export const TEXT_ENCODINGS = [
  "utf-8",
  "utf-16le",
  "utf-16be",
  "windows-1250",
  "windows-1251",
  "windows-1252",
  "windows-1253",
  "windows-1254",
  "windows-1255",
  "windows-1256",
  "windows-1257",
  "windows-1258",
  "windows-874",
  "iso-8859-1",
  "iso-8859-2",
  "iso-8859-3",
  "iso-8859-4",
  "iso-8859-5",
  "iso-8859-6",
  "iso-8859-7",
  "iso-8859-8",
  "iso-8859-10",
  "iso-8859-13",
  "iso-8859-14",
  "iso-8859-15",
  "iso-8859-16",
  "koi8-r",
  "koi8-u",
  "macintosh",
  "ibm866",
  "shift_jis",
  "euc-jp",
  "euc-kr",
  "gb18030",
  "big5",
] as const;

export type TextEncoding = (typeof TEXT_ENCODINGS)[number];
