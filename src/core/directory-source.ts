/**
 * What a directory was read from, and what that source cannot tell.
 *
 * A domain controller knows every attribute of today. A file knows those that were exported, as they were then; an
 * attribute that nobody exported must not pass for one that is empty in AD, or a plan would give people the wrong
 * immutable ID and call checks clean that nobody has made.
 */
import { type AdAccount, type DirectoryIdentity, PROFILE_ATTRIBUTES, type ProfileAttribute } from "./ad-account.ts";
import { BatchError } from "./errors.ts";
import { foldCase } from "./names.ts";
import type { AnchorMode } from "./source-anchor.ts";
import type { SourceKey } from "./source-key.ts";
import type { CheckGap } from "./takeover-facts.ts";
import type { FlowTable } from "./takeover-flows.ts";
import { countOf } from "./words.ts";

/** Attributes that an export may lack, each with what is then not checked, as it completes "not checked: ...". */
export const OPTIONAL_ATTRIBUTES = {
  "mS-DS-ConsistencyGuid": "whether mS-DS-ConsistencyGuid and objectGUID agree",
  userAccountControl: "which AD accounts are disabled",
  adminCount: "which AD accounts are administrators",
  sIDHistory: "whether another object in the cloud has a former SID of an account",
  userPrincipalName: "whether sync will change UPNs, and whether another object in the cloud has them",
  displayName: "whether the display names of AD and cloud agree",
  givenName: "whether the given names of AD and cloud agree",
  sn: "whether the surnames of AD and cloud agree",
  mail: "whether another object in the cloud has the AD mail address",
  proxyAddresses: "whether another object in the cloud has an AD proxy address",
  employeeID: "whether the employee IDs of AD and cloud agree",
} as const satisfies Readonly<Record<string, string>>;

/** What an export may lack: attributes that something is checked by, and those that only the takeover preview shows. */
export type OptionalAttribute = keyof typeof OPTIONAL_ATTRIBUTES | ProfileAttribute;

/** All of them, in the order in which they are named. */
export function listOptionalAttributes(): OptionalAttribute[] {
  return [...(Object.keys(OPTIONAL_ATTRIBUTES) as (keyof typeof OPTIONAL_ATTRIBUTES)[]), ...PROFILE_ATTRIBUTES];
}

/** A file that stands for a directory. */
export type FileSource = {
  readonly kind: "file";
  /** Without its folder. */
  readonly name: string;
  /** A file that was cut between two entries shows it only here. */
  readonly users: number;
  /** ISO time of the file's last change: how old the export is at least. */
  readonly modifiedAt: string;
  /** As it completes "read as": `LDIF`. */
  readonly format: string;
  /** Windows-1252 where the file is neither UTF-8 nor UTF-16. */
  readonly encoding: "UTF-8" | "UTF-16" | "Windows-1252";
  /** In the order of {@link listOptionalAttributes}. */
  readonly unknown: readonly OptionalAttribute[];
};

export type DirectorySource = { readonly kind: "live" } | FileSource;

/** A domain controller. */
export const LIVE: DirectorySource = { kind: "live" };

type NamedSource = Pick<DirectoryIdentity, "domain" | "server" | "source">;

/**
 * The server's name, or `old-users.csv, 512 users of DC=old,DC=example, a file of 2026-11-20 08:00 UTC, at least 5 days
 * old`: what an operator can compare with what was sent.
 */
export function describeSource(
  { server, baseDn, source }: Pick<DirectoryIdentity, "server" | "baseDn" | "source">,
  now: Date,
): string {
  if (source.kind === "live") return server;
  const time = source.modifiedAt.slice(0, 16).replace("T", " ");
  const age = describeAge(now.getTime() - Date.parse(source.modifiedAt));
  const guess = source.encoding === "Windows-1252" ? ", read as Windows-1252" : "";
  return `${source.name}, ${countOf(source.users, "user")} of ${baseDn}, a file of ${time} UTC, ${age}${guess}`;
}

const HOUR_MS = 3_600_000;

