/**
 * HTML that is safe by construction: a template whose every value is escaped unless it is markup itself.
 *
 * Names in a report come from directories, a tenant and a mapping file, and whoever may rename an account could
 * otherwise put a script into the page that a change board opens. Characters that cannot be seen are shown as
 * `⟨U+202E⟩`: a name that turns its line around would make one user look like another.
 */

/** Text that is HTML already. Only {@link html} and {@link trustMarkup} make one. */
export type Markup = { readonly markup: string };
export type Part = string | number | null | Markup | readonly Part[];

/** Controls, format characters, separators of lines and paragraphs, halves of surrogate pairs, odd spaces. */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\u00A0\u1680\u2000-\u200A\u202F\u205F\u2800\u3000]/gu;

/** The text with everything that cannot be seen as `⟨U+200B⟩`, a line break included. */
export function showVisibly(text: string): string {
  return text.replace(
    UNSEEN,
    (character) => `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`,
  );
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeText(text: string): string {
  return showVisibly(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}

function renderPart(part: Part): string {
  if (part === null) return "";
  if (typeof part === "number") return String(part);
  if (typeof part === "string") return escapeText(part);
  return "markup" in part ? part.markup : part.map(renderPart).join("");
}

/** Template tag: strings are escaped, markup and lists of it are taken as they are, `null` is nothing. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: texts.map((text, index) => text + renderPart(parts[index] ?? null)).join("") };
}

/** Takes a text as HTML. Only for constants of this program: nothing from outside may pass here. */
export function trustMarkup(markup: string): Markup {
  return { markup };
}

/** A text of this program's own, which may have several lines and code between backticks. */
export function renderLines(text: string): Markup {
  const renderLine = (line: string) =>
    line.split("`").map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`));
  return html`${text.split("\n").map((line, index) => html`${index === 0 ? null : html`<br>`}${renderLine(line)}`)}`;
}

/** A name from outside, kept apart from the direction of the text around it. */
export function isolate(text: string): Markup {
  return html`<bdi>${text}</bdi>`;
}

/** JSON that can stand in a script element: it cannot end the element, open a comment or break a line. */
export function embedJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
