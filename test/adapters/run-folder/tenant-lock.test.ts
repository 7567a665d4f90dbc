import { lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { stateFolderOf, takeTenantLock } from "../../../src/adapters/run-folder/tenant-lock.ts";
import { startChild } from "./folder-shelf.ts";

const TENANT = "28d6e2d5-6368-4d5a-b671-d52b30172680";
const OTHER_TENANT = "28d6e2d5-6368-4d5a-b671-d52b30172681";
const ADA = { pid: 4711, host: "adm01", user: "ada", since: "2026-11-02T20:15:00.000Z" };

let base: string;
let state: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "hardmatch-state-"));
  state = join(base, "state", "hardmatch");
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

test("a second run against the same tenant is refused and told who holds it, in any spelling of the id", () => {
  const lock = takeTenantLock(state, TENANT, ADA);
  expect(() => takeTenantLock(state, TENANT.toUpperCase(), { ...ADA, pid: 2 })).toThrow(
    "process 4711 of ada on host adm01",
  );
  takeTenantLock(state, OTHER_TENANT, ADA).release();
  lock.release();
  takeTenantLock(state, TENANT, ADA).release();
});

test("the lock of another process is held until that process is killed", async () => {
  const holder = startChild("hold-tenant.ts", state, TENANT);
  expect(await holder.firstLine).toBe("held");
  expect(() => takeTenantLock(state, TENANT, ADA)).toThrow(`process ${holder.process.pid} of ben on host adm02`);
  holder.process.kill("SIGKILL");
  await holder.ended;
  takeTenantLock(state, TENANT, ADA).release();
});

test("a damaged note of who holds the lock does not hide that it is held", () => {
  const lock = takeTenantLock(state, TENANT, ADA);
  for (const text of ["", "{", '{"pid":"x"}', "null"]) {
    writeFileSync(join(state, `tenant-${TENANT}.json`), text);
    expect(() => takeTenantLock(state, TENANT, ADA)).toThrow("another process writes to this tenant");
  }
  lock.release();
});

test("the state folder is private", () => {
  takeTenantLock(state, TENANT, ADA).release();
  expect((lstatSync(state).mode & 0o777).toString(8)).toBe("700");
  const modes = readdirSync(state).map((name) => (lstatSync(join(state, name)).mode & 0o777).toString(8));
  expect(modes).toEqual(["600", "600"]);
});

test("a tenant id that is none never becomes a file name", () => {
  expect(() => takeTenantLock(state, "../../x", ADA)).toThrow("not a tenant id");
});

const places = [
  { platform: "linux", environment: {}, folder: join("/home/ada", ".local", "state", "hardmatch") },
  { platform: "linux", environment: { XDG_STATE_HOME: "/state" }, folder: join("/state", "hardmatch") },
  { platform: "linux", environment: { XDG_STATE_HOME: "" }, folder: join("/home/ada", ".local", "state", "hardmatch") },
  {
    platform: "linux",
    environment: { XDG_STATE_HOME: "here" },
    folder: join("/home/ada", ".local", "state", "hardmatch"),
  },
  { platform: "darwin", environment: {}, folder: join("/home/ada", ".local", "state", "hardmatch") },
  { platform: "win32", environment: { LOCALAPPDATA: "/local" }, folder: join("/local", "hardmatch") },
  { platform: "win32", environment: {}, folder: join("/home/ada", "AppData", "Local", "hardmatch") },
] as const;
for (const { platform, environment, folder } of places) {
  test(`the state folder on ${platform} with ${JSON.stringify(environment)} is ${folder}`, () => {
    expect(stateFolderOf({ platform, environment, home: "/home/ada" })).toBe(folder);
  });
}
