/**
 * What may have happened to an account name that no directory knows: hints for the person who mends the mapping.
 *
 * A spreadsheet takes `00123` for the number 123, an old export cuts a name after 20 characters, and a column of mail
 * addresses stands where UPNs belong. Each leaves a trace that can be looked up. A hint is never used to choose an
 * account: an account 0123 may be somebody else's.
 */
import type { Mapping } from "./mapping.ts";
import { foldCase } from "./names.ts";
import { foldSourceValue, type SourceKey } from "./source-key.ts";

export type SourceHint = {
  readonly kind: "leading-zeros" | "cut-off" | "other-key";
  /** The attribute that holds the value, for `other-key`; else the one that was asked for. */
  readonly key: SourceKey;
  /** `DOMAIN\name`, ascending. */
  readonly accounts: readonly string[];
};

/** What to look up about one value; nothing of it answers the row. */
export type HintQuestions = {
  /** Account names that a spreadsheet would turn into this number. */
  readonly padded: readonly string[];
  /** A name as long as an old export keeps; longer ones may begin with it. */
  readonly beginning: string | null;
  readonly otherKeys: readonly SourceKey[];
};

/** Something that a directory holds: the attribute, its value, whose it is. */
export type HintCandidate = {
  readonly domain: string;
  readonly key: SourceKey;
  readonly value: string;
  readonly accountName: string;
};

/** Personnel numbers are not padded further. */
const LONGEST_PADDED = 10;
/** What Windows 2000 and its tools kept of a user's logon name. Source: Microsoft Learn, SAM-Account-Name attribute (checked 2026-11). */
const CUT_AFTER = 20;
const ADDRESS_KEYS: readonly SourceKey[] = ["userPrincipalName", "mail"];

export function askAbout(sourceKey: SourceKey, value: string): HintQuestions {
  const isName = sourceKey === "sAMAccountName";
  const lengths = Array.from({ length: LONGEST_PADDED - value.length }, (_, index) => value.length + index + 1);
  return {
    padded: isName && /^\d{1,9}$/.test(value) ? lengths.map((length) => value.padStart(length, "0")) : [],
    beginning: isName && value.length === CUT_AFTER ? value : null,
    otherKeys: value.includes("@") ? ADDRESS_KEYS.filter((key) => key !== sourceKey) : [],
  };
}

/** Finds the traces of a value among everything that was looked up for a batch. */
export type FindHints = (mapping: Mapping) => readonly SourceHint[];

/** Indexes what the directories hold, for {@link FindHints}; every value is compared here once more. */
export function indexHints(sourceKey: SourceKey, candidates: readonly HintCandidate[]): FindHints {
  const spelling = (key: SourceKey, value: string) => `${key} ${foldSourceValue(key, value)}`;
  const byValue = Map.groupBy(candidates, ({ key, value }) => spelling(key, value));
  const longer = candidates.filter(({ key, value }) => key === "sAMAccountName" && value.length > CUT_AFTER);
  const byBeginning = Map.groupBy(longer, ({ value }) => foldCase(value.slice(0, CUT_AFTER)));
  return ({ account, domain }) => {
    const questions = askAbout(sourceKey, account);
    const hintOf = (kind: SourceHint["kind"], key: SourceKey, found: readonly HintCandidate[]): SourceHint[] => {
      const accounts = found
        .filter((candidate) => domain === null || foldCase(candidate.domain) === foldCase(domain))
        .map((candidate) => `${candidate.domain}\\${candidate.accountName}`);
      return accounts.length === 0 ? [] : [{ kind, key, accounts: [...new Set(accounts)].sort() }];
    };
    const holders = (key: SourceKey, value: string) => byValue.get(spelling(key, value)) ?? [];
    return [
      ...hintOf(
        "leading-zeros",
        sourceKey,
        questions.padded.flatMap((padded) => holders(sourceKey, padded)),
      ),
      ...hintOf(
        "cut-off",
        sourceKey,
        questions.beginning === null ? [] : (byBeginning.get(foldCase(questions.beginning)) ?? []),
      ),
      ...questions.otherKeys.flatMap((key) => hintOf("other-key", key, holders(key, account))),
    ];
  };
}

const MOST_NAMED = 3;

/** `CORP\00123 exists: leading zeros were lost`. */
export function describeHint({ kind, key, accounts }: SourceHint): string {
  const more = accounts.length > MOST_NAMED ? ` and ${accounts.length - MOST_NAMED} more` : "";
  const named = `${accounts.slice(0, MOST_NAMED).join(", ")}${more}`;
  switch (kind) {
    case "leading-zeros":
      return `${named} ${accounts.length === 1 ? "exists" : "exist"}: leading zeros were lost`;
    case "cut-off":
      return `a longer name exists: ${named}`;
    case "other-key":
      return `it is the ${key} of ${named}: plan with --source-key ${key} if the column holds that`;
  }
}
