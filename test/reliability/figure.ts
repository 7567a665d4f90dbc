/** The table of figures. */

export type Figure = { readonly what: string; readonly value: number | string };

/** Figures of one kind, and in words what was found broken. */
export type Chapter = { readonly figures: readonly Figure[]; readonly reports: readonly string[] };

/** The figures as a Markdown table. */
export function writeTable(figures: readonly Figure[]): string {
  const lines = figures.map(({ what, value }) => `| ${what} | ${value.toLocaleString("en")} |`);
  return ["| What | Figure |", "|---|---|", ...lines].join("\n");
}
