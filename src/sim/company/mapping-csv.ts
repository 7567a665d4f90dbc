/** The company's mapping as a CSV file: comma, LF, quotes only where needed. */
import type { Company } from "./company.ts";

export function writeMappingCsv({ columns, rows }: Company["mapping"]): string {
  return [columns, ...rows].map((fields) => `${fields.map(quoteField).join(",")}\n`).join("");
}

function quoteField(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
