/**
 * How long the service asked us to wait.
 *
 * A date is measured against the answer's own Date header, never against the local clock, which may be hours off.
 * JavaScript's own date parser is far too willing (it reads "1, 30" as a day of January), so only the date form of
 * HTTP counts.
 *
 * Source: RFC 9110 10.2.3 and 5.6.7; https://learn.microsoft.com/graph/throttling (checked 2026-11)
 */

const SECONDS = /^\d{1,15}(\.\d{1,15})?$/;
const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * @param header Retry-After as sent: seconds, perhaps fractional ("2.128"), or an HTTP date; several headers
 *   arrive joined by commas, and the longest counts.
 * @param serverNow The Date header of the same answer.
 * @returns Milliseconds, rounded up; `null` if the header is missing, unreadable, negative or in the past: the
 *   caller then backs off on its own.
 */
export function retryAfterMs(header: string | null, serverNow: string | null): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (HTTP_DATE.test(text)) {
    const serverNowMs = readHttpDateMs(serverNow);
    const waitMs = Date.parse(text) - (serverNowMs ?? Number.NaN);
    return waitMs >= 0 ? waitMs : null;
  }
  const parts = text.split(",").map((part) => part.trim());
  if (!parts.every((part) => SECONDS.test(part))) return null;
  return Math.ceil(Math.max(...parts.map(Number)) * 1000);
}

/** @returns A Date header as milliseconds since the Unix epoch; `null` when it is missing or unreadable. */
export function readHttpDateMs(header: string | null): number | null {
  if (header === null || !HTTP_DATE.test(header.trim())) return null;
  const ms = Date.parse(header);
  return Number.isNaN(ms) ? null : ms;
}

/**
 * Full-jitter exponential back-off for when nobody said how long: between 1 s and 2 s, 4 s, 8 s ... 60 s.
 *
 * @param attempt Counts from 1.
 * @param fraction Chance, at least 0 and below 1.
 */
export function backoffMs(attempt: number, fraction: number): number {
  return Math.round(1000 + fraction * (longestBackoffMs(attempt) - 1000));
}

/** What {@link backoffMs} never exceeds. */
export function longestBackoffMs(attempt: number): number {
  return Math.min(60, 2 ** Math.min(attempt, 6)) * 1000;
}
