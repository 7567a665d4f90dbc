/**
 * What `--json` prints, by command: a public interface. The JSON Schemas in `schemas/` are made from this table, the
 * commands are held to it by the compiler, and every JSON document that a test sees is held against it.
 *
 * Nothing loads this table when a command runs: the types cost nothing, and the checks are made in the tests.
 */
import type { z } from "zod";
import { DOCTOR_DOCUMENT } from "./doctor-document.ts";
import { INIT_DOCUMENT } from "./init-document.ts";
import {
  CONVERT_DOCUMENT,
  DEMO_DOCUMENT,
  ERROR_DOCUMENT,
  EXPLAIN_DOCUMENT,
  HELP_DOCUMENT,
} from "./offline-documents.ts";
import { PLAN_DOCUMENT } from "./plan-document.ts";
import { APPLY_DOCUMENT, ROLLBACK_DOCUMENT, STATUS_DOCUMENT, VERIFY_DOCUMENT } from "./run-documents.ts";
import { SYNC_DOCUMENT } from "./sync-document.ts";

/** By name of the command; `help` and `error` may come from each of them. */
export const DOCUMENTS: Readonly<Record<string, z.ZodType>> = {
  init: INIT_DOCUMENT,
  doctor: DOCTOR_DOCUMENT,
  plan: PLAN_DOCUMENT,
  apply: APPLY_DOCUMENT,
  status: STATUS_DOCUMENT,
  sync: SYNC_DOCUMENT,
  verify: VERIFY_DOCUMENT,
  rollback: ROLLBACK_DOCUMENT,
  explain: EXPLAIN_DOCUMENT,
  convert: CONVERT_DOCUMENT,
  demo: DEMO_DOCUMENT,
  help: HELP_DOCUMENT,
  error: ERROR_DOCUMENT,
};
