/**
 * Reads the CSV files that a run leaves, without the program's own reader: a check that reads with the reader of the
 * checked program finds nothing. Source: RFC 4180, with a byte order mark and a guarding apostrophe allowed.
 */

export type CsvLine = Readonly<Record<string, string>>;

/** Lines by heading. A cell that a spreadsheet would run begins with one apostrophe more; it is taken off. */
export function readCsv(text: string): CsvLine[] {
  const [columns = [], ...lines] = splitCsv(text.replace(/^\uFEFF/, ""));
  return lines.map((fields) =>
    Object.fromEntries(
      columns.map((column, index) => [column, (fields[index] ?? "").replace(/^'(?=['=+\-@\t\r\n])/, "")]),
    ),
  );
}

function splitCsv(text: string): string[][] {
  const lines: string[][] = [];
  let fields: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|$)/gy;
  for (let match = field.exec(text); match !== null && field.lastIndex <= text.length; match = field.exec(text)) {
    const [whole, quoted, plain = "", end] = match;
    if (whole === "" && fields.length === 0) break;
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    lines.push(fields);
    fields = [];
    if (end === "") break;
  }
  return lines;
}
