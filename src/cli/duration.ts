/** Times as they are typed on the command line: `90m`, `1h30m`, `45s`. */

const UNIT_MS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 } as const;
/** What a wait may be at most. */
const LONGEST_MS = 7 * UNIT_MS.d;

/** @returns Milliseconds; `null` for a text that is no time, for none at all, and for more than seven days. */
export function parseDuration(text: string): number | null {
  const parts = /^(?:([0-9]{1,6})d)?(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,6})s)?$/i.exec(text.trim());
  if (parts === null) return null;
  const [, days = "0", hours = "0", minutes = "0", seconds = "0"] = parts;
  const ms =
    Number(days) * UNIT_MS.d + Number(hours) * UNIT_MS.h + Number(minutes) * UNIT_MS.m + Number(seconds) * UNIT_MS.s;
  return ms > 0 && ms <= LONGEST_MS ? ms : null;
}
