/**
 * Whether a whole mapping puts the right people together.
 *
 * One row that disagrees may be a marriage and a move at once; many are a column that was sorted or shifted by itself,
 * and then nothing may be written.
 *
 * What counts as agreement within a batch. Lists are sorted by name, so in a shifted column most neighbours share a
 * surname, and the accident would hide the accident. Counting a lone surname for nothing would instead accuse every
 * Bob who is Robert in AD, and weighing it by how common it is fails in a company of forty Müllers. So the rest of the
 * batch decides: a lone weak agreement (given name, surname, a login that fits the name) counts unless the account or
 * the user agrees firmly with the other side of another row, and that row does not agree firmly itself. In a shifted
 * column every row is in this case, in a clean one hardly any: Bob's own AD account is on his own row. Values that more than
 * three people hold identify nobody and count for nothing; a full name that so many bear is weak.
 *
 * A row with nothing comparable is counted apart: it is no disagreement and proves nothing either.
 */
import { type Agreement, compareProfiles } from "./identity.ts";
import { type IdentityPairs, indexKeys, type ProfiledPair, ProfiledPairs } from "./identity-index.ts";
import type { IdentityProfile } from "./identity-profile.ts";
import { findShift, type Shift } from "./identity-shift.ts";

/** A batch is blocked when more than this share of its comparable rows disagree, and at least so many. */
export const IDENTITY_LIMIT = { share: 0.02, atLeast: 5 } as const;

export type IdentityDisagreement = {
  readonly row: number;
  /** One sentence with the names concerned, not yet escaped. */
  readonly detail: string;
  /** Rows whose other side this account or user agrees with instead; ascending, often empty. */
  readonly belongsToRows: readonly number[];
};

export type BatchIdentity = {
  /** In the order of the batch. */
  readonly disagreeing: readonly IdentityDisagreement[];
  /** Rows with at least one fact on both sides. */
  readonly comparable: number;
  /** Rows with both sides found and no fact to compare, in the order of the batch. */
  readonly incomparable: readonly number[];
  /** k if the account of row i belongs to the user of row i + k, for nearly all rows that disagree; else `null`. */
  readonly shift: number | null;
  /**
   * The part of the column that is displaced; an end is `null` where nothing that agrees lies beyond it. `null` without
   * a shift.
   */
  readonly shiftedRows: { readonly first: number | null; readonly last: number | null } | null;
  /** Too many disagree: nothing of this batch may be written. */
  readonly blocked: boolean;
};

/**
 * Judges a batch. The cost grows with its length only.
 *
 * @param pairs In the order of the file, best with the rows of which one side was not found: they keep their place, so
 *   that a shift is counted in rows of the file. They are neither comparable nor incomparable.
 */
export function judgeBatch(pairs: IdentityPairs): BatchIdentity {
  const profiled = new ProfiledPairs(pairs);
  const agreements = Array.from({ length: profiled.length }, (_, place) => compareSides(profiled, place));
  const findPartners = indexPartners(profiled, agreements);
  const disagreeing = new Map<number, IdentityDisagreement>();
  for (const [place, agreement] of agreements.entries()) {
    if (!agreement?.comparable || agreement.firm) continue;
    const pair = profiled.get(place);
    if (pair === undefined) continue;
    const belongsToRows = findPartners(place).flatMap((other) => profiled.get(other)?.row ?? []);
    if (agreement.agreeing.length > 0 && belongsToRows.length === 0) continue;
    disagreeing.set(place, { row: pair.row, detail: describeRow(pair, agreement, belongsToRows), belongsToRows });
  }
  const comparable = agreements.filter((agreement) => agreement?.comparable).length;
  const shift = findShift(profiled, [...disagreeing.keys()]);
  const someFirm = agreements.some((agreement) => agreement?.firm);
  const agrees = (place: number) =>
    someFirm ? agreements[place]?.firm === true : agreements[place]?.comparable === true && !disagreeing.has(place);
  return {
    disagreeing: [...disagreeing.values()],
    comparable,
    incomparable: agreements.flatMap((agreement, place) =>
      agreement?.comparable === false ? (profiled.get(place)?.row ?? []) : [],
    ),
    shift: shift?.by ?? null,
    shiftedRows: shift === null ? null : nameShiftedRows(profiled, shift, agrees),
    blocked: disagreeing.size >= IDENTITY_LIMIT.atLeast && disagreeing.size > comparable * IDENTITY_LIMIT.share,
  };
}

const FIRM: Agreement = { agreeing: [], disagreeing: [], comparable: true, firm: true };

