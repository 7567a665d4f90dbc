/** What `doctor --json` prints. Published as `docs/schemas/doctor.json`. */
import { z } from "zod";
import { DIAGNOSIS_CHECKS, DIAGNOSIS_PARTS, LINE_STATES } from "../../core/diagnosis/diagnosis-line.ts";

const count = z.int().min(0);

/** One thing that was looked at. */
export const diagnosisLineSchema = z.strictObject({
  part: z.enum(DIAGNOSIS_PARTS).describe("What the line belongs to; it decides the exit code of a failure"),
  subject: z.string().nullable().describe("The directory or the commands that it is about"),
  check: z.enum(DIAGNOSIS_CHECKS).describe("What was looked at"),
  state: z.enum(LINE_STATES),
  says: z.string().describe("What is the case, in sentences"),
  mend: z.string().nullable().describe("What to do about it"),
});

export const doctorDocumentSchema = z.strictObject({
  exitCode: z.union([z.literal(0), z.literal(2), z.literal(4), z.literal(5)]),
  counts: z.strictObject({ ok: count, warning: count, failure: count, "not-checked": count }),
  lines: z.array(diagnosisLineSchema),
});

export type DoctorDocument = z.infer<typeof doctorDocumentSchema>;
