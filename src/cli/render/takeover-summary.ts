/** What the takeover will change, in one line: the report has each user's values. */
import type { PropertyTotal, TakeoverTotals } from "../../core/takeover-preview.ts";
import type { Line } from "./screen.ts";
import { countOf, formatCount } from "./table.ts";

const MOST_PROPERTIES = 6;

const usersOf = ({ changed, cleared, added }: PropertyTotal): number => changed + cleared + added;

/** Nothing where nobody was compared. */
export function renderTakeover({ previewed, users, properties }: TakeoverTotals): Line[] {
  if (previewed === 0) return [];
  const compared = countOf(previewed, "user");
  if (users === 0)
    return ["", `The takeover will change nothing: AD and cloud agree in all ${compared} that were compared.`];
  const often = properties.toSorted((left, right) => usersOf(right) - usersOf(left));
  const named = often.slice(0, MOST_PROPERTIES).map((total) => {
    const cleared = total.cleared === 0 ? "" : ` (${formatCount(total.cleared)} cleared)`;
    return `${total.property} ${formatCount(usersOf(total))}${cleared}`;
  });
  const more = often.length - named.length;
  const rest = more === 0 ? "" : ` and ${countOf(more, "more property", "more properties")}`;
  return ["", `The takeover will change ${formatCount(users)} of ${compared}: ${named.join(", ")}${rest}.`];
}
