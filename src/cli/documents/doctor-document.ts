/** What `doctor --json` prints. */
import { z } from "zod";
import { DIAGNOSIS_CHECKS, DIAGNOSIS_PARTS, LINE_STATES } from "../../core/diagnosis/diagnosis-line.ts";
import { listOf } from "./parts.ts";

const count = z.int().min(0);

/** One thing that was looked at. */
export const DIAGNOSIS_LINE = z.strictObject({
  part: z.enum(DIAGNOSIS_PARTS).describe("What the line belongs to; it decides the exit code of a failure"),
  subject: z.string().nullable().describe("The directory or the commands that it is about"),
  check: z.enum(DIAGNOSIS_CHECKS).describe("What was looked at"),
  state: z.enum(LINE_STATES),
  says: z.string().describe("What is the case, in sentences"),
  mend: z.string().nullable().describe("What to do about it"),
});

export const DOCTOR_DOCUMENT = z.strictObject({
  exitCode: z.union([z.literal(0), z.literal(2), z.literal(4), z.literal(5)]),
  counts: z.strictObject({ ok: count, warning: count, failure: count, "not-checked": count }),
  lines: listOf(DIAGNOSIS_LINE),
});

export type DoctorDocument = z.input<typeof DOCTOR_DOCUMENT>;
