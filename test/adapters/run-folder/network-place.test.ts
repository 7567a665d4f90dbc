import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { findNetworkPlace, type PlaceCalls } from "../../../src/adapters/run-folder/network-place.ts";

const place = (platform: NodeJS.Platform, { type = 0xef53, path = "/runs/a" } = {}): PlaceCalls => ({
  platform,
  typeOf: () => type,
  realPathOf: () => path,
});

test.each([
  ["ext4 is local", place("linux"), null],
  ["NFS is shared", place("linux", { type: 0x6969 }), "NFS"],
  ["CIFS is shared", place("linux", { type: 0xff534d42 }), "CIFS"],
  ["CIFS is shared where the number has a sign", place("linux", { type: 0xff534d42 | 0 }), "CIFS"],
  ["SMB2 is shared", place("linux", { type: 0xfe534d42 }), "SMB2"],
  ["macOS does not say", place("darwin", { type: 0x6969 }), null],
  ["a drive of Windows is local", place("win32", { path: "C:\\runs\\a" }), null],
  ["a long path of Windows is local", place("win32", { path: "\\\\?\\C:\\runs\\a" }), null],
  ["a device of Windows is local", place("win32", { path: "\\\\.\\C:\\runs" }), null],
  ["a UNC path is a share", place("win32", { path: "\\\\server\\runs\\a" }), "a share of another machine"],
  ["a long UNC path is a share", place("win32", { path: "\\\\?\\UNC\\server\\runs" }), "a share of another machine"],
] as const)("D28: findNetworkPlace: %s", (_title, calls, expected) => {
  expect(findNetworkPlace("runs/a", calls)).toBe(expected);
});

test("D28: findNetworkPlace looks at a real folder of this machine", () => {
  expect(findNetworkPlace(tmpdir())).toSatisfy((kind) => kind === null || typeof kind === "string");
});
