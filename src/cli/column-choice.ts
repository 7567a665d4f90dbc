/**
 * What `--columns` means: which headings of a foreign file stand for ours.
 *
 * `sAMAccountName=Logon name,userPrincipalName="Mail, primary",domain=#3`: a heading with a comma or a quote in it
 * stands in quotes, as in the file itself, and `#3` is the third column.
 */
import {
  type ColumnChoice,
  type ColumnPlace,
  foldHeading,
  MAPPING_COLUMNS,
  type MappingColumn,
  type MappingField,
} from "../core/columns.ts";
import { findNearest } from "./nearest.ts";

const FIELDS = Object.keys(MAPPING_COLUMNS) as MappingField[];
const HEADINGS = FIELDS.map((field) => MAPPING_COLUMNS[field].heading);
/**
 * A name, an equals sign, and a heading in quotes or without a comma in it. Blanks around them are cut off afterwards: no
 * two parts of the pattern may take the same letter, or a long text would be gone through again and again.
 */
const PART = /^([^=,"]+)=(?:\s*"([^"]*(?:""[^"]*)*)"\s*|([^",]*))(?:,|$)/;
const FORM = "Write sAMAccountName=<heading>,userPrincipalName=<heading>; a heading with a comma stands in quotes.";

/** @returns The choice, or a sentence that says what is wrong with the text. */
export function parseColumnChoice(text: string): ColumnChoice | string {
  const choice: Partial<Record<MappingField, ColumnPlace>> = {};
  const fieldAt = new Map<string, MappingField>();
  let rest = text;
  do {
    const [part, written = "", quoted, bare = ""] = PART.exec(rest) ?? [];
    const name = written.trim();
    if (part === undefined || name === "") return FORM;
    const field = findField(name);
    if (field === null) {
      const nearest = findNearest(name, HEADINGS);
      return `There is no column ${name}${nearest === null ? "." : `; did you mean ${nearest}?`} Known are ${HEADINGS.join(", ")}.`;
    }
    if (choice[field] !== undefined) return `${MAPPING_COLUMNS[field].heading} is named twice.`;
    const place = quoted === undefined ? readPlace(bare.trim()) : { heading: quoted.replaceAll('""', '"') };
    if (typeof place === "string") return `${MAPPING_COLUMNS[field].heading}: ${place}`;
    const key = "position" in place ? `#${place.position}` : foldHeading(place.heading);
    const other = fieldAt.get(key);
    if (other !== undefined)
      return `${MAPPING_COLUMNS[other].heading} and ${MAPPING_COLUMNS[field].heading} cannot be the same column.`;
    fieldAt.set(key, field);
    choice[field] = place;
    rest = rest.slice(part.length);
    if (rest === "" && part.trimEnd().endsWith(",")) return FORM;
  } while (rest !== "");
  return choice;
}

function findField(name: string): MappingField | null {
  const folded = foldHeading(name);
  const isNamed = ({ heading, aliases }: MappingColumn) => foldHeading(heading) === folded || aliases.includes(folded);
  return FIELDS.find((field) => isNamed(MAPPING_COLUMNS[field])) ?? null;
}

function readPlace(text: string): ColumnPlace | string {
  if (text === "") return "write the heading behind the equals sign.";
  if (!text.startsWith("#")) return { heading: text };
  if (/^#[1-9]\d{0,3}$/.test(text)) return { position: Number(text.slice(1)) };
  return `${text} is no position; #1 is the first column. A heading that begins with # stands in quotes.`;
}
