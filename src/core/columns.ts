/**
 * The columns of every CSV file that this program reads or writes, each once: heading, help text and how
 * its cell is made. A column is added here and nowhere else; the README's tables are made from it.
 */
import { type Outcome, shownUserOf, shownValues } from "./outcome.ts";
import { type PlannedRow, writtenObjectOf } from "./plan.ts";
import { wordChanges } from "./takeover-preview.ts";

/** A column of the mapping file. */
export type MappingColumn = {
  readonly heading: string;
  /** Other headings that mean the same, already folded. */
  readonly aliases: readonly string[];
  readonly required: boolean;
  readonly help: string;
};

export const MAPPING_COLUMNS = {
  account: {
    heading: "sAMAccountName",
    aliases: ["sam", "username", "source", "sourcesam", "targetsam"],
    required: true,
    help: "The AD account, bare or as DOMAIN\\account",
  },
  upn: {
    heading: "userPrincipalName",
    aliases: ["upn", "target", "targetupn", "clouduser", "entraupn"],
    required: true,
    help: "The cloud user: its UPN, or its object id",
  },
  domain: {
    heading: "domain",
    aliases: ["netbios", "netbiosname", "addomain"],
    required: false,
    help: "NetBIOS name of the account's AD domain",
  },
  onConflict: {
    heading: "onConflict",
    aliases: ["conflict", "decision"],
    required: false,
    help: "What to do with an object that stands in the way, several joined by +",
  },
  writeTo: {
    heading: "writeTo",
    aliases: [],
    required: false,
    help: "cloud or ad: which side this row writes",
  },
} as const satisfies Record<string, MappingColumn>;

export type MappingField = keyof typeof MAPPING_COLUMNS;

/** Where the operator says that a column of a mapping stands: under a heading, or at a position from 1. */
export type ColumnPlace = { readonly heading: string } | { readonly position: number };

/** The columns that the operator has named; every other one is found by its heading. */
export type ColumnChoice = { readonly [Field in MappingField]?: ColumnPlace };

/** Headings match without regard to case, spaces, `_` and `-`. */
export function foldHeading(heading: string): string {
  return heading.replaceAll(/[\s_-]/g, "").toLowerCase();
}

/** What stands in front of an operator's column whose name is one of ours. */
export const OPERATOR_PREFIX = "mapping.";

/** What a line of a results file says about the run, beside its outcome. */
export type RunFacts = { readonly runId: string; readonly planId: string; readonly tenantId: string };

/** A column that is written: its heading, its help text, its cell. `null` is an empty cell. */
export type WrittenColumn<Line> = {
  readonly heading: string;
  readonly help: string;
  readonly cell: (line: Line, facts: RunFacts) => string | number | null;
};

/** Columns of plan.csv, in order; the operator's own follow. */
export const PLAN_COLUMNS = [
  { heading: "row", help: "Line number in the mapping file", cell: ({ row }) => row },
  { heading: "sAMAccountName", help: "AD account", cell: ({ account }) => account },
  { heading: "domain", help: "NetBIOS name of its domain", cell: ({ domain }) => domain },
  { heading: "userPrincipalName", help: "Cloud user", cell: ({ userPrincipalName }) => userPrincipalName },
  { heading: "side", help: "cloud or ad: which side the row writes", cell: ({ side }) => side },
  {
    heading: "action",
    help: "set, replace or clear, with -consistency-guid where AD is written; none (nothing to do) or blocked",
    cell: ({ action }) => action,
  },
  { heading: "findings", help: "Codes of what the pre-check found", cell: ({ findings }) => findings.join(" ") },
  { heading: "objectGUID", help: "Of the AD account", cell: ({ objectGuid }) => objectGuid },
  {
    heading: "anchorSource",
    help: "Attribute that the immutable ID is made from",
    cell: ({ anchorSource }) => anchorSource,
  },
  { heading: "immutableId", help: "Value that the side shall have", cell: ({ immutableId }) => immutableId },
  {
    heading: "previousImmutableId",
    help: "Value that it has now; mS-DS-ConsistencyGuid in base64 where AD is written",
    cell: ({ previousImmutableId }) => previousImmutableId,
  },
  {
    heading: "otherSideValue",
    help: "Value of the side that is not written: mS-DS-ConsistencyGuid in base64, or the immutable ID",
    cell: ({ otherSideValue }) => otherSideValue,
  },
  { heading: "userId", help: "Object id of the cloud user", cell: ({ userId }) => userId },
  { heading: "displayName", help: "Of the cloud user", cell: ({ displayName }) => displayName },
  { heading: "adDisplayName", help: "Of the AD account", cell: ({ adDisplayName }) => adDisplayName },
  {
    heading: "takeoverChanges",
    help: "What sync will change in the cloud user once it takes it over: changed, cleared or added; -2 +1 counts addresses",
    cell: ({ takeover }) => (takeover === null ? null : wordChanges(takeover)),
  },
  { heading: "planId", help: "First 12 hex digits of the plan's hash", cell: (_row, { planId }) => planId },
] as const satisfies readonly WrittenColumn<PlannedRow>[];

