/** One line of the bench: what ours took, what it is compared with, and what was promised. */
export type Figure = {
  readonly case: string;
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  readonly comparison: number | null;
  /** What stands in `comparison`. */
  readonly comparedWith: string;
  /** Ours over the comparison, or the other way round where more is better: `wanted` says which. */
  readonly ratio: number | null;
  /** The promise in words; empty where nothing is promised. */
  readonly wanted: string;
  /** `null` where nothing is promised. */
  readonly met: boolean | null;
};

export type Promised = { readonly ratio: "ours/comparison" | "comparison/ours" } & (
  | { readonly atMost: number }
  | { readonly atLeast: number }
);

/** A figure beside what it is compared with. */
export function compare(
  about: Pick<Figure, "case" | "what" | "unit" | "ours" | "comparedWith"> & { readonly comparison: number },
  promised?: Promised,
): Figure {
  const { ours, comparison } = about;
  const ratio = promised?.ratio === "comparison/ours" ? comparison / ours : ours / comparison;
  const judged = promised === undefined ? { wanted: "", met: null } : judge(ratio, promised);
  return { ...about, ratio, ...judged };
}

/** A figure that is held against a limit. */
export function limit(about: Pick<Figure, "case" | "what" | "unit" | "ours">, atMost: number): Figure {
  const { ours } = about;
  return {
    ...about,
    comparison: null,
    comparedWith: "",
    ratio: null,
    wanted: `at most ${atMost}`,
    met: ours <= atMost,
  };
}

/** A figure of which nothing is promised. */
export function note(about: Pick<Figure, "case" | "what" | "unit" | "ours">): Figure {
  return { ...about, comparison: null, comparedWith: "", ratio: null, wanted: "", met: null };
}

function judge(ratio: number, promised: Promised): Pick<Figure, "wanted" | "met"> {
  return "atMost" in promised
    ? { wanted: `at most ${promised.atMost}x`, met: ratio <= promised.atMost }
    : { wanted: `at least ${promised.atLeast}x`, met: ratio >= promised.atLeast };
}

const COLUMNS = ["Case", "What", "Ours", "Comparison", "Ratio", "Wanted", "Met"] as const;

/** The figures as a Markdown table. */
export function writeFigures(figures: readonly Figure[]): string {
  return writeTable(COLUMNS, figures.map(tellFigure));
}

/** The cells of one line, in the order of the columns. */
export function tellFigure({ case: name, what, unit, ours, comparison, comparedWith, ratio, wanted, met }: Figure) {
  const compared = comparison === null ? "" : `${round(comparison)} ${unit} (${comparedWith})`;
  const verdict = met === null ? "" : met ? "yes" : "NO";
  return [name, what, `${round(ours)} ${unit}`.trim(), compared, ratio === null ? "" : round(ratio), wanted, verdict];
}

/** A Markdown table. */
export function writeTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [columns, columns.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function round(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 3;
  return value.toLocaleString("en", { maximumFractionDigits: digits });
}
