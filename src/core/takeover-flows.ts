/**
 * Which AD attribute flows into which property of the cloud user once sync has taken it over: a table that operators
 * may replace by one for their own sync rules. `takeover/attributes.yaml` is the one for the default rules.
 */
import { PROFILE_ATTRIBUTES } from "./ad-account.ts";
import { PROFILE_PROPERTIES } from "./snapshot.ts";

/** AD attributes that can flow: those that this program reads. */
export const FLOW_SOURCES = [
  "userAccountControl",
  "userPrincipalName",
  "mail",
  "proxyAddresses",
  "displayName",
  "givenName",
  "sn",
  "employeeID",
  ...PROFILE_ATTRIBUTES,
] as const;
export type FlowSource = (typeof FLOW_SOURCES)[number];

/** Properties of a cloud user that can be compared, in the order in which changes are shown. */
export const FLOW_TARGETS = [
  "accountEnabled",
  "userPrincipalName",
  "mail",
  "proxyAddresses",
  "displayName",
  "givenName",
  "surname",
  ...PROFILE_PROPERTIES,
  "employeeId",
  "manager",
] as const;
export type FlowTarget = (typeof FLOW_TARGETS)[number];

/** When two values are the same. */
export const COMPARISONS = ["text", "text-any-case", "address", "addresses", "enabled", "reference"] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** What an empty AD attribute does to the cloud user. */
export const WHEN_EMPTY = ["clears", "keeps"] as const;

export type AttributeFlow = {
  readonly from: FlowSource;
  readonly to: FlowTarget;
  readonly compare: Comparison;
  readonly whenEmpty: (typeof WHEN_EMPTY)[number];
};

/** Where a table comes from: it stands in the plan, so that a report says by which rules it was made. */
export type FlowTableOrigin = {
  /** Name without its folder; `null` is the table that comes with the program. */
  readonly file: string | null;
  readonly source: string;
  /** Year and month in which the source was read. */
  readonly checked: string;
};

export type FlowTable = FlowTableOrigin & { readonly flows: readonly AttributeFlow[] };

/** The ways in which a property can be compared; the first is the usual one. */
export function comparisonsOf(to: FlowTarget): readonly Comparison[] {
  if (to === "accountEnabled") return ["enabled"];
  if (to === "proxyAddresses") return ["addresses"];
  if (to === "manager") return ["reference"];
  if (to === "userPrincipalName" || to === "mail") return ["address"];
  return ["text", "text-any-case"];
}

/** Whether the attribute's values have the form that the comparison looks at. */
export function fitsComparison(from: FlowSource, compare: Comparison): boolean {
  if (compare === "enabled") return from === "userAccountControl";
  if (compare === "addresses") return from === "proxyAddresses";
  if (compare === "reference") return from === "manager";
  return from !== "userAccountControl" && from !== "proxyAddresses" && from !== "manager";
}
