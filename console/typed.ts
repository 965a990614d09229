/** The words of a text that was typed as a list: by line, space or comma. */
export function listOf(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

/** The JSON that was typed; the API judges what it says. @throws Error with `failure` where it is none */
export function jsonOf<T = unknown>(text: string, failure: string): T {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(failure);
  }
}