/** Columns of results.csv, in order, but for `check`, which covers the others; the operator's own follow. */
export const RESULT_COLUMNS = [
  { heading: "row", help: "Line number in the mapping file", cell: ({ row }) => row },
  { heading: "step", help: "Step within the row, from 1", cell: ({ step }) => step },
  { heading: "sAMAccountName", help: "AD account", cell: ({ planned }) => planned.account },
  { heading: "domain", help: "NetBIOS name of its domain", cell: ({ planned }) => planned.domain },
  {
    heading: "side",
    help: "cloud or ad: which side the step writes",
    cell: ({ change, planned }) => change?.side ?? planned.side,
  },
  { heading: "action", help: "What the step does", cell: ({ change, planned }) => change?.kind ?? planned.action },
  {
    heading: "objectId",
    help: "Object that the step writes: id of the cloud user, objectGUID of the AD account",
    cell: ({ change, planned }) => change?.objectId ?? writtenObjectOf(planned),
  },
  {
    heading: "userPrincipalName",
    help: "Of that object; of the row's cloud user where the object is its AD account",
    cell: (line) => shownUserOf(line),
  },
  {
    heading: "previousImmutableId",
    help: "Value before the step; mS-DS-ConsistencyGuid in base64 where AD is written",
    cell: (line) => shownValues(line).before,
  },
  {
    heading: "previousWas",
    help: "set or unset: an empty text and no value are different things",
    cell: (line) => (shownValues(line).before === null ? "unset" : "set"),
  },
  {
    heading: "immutableId",
    help: "Value that the step writes; empty clears",
    cell: (line) => shownValues(line).after,
  },
  {
    heading: "otherSideValue",
    help: "What the side that the row does not write held when the plan was made",
    cell: ({ planned }) => planned.otherSideValue,
  },
  { heading: "objectGUID", help: "Of the AD account", cell: ({ planned }) => planned.objectGuid },
  { heading: "status", help: "What became of the step", cell: ({ status }) => status },
  { heading: "sync", help: "What verify saw of sync", cell: ({ sync }) => sync },
  { heading: "findings", help: "Codes of what the pre-check found", cell: ({ planned }) => planned.findings.join(" ") },
  { heading: "httpStatus", help: "Status of the last answer", cell: ({ httpStatus }) => httpStatus },
  {
    heading: "errorCode",
    help: "Graph's error code, or ldap- and the result code",
    cell: ({ errorCode }) => errorCode,
  },
  { heading: "message", help: "What happened, in words", cell: ({ message }) => message },
  { heading: "attempts", help: "Writes sent for the step", cell: ({ attempts }) => attempts },
  {
    heading: "requestId",
    help: "Graph's request id, for support; of AD the domain controller that answered",
    cell: ({ requestId }) => requestId,
  },
  { heading: "writtenAt", help: "When tenant or AD accepted the value", cell: ({ writtenAt }) => writtenAt },
  { heading: "verifiedAt", help: "When a read showed the value", cell: ({ verifiedAt }) => verifiedAt },
  { heading: "runId", help: "The run", cell: (_line, { runId }) => runId },
  { heading: "planId", help: "First 12 hex digits of the plan's hash", cell: (_line, { planId }) => planId },
  { heading: "tenantId", help: "The tenant", cell: (_line, { tenantId }) => tenantId },
] as const satisfies readonly WrittenColumn<Outcome>[];

export const CHECK_COLUMN = {
  heading: "check",
  help: "Covers the line and says which it is of how many: shows damage and loss, not forgery",
} as const;