/** Of a row that agrees firmly, as nearly all do, nobody asks in what: one agreement stands for all of them. */
function compareSides(pairs: ProfiledPairs, place: number): Agreement | null {
  if (pairs.agreesSurely(place)) return FIRM;
  const pair = pairs.get(place);
  const [left, right] = [pair?.left, pair?.right];
  if (!left || !right) return null;
  const agreement = compareProfiles(left, right);
  return agreement.firm ? FIRM : agreement;
}

/** Finds the rows where the other side of an account or of a user stands, among rows that do not agree firmly. */
function indexPartners(
  pairs: ProfiledPairs,
  agreements: readonly (Agreement | null)[],
): (place: number) => readonly number[] {
  const keysOf = (profile: IdentityProfile | null | undefined) => profile?.firmKeys ?? [];
  // Who agrees firmly where he stands is nobody else's partner.
  const listLoose = () =>
    agreements.values().map((agreement, place) => (agreement?.firm === true ? undefined : pairs.get(place)));
  const accounts = indexKeys(
    listLoose().map((pair) => pair?.left ?? null),
    ({ firmKeys }) => firmKeys,
  );
  const users = indexKeys(
    listLoose().map((pair) => pair?.right ?? null),
    ({ firmKeys }) => firmKeys,
  );
  return (place) => {
    const found = new Set([
      ...users.find(keysOf(pairs.get(place)?.left)),
      ...accounts.find(keysOf(pairs.get(place)?.right)),
    ]);
    // The row itself is asked about because it does not agree firmly, so it is not among them.
    const firm = [...found].filter((other) => {
      const [here, there] = [pairs.get(place), pairs.get(other)];
      return isFirm(here?.left, there?.right) || isFirm(there?.left, here?.right);
    });
    return firm.sort((left, right) => left - right);
  };
}

/** A shared key says so nearly always; a name that is common, or two people with one account, does not. */
function isFirm(left: IdentityProfile | null | undefined, right: IdentityProfile | null | undefined): boolean {
  return left && right ? compareProfiles(left, right).firm : false;
}

function describeRow({ account, user }: ProfiledPair, agreement: Agreement, belongsToRows: readonly number[]): string {
  const { agreeing, disagreeing } = agreement;
  const names = `${account?.domain}\\${account?.accountName} (${account?.displayName ?? "no display name"}) and ${user?.userPrincipalName} (${user?.displayName ?? "no display name"})`;
  const extent =
    agreeing.length === 0
      ? `agree in nothing that could be compared: ${disagreeing.join(", ")}`
      : `agree in no more than ${agreeing.join(", ")}`;
  const elsewhere =
    belongsToRows.length === 0 ? "" : `; one of them agrees with row ${belongsToRows.slice(0, 3).join(" and row ")}`;
  return `${names} ${extent}${elsewhere}`;
}

/** The ends of the displaced part as rows of the file, where something that agrees lies beyond them. */
function nameShiftedRows(
  pairs: ProfiledPairs,
  { by, first, last }: Shift,
  agrees: (place: number) => boolean,
): BatchIdentity["shiftedRows"] {
  const [start, end] = [Math.min(first, first + by), Math.max(last, last + by)];
  let before = start - 1;
  while (before >= 0 && !agrees(before)) before -= 1;
  let after = end + 1;
  while (after < pairs.length && !agrees(after)) after += 1;
  return {
    first: before < 0 ? null : (pairs.get(start)?.row ?? null),
    last: after >= pairs.length ? null : (pairs.get(end)?.row ?? null),
  };
}

/**
 * The finding about the whole batch in one sentence; also for a batch that is not blocked.
 *
 * @param column The heading of the mapping's column of cloud users.
 */
export function wordMismatch(batch: BatchIdentity, column = "userPrincipalName"): string {
  const { disagreeing, comparable, shift, shiftedRows } = batch;
  const rows = comparable === 1 ? "row" : "rows";
  const verb = disagreeing.length === 1 ? "agrees" : "agree";
  const counted = `${disagreeing.length} of ${comparable} comparable ${rows} ${verb} in nothing that tells two people apart`;
  if (shift === null || shiftedRows === null) return counted;
  const distance = Math.abs(shift);
  const move = `moved ${shift > 0 ? "up" : "down"} by ${distance} ${distance === 1 ? "row" : "rows"}${describeExtent(shiftedRows)}`;
  return `${counted}; they would agree if the column ${column} were ${move}`;
}

function describeExtent({ first, last }: NonNullable<BatchIdentity["shiftedRows"]>): string {
  if (first === null) return last === null ? "" : ` down to row ${last}`;
  return last === null ? ` from row ${first} on` : ` from row ${first} to row ${last}`;
}
