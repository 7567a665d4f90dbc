import { expect, test } from "vitest";
import { bytesOfCell } from "../../../src/adapters/ad-export/octets-text.ts";

const HEX = "d5e2d62868635a4db671d52b30172680";

const forms: readonly [title: string, cell: string][] = [
  ["base64", "1eLWKGhjWk22cdUrMBcmgA=="],
  ["hexadecimal digits", HEX],
  ["hexadecimal digits in capitals behind 0x", `0x${HEX.toUpperCase()}`],
  ["pairs with hyphens, as BitConverter writes", "D5-E2-D6-28-68-63-5A-4D-B6-71-D5-2B-30-17-26-80"],
  ["decimal numbers with spaces", "213 226 214 40 104 99 90 77 182 113 213 43 48 23 38 128"],
  ["decimal numbers with commas", "213,226,214,40,104,99,90,77,182,113,213,43,48,23,38,128"],
  ["a GUID, whose first three groups are stored the other way round", "28d6e2d5-6368-4d5a-b671-d52b30172680"],
  ["a GUID in braces with spaces around", " {28D6E2D5-6368-4D5A-B671-D52B30172680} "],
];

test.each(forms)("bytesOfCell reads %s", (_title, cell) => {
  expect(Buffer.from(bytesOfCell(cell) ?? []).toString("hex")).toBe(HEX);
});

test("bytesOfCell reads values that are not 16 bytes long, for others to judge", () => {
  expect(bytesOfCell("00ff00")).toEqual(Buffer.from("00ff00", "hex"));
  expect(bytesOfCell("0 255 0")).toEqual(Uint8Array.from([0, 255, 0]));
});

const none = [
  "D5 E2 D6 28 68 63 5A 4D B6 71 D5 2B 30 17 26 80",
  "213 226 256",
  "1eLWKGhjWk22cdUrMBcmgA",
  "1eLWKGhjWk22cdUrMBcmgB==",
  "1eLWKGhjWk22cdUrMBcmg_==",
  "X'd5e2'",
  "d5e2d",
  "System.Byte[]",
];

test.each(none)("bytesOfCell finds no bytes in %s", (cell) => {
  expect(bytesOfCell(cell)).toBeNull();
});
