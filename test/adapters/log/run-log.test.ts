import { execFileSync } from "node:child_process";
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openRunLog } from "../../../src/adapters/log/run-log.ts";
import type { LogFields } from "../../../src/ports/log.ts";

const now = () => new Date("2026-11-02T20:15:00.000Z");
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hardmatch-log-"));
  path = join(folder, "log.ndjson");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const readLines = () => readFileSync(path, "utf8").split("\n");

test("each event is one JSON line with level, time, event and its fields, and is there at once", async () => {
  const log = await openRunLog(path, "info", now);
  log.info("write accepted", { row: 2, step: 1, httpStatus: 204, requestId: "f1b1a3c2", path: "/users/x" });
  log.warn("paused");
  expect(readLines()).toEqual([
    '{"level":"info","time":"2026-11-02T20:15:00.000Z","row":2,"step":1,"path":"/users/x","httpStatus":204,"requestId":"f1b1a3c2","event":"write accepted"}',
    '{"level":"warn","time":"2026-11-02T20:15:00.000Z","event":"paused"}',
    "",
  ]);
  expect(log.close()).toBeNull();
});

test("what is not on the list of fields never reaches the file", async () => {
  const log = await openRunLog(path, "info", now);
  const response = {
    row: 2,
    token: "eyJ-secret",
    headers: { authorization: "Bearer eyJ-secret" },
    requestId: { toJSON: () => "eyJ-secret" },
    status: new Error("eyJ-secret"),
    err: new Error("eyJ-secret"),
    event: "forged",
    level: "forged",
    time: "forged",
  };
  log.info("read", response as unknown as LogFields);
  log.info("read", Object.create({ server: "eyJ-secret" }));
  log.close();
  expect(readLines()).toEqual([
    '{"level":"info","time":"2026-11-02T20:15:00.000Z","row":2,"event":"read"}',
    '{"level":"info","time":"2026-11-02T20:15:00.000Z","event":"read"}',
    "",
  ]);
});

test("every field of the port is logged", async () => {
  const fields: Required<LogFields> = {
    row: 1,
    step: 2,
    objectId: "a",
    stage: "b",
    status: "c",
    method: "d",
    path: "e",
    httpStatus: 3,
    errorCode: "f",
    requestId: "g",
    clientRequestId: "h",
    attempt: 4,
    waitMs: 5,
    durationMs: 6,
    count: 7,
    runId: "i",
    planId: "j",
    domain: "k",
    server: "l",
    variable: "m",
  };
  const log = await openRunLog(path, "info", now);
  log.info("all", fields);
  log.close();
  expect(JSON.parse(readLines()[0] ?? "")).toEqual({
    ...fields,
    event: "all",
    level: "info",
    time: "2026-11-02T20:15:00.000Z",
  });
});

test("E12: a text with line ends, terminal codes or bidi marks stays one line of plain JSON", async () => {
  const hostile = 'x"\r\n{"level":"info"}\u001b[31m\u0085\u009b\u2028\u2029\u202e\u200b\ufeff\u007f\u{e0001}\ud800 é😀';
  const log = await openRunLog(path, "info", now);
  log.warn(hostile, { errorCode: hostile, status: "short\u001b" });
  log.close();
  const [line = "", ...rest] = readLines();
  expect(rest).toEqual([""]);
  expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
  expect(JSON.parse(line)).toMatchObject({ event: hostile, errorCode: hostile, status: "short\u001b" });
});

test("level warn leaves out what is only informative", async () => {
  const log = await openRunLog(path, "warn", now);
  log.info("read");
  log.warn("paused");
  log.close();
  expect(readLines()).toHaveLength(2);
});

test("a log is added to and has mode 0600 also where it was there with another", async () => {
  writeFileSync(path, "earlier\n");
  chmodSync(path, 0o666);
  const log = await openRunLog(path, "info", now);
  log.info("read");
  log.close();
  expect([readLines()[0], readLines().length, (statSync(path).mode & 0o777).toString(8)]).toEqual([
    "earlier",
    3,
    "600",
  ]);
});

const plants: { title: string; plant: (other: string) => void }[] = [
  { title: "a symbolic link", plant: (other) => symlinkSync(other, path) },
  { title: "a second name of another file", plant: (other) => linkSync(other, path) },
];
for (const { title, plant } of plants) {
  test(`E05: ${title} in the place of the log is refused`, async () => {
    const other = join(folder, "other");
    writeFileSync(other, "the operator's own");
    plant(other);
    await expect(openRunLog(path, "info", now)).rejects.toMatchObject({ name: "BatchError", code: "refused" });
    expect(readFileSync(other, "utf8")).toBe("the operator's own");
  });
}

test("a log that cannot be opened is a disk error", async () => {
  mkdirSync(path);
  await expect(openRunLog(path, "info", now)).rejects.toMatchObject({ name: "BatchError", code: "disk" });
});

test.skipIf(process.platform !== "linux")("a device in the place of the log is refused", async () => {
  await expect(openRunLog("/dev/full", "info", now)).rejects.toMatchObject({ code: "refused" });
});

test.skipIf(process.platform === "win32")(
  "a log that cannot be written on says so at its end and stops nothing",
  () => {
    const script = join(import.meta.dirname, "children", "fill-log.ts");
    const output = execFileSync("sh", ["-c", 'ulimit -f 1 && exec "$0" "$@"', process.execPath, script, path], {
      encoding: "utf8",
    });
    expect(output).toMatch(/^went on: .*log\.ndjson could not be written on: .*EFBIG/);
    expect(statSync(path).size).toBeLessThanOrEqual(1024);
  },
);

test("without a path nothing is written", async () => {
  const log = await openRunLog(null, "info", now);
  log.info("read", { row: 1 });
  log.warn("read");
  expect(log.close()).toBeNull();
});
