import fc from "fast-check";
import { expect, test } from "vitest";
import {
  AnswerCounter,
  MAX_ANSWER_BYTES,
  MAX_ANSWER_MESSAGES,
  MAX_MESSAGE_BYTES,
} from "../../../src/adapters/ldap/answer-counter.ts";
import { ber } from "./scripted-server.ts";

const ENTRY = 0x64;
const DONE = 0x65;

function message(operation: number, contentBytes: number): Buffer {
  return ber(0x30, Buffer.from([0x02, 0x01, 0x07]), ber(operation, Buffer.alloc(contentBytes, ENTRY)));
}

function shortMessage(operation: number): Buffer {
  return Buffer.from([0x30, 0x05, 0x02, 0x01, 0x07, operation, 0x00]);
}

test("AnswerCounter counts entries however the bytes are cut up", () => {
  const operations = fc.array(fc.tuple(fc.constantFrom(ENTRY, DONE, 0x73), fc.nat(300)), { maxLength: 20 });
  fc.assert(
    fc.property(operations, fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1 }), (sent, cuts) => {
      const bytes = Buffer.concat(sent.map(([tag, size]) => (size === 0 ? shortMessage(tag) : message(tag, size))));
      const counter = new AnswerCounter();
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const end = at + (cuts[turn % cuts.length] ?? 1);
        expect(counter.push(bytes.subarray(at, end))).toBeNull();
        at = end;
      }
      expect(counter.entries).toBe(sent.filter(([tag]) => tag === ENTRY).length);
    }),
  );
});

test("AnswerCounter begins again with every answer", () => {
  const counter = new AnswerCounter();
  counter.push(message(ENTRY, 5));
  counter.startAnswer();
  expect(counter.entries).toBe(0);
  counter.push(message(ENTRY, 5));
  expect(counter.entries).toBe(1);
});

test("AnswerCounter refuses an answer that never ends", () => {
  const counter = new AnswerCounter();
  const chunk = message(ENTRY, 1024 * 1024);
  const verdicts = Array.from({ length: MAX_ANSWER_BYTES / chunk.length + 1 }, () => counter.push(chunk));
  expect(verdicts.at(0)).toBeNull();
  expect(verdicts.at(-1)).toMatch(/longer than/);
});

test("AnswerCounter refuses one message more than an answer may have, and counts anew with every answer", () => {
  const counter = new AnswerCounter();
  const most = Buffer.concat(Array.from({ length: MAX_ANSWER_MESSAGES }, () => shortMessage(0x73)));
  expect([counter.push(most), counter.push(shortMessage(ENTRY))]).toEqual([null, expect.stringMatching(/messages/)]);
  counter.startAnswer();
  expect(counter.push(most)).toBeNull();
});

const refused: readonly [title: string, hex: string, reason: RegExp][] = [
  ["another protocol", "485454502f312e31", /not LDAP/],
  ["an indefinite length", "3080020107", /no readable length/],
  ["a length of five bytes", "30850000000005", /no readable length/],
  ["a message beyond the limit", `3084${(MAX_MESSAGE_BYTES + 1).toString(16).padStart(8, "0")}`, /is announced/],
  ["a message without a number", "30050401076400", /no number/],
  ["a number of five bytes", "300902050000000007", /no readable number/],
  ["a message that ends after its number", "3003020107", /no content/],
];
for (const [title, hex, reason] of refused) {
  test(`AnswerCounter refuses ${title}, also byte by byte`, () => {
    const bytes = Buffer.from(hex, "hex");
    expect(new AnswerCounter().push(bytes)).toMatch(reason);
    const counter = new AnswerCounter();
    const verdicts = Array.from(bytes, (byte) => counter.push(Buffer.from([byte])));
    expect(verdicts.find((verdict) => verdict !== null)).toMatch(reason);
  });
}
