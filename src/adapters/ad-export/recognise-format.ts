/**
 * Which program wrote an export, seen from what it begins with. The file's name says nothing: .txt, .csv and .ldf are used
 * for all of them.
 */
import { attributeNamed } from "./attributes.ts";
import { EXPORT_COMMANDS, type ExportFormat } from "./export-formats.ts";
import { quoteValue, refuseExport } from "./export-problems.ts";

export type RecognisedFormat =
  | { readonly format: Exclude<ExportFormat, "Get-ADUser"> }
  | { readonly format: "Get-ADUser"; readonly delimiter: string };

const DELIMITERS = [",", ";", "\t", "|"];
/** Comments of LDIF, PowerShell's type line and Excel's separator line. */
const ABOVE = /^(?:#|"?sep=|\s*$)/;
const LDIF_BEGINNING = /^(?:version|dn)::? ?/i;
const CSVDE_BEGINNING = /^"?DN"?(?:,|$)/i;
const RESAVED_CSVDE = /^"?DN"?[;\t|]/i;

/**
 * @param head The first piece of the file.
 * @throws {BatchError} input: it is none of the formats.
 */
export function recogniseFormat(path: string, head: string): RecognisedFormat {
  const first = head.split(/\r\n|\n|\r/).find((line) => !ABOVE.test(line)) ?? "";
  if (LDIF_BEGINNING.test(first)) return { format: "LDIF" };
  if (CSVDE_BEGINNING.test(first)) return { format: "csvde" };
  if (RESAVED_CSVDE.test(first)) {
    throw refuseExport(
      path,
      "this is an export of csvde that another program has saved again: csvde puts commas between its fields",
      `Do not open it in a spreadsheet, which changes names and numbers. Export again: ${EXPORT_COMMANDS.csvde}`,
    );
  }
  const delimiter = DELIMITERS.find((sign) =>
    first.split(sign).some((cell) => {
      const attribute = attributeNamed(cell.replace(/^"|"$/g, ""));
      return attribute === "sAMAccountName" || attribute === "objectGUID";
    }),
  );
  if (delimiter !== undefined) return { format: "Get-ADUser", delimiter };
  throw refuseExport(
    path,
    `this is no export of Active Directory that is known here: it begins with ${quoteValue(first)}`,
    "Name a file of ldifde, ldapsearch (LDIF), csvde, or Get-ADUser and Export-Csv with its header.",
  );
}