/** A copy may be younger than what it copies. */
function describeAge(ageMs: number): string {
  if (ageMs < 0) return "dated in the future";
  const hours = Math.floor(ageMs / HOUR_MS);
  if (hours < 1) return "written less than an hour ago";
  return `at least ${hours < 48 ? countOf(hours, "hour") : countOf(Math.floor(hours / 24), "day")} old`;
}

/**
 * What was not checked because an export does not hold it.
 *
 * @param table Says which attributes the takeover preview would have shown: they are one gap together.
 */
export function listSourceGaps(directories: readonly NamedSource[], { flows }: Pick<FlowTable, "flows">): CheckGap[] {
  const flowing = new Set<string>(flows.map(({ from }) => from));
  return directories.flatMap(({ domain, source }) => {
    if (source.kind === "live") return [];
    const checked = source.unknown.filter((attribute) => attribute in OPTIONAL_ATTRIBUTES);
    const previewed = source.unknown.filter((name) => !(name in OPTIONAL_ATTRIBUTES) && flowing.has(name)).join(", ");
    const gaps = checked.map((attribute) => ({
      check: `${OPTIONAL_ATTRIBUTES[attribute as keyof typeof OPTIONAL_ATTRIBUTES]} in ${domain}`,
      permission: `${attribute} in the export of ${domain}`,
      reason: `${source.name} does not hold it`,
    }));
    if (previewed === "") return gaps;
    const check = `what the takeover will change in ${previewed} in ${domain}`;
    const permission = `${previewed} in the export of ${domain}`;
    return [...gaps, { check, permission, reason: `${source.name} does not hold them` }];
  });
}

/** Attributes of a domain that its directory does not tell: nothing may be said of what they hold. */
export function listUnknownAttributes(directories: readonly NamedSource[]): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    directories.flatMap(({ domain, source }) => (source.kind === "live" ? [] : [[domain, new Set(source.unknown)]])),
  );
}

/** @throws {BatchError} input: one of these accounts, which are to be written, stands in a file. */
export function requireWritableSources(
  directories: readonly NamedSource[],
  accounts: readonly Pick<AdAccount, "domain" | "accountName">[],
): void {
  for (const { domain, source } of directories) {
    if (source.kind === "live") continue;
    const first = accounts.find((account) => foldCase(account.domain) === foldCase(domain));
    if (first === undefined) continue;
    throw new BatchError(
      "input",
      `${first.accountName} is to be written in ${domain}, and ${domain} is read from a file, ${source.name}: nothing can be written to a file. Nothing was written.`,
      `Put a domain controller of ${domain} into directories (url in place of export), or write the cloud side of these rows (--write-to cloud, or cloud in the writeTo cell).`,
    );
  }
}

/**
 * What an export does not say must be known wherever the plan stands on it: an mS-DS-ConsistencyGuid that may be the source
 * anchor is not empty because nobody exported it, and nobody is missing in AD because the export lacks the source key.
 *
 * @throws {BatchError} input: an export does not hold one of the two.
 */
export function requireKnownFacts(
  directories: readonly NamedSource[],
  { anchor, sourceKey }: { readonly anchor: AnchorMode; readonly sourceKey: SourceKey },
): void {
  for (const { domain, source } of directories) {
    if (source.kind === "live") continue;
    const lacks = (attribute: string) => source.unknown.some((unknown) => unknown === attribute);
    if (lacks(sourceKey)) {
      throw new BatchError(
        "input",
        `The mapping names accounts by ${sourceKey}, and ${source.name}, the export of ${domain}, does not hold it. Nothing was written.`,
        `Export again with ${sourceKey}, or name the accounts by another attribute (--source-key).`,
      );
    }
    if (anchor !== "objectGUID" && lacks("mS-DS-ConsistencyGuid")) {
      throw new BatchError(
        "input",
        `${source.name}, the export of ${domain}, does not say which accounts have an mS-DS-ConsistencyGuid (it lacks the attribute, or holds an empty column or names of types in its place), and that may be their source anchor. Nothing was written.`,
        `Export again with mS-DS-ConsistencyGuid as bytes in base64 (docs/directories.md has the command), or plan with --anchor objectGUID if your sync engine uses that or no account of ${domain} has an mS-DS-ConsistencyGuid.`,
      );
    }
  }
}
