/** The budget of writes against a service with a bucket of its own: what is granted, and how often it must refuse. */
import { expect, test } from "vitest";
import { TokenBucket } from "../../../src/adapters/graph/token-bucket.ts";
import { WriteBudget } from "../../../src/adapters/graph/write-budget.ts";

const AGREED = { writes: 3000, windowSeconds: 150 };
/** What the service tells everybody to wait after a refusal. */
const PAUSE_MS = 1000;
/** No client is faster than this. */
const LEAST_GAP_MS = 10;

type Service = {
  /** What it really grants in 150 s. */
  readonly grants: number;
  /** Whether it refuses this write although there is quota left. */
  readonly stumbles?: (write: number) => boolean;
  /** Whether a refusal says that it is the write limit. */
  readonly says?: boolean;
};

/** Sends so many writes one after the other. @returns Seconds it took, and how many were refused. */
function send(writes: number, { grants, stumbles = () => false, says = true }: Service) {
  const budget = new WriteBudget(AGREED.writes, AGREED.windowSeconds, 0);
  const service = new TokenBucket(grants, AGREED.windowSeconds, 0);
  const refusedAtMs: number[] = [];
  let nowMs = 0;
  for (let granted = 0, sent = 0; granted < writes; sent += 1) {
    nowMs += Math.max(LEAST_GAP_MS, budget.reserve(1, nowMs));
    const isEmpty = service.reserve(1, nowMs) > 1;
    if (isEmpty || stumbles(sent)) {
      service.giveBack(1);
      budget.refused(isEmpty && says, nowMs);
      refusedAtMs.push(nowMs);
      nowMs += PAUSE_MS;
    } else {
      budget.granted();
      granted += 1;
    }
  }
  return { seconds: nowMs / 1000, refused: refusedAtMs.length, refusedAtMs };
}

const floorOf = (writes: number, grants: number) => (writes - grants) / (grants / 150);

test("10,000 writes take what the quota takes, and none is refused", () => {
  const { seconds, refused } = send(10_000, { grants: 3000 });
  expect(refused).toBe(0);
  expect(seconds).toBeLessThan(floorOf(10_000, 3000) * 1.002);
});

for (const says of [true, false]) {
  for (const grants of [2100, 1500, 600]) {
    test(`a quota of ${grants} instead of 3,000 is used to 95 %, whether or not a refusal says why (${says})`, () => {
      const { seconds } = send(10_000, { grants, says });
      expect(floorOf(10_000, grants) / seconds).toBeGreaterThan(0.95);
    });
  }
}

test("a lower quota is learned: refusals become rare", () => {
  const { refusedAtMs } = send(10_000, { grants: 2100 });
  const late = refusedAtMs.filter((atMs) => atMs > 200_000);
  expect(refusedAtMs.length).toBeGreaterThan(0);
  expect(late.length).toBeLessThan(30);
});

test("one stumble at the start costs no more than it lasts", () => {
  const { seconds } = send(10_000, { grants: 3000, says: false, stumbles: (write) => write === 100 });
  expect(seconds).toBeLessThan(floorOf(10_000, 3000) + 2.5);
});

test("a stumble every 300 writes leaves most of the burst", () => {
  const { seconds } = send(10_000, { grants: 3000, says: false, stumbles: (write) => write % 300 === 299 });
  expect(seconds).toBeLessThan(floorOf(10_000, 3000) * 1.05);
});

test("a quota that was lower only for a while is used in full again later", () => {
  const budget = new WriteBudget(AGREED.writes, AGREED.windowSeconds, 0);
  let nowMs = 0;
  budget.reserve(3000, nowMs);
  budget.refused(true, nowMs);
  for (let granted = 0; granted < 50; granted += 1) budget.granted();
  nowMs = 10_000;
  budget.refused(true, nowMs);
  const waits = () => {
    const wait = budget.reserve(1, nowMs);
    nowMs += wait;
    return wait;
  };
  for (let write = 0; write < 400; write += 1) waits();
  expect(waits()).toBeCloseTo(204, -1);
  for (let write = 0; write < 100_000; write += 1) waits();
  expect(waits()).toBe(50);
});
