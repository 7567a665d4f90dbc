/**
 * How a finding is mended by hand. `Explanation.mend` says what to do; this table says with what.
 */
import type { FindingCode } from "../findings.ts";
import { ANCHOR_WRITE_MENDING } from "./anchor-write-mending.ts";
import { HOLDER_MENDING } from "./holder-mending.ts";
import { IDENTITY_MENDING } from "./identity-mending.ts";
import type { Mending } from "./mending-lines.ts";
import { PREVIEW_MENDING } from "./preview-mending.ts";
import { ROLLBACK_MENDING } from "./rollback-mending.ts";
import { SOURCE_MENDING } from "./source-mending.ts";
import { TAKEOVER_MENDING } from "./takeover-mending.ts";
import { TARGET_MENDING } from "./target-mending.ts";
import { TENANT_MENDING } from "./tenant-mending.ts";

export type { Mending } from "./mending-lines.ts";

/** For `explain` and the report. */
export const MENDING: Readonly<Record<FindingCode, Mending>> = {
  ...SOURCE_MENDING,
  ...ANCHOR_WRITE_MENDING,
  ...TARGET_MENDING,
  ...TAKEOVER_MENDING,
  ...PREVIEW_MENDING,
  ...HOLDER_MENDING,
  ...IDENTITY_MENDING,
  ...TENANT_MENDING,
  ...ROLLBACK_MENDING,
};
