/** Markup that is safe to put into a page as it is. */
export interface Html {
  readonly markup: string;
}

/** What a template takes: text is escaped, markup is not, and of a list each member. */
export type HtmlValue = Html | string | number | undefined | readonly HtmlValue[];

/** Writes markup; everything put into it is escaped unless it is markup itself. `undefined` is left out. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const [first = "", ...rest] = strings;
  return { markup: first + rest.map((text, index) => markupOf(values[index]) + text).join("") };
}

/** Escapes text for element content and for attributes in double or single quotes. */
function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

function markupOf(value: HtmlValue): string {
  if (value === undefined) return "";
  if (typeof value === "string") return escapeHtml(value);
  if (typeof value === "number") return String(value);
  return "markup" in value ? value.markup : value.map(markupOf).join("");
}
