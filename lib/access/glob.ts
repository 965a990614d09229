/** A pattern in which `*` stands for any run of characters, the empty one too, taken apart once. */
export interface Glob {
  readonly text: string;
  readonly isLiteral: boolean;
  /** What comes before the first `*`; all of the text where there is none. */
  readonly prefix: string;
  /** What comes after the last `*`. */
  readonly suffix: string;
  /** What stands between two `*`, in order, without the empty runs. */
  readonly middles: readonly string[];
  /** Characters that the shortest match has. */
  readonly minLength: number;
}

/** Takes a pattern apart. Matching it never goes back, so no pattern is slow. */
export function parseGlob(text: string): Glob {
  const parts = text.split("*");
  const prefix = parts[0] ?? "";
  const isLiteral = parts.length === 1;
  const suffix = isLiteral ? "" : (parts.at(-1) ?? "");
  const middles = parts.slice(1, -1).filter((part) => part !== "");
  const minLength = parts.reduce((length, part) => length + part.length, 0);
  return { text, isLiteral, prefix, suffix, middles, minLength };
}

/** Whether the whole text is matched, letter case included. */
export function matches(glob: Glob, text: string): boolean {
  if (glob.isLiteral) return text === glob.text;
  if (text.length < glob.minLength || !text.startsWith(glob.prefix) || !text.endsWith(glob.suffix)) {
    return false;
  }
  // The earliest place for each middle leaves the most room for the next, so the first try decides.
  let from = glob.prefix.length;
  for (const middle of glob.middles) {
    const found = text.indexOf(middle, from);
    if (found < 0) return false;
    from = found + middle.length;
  }
  return from <= text.length - glob.suffix.length;
}

/**
 * Whether `outer` matches everything that `inner` can match. The `*` of `inner` is read as a character that no
 * pattern spells out: only a `*` of `outer` can take it, and what takes it takes any run in its place.
 */
export function covers(outer: Glob, inner: Glob): boolean {
  return matches(outer, inner.text);
}

/** Whether some text is matched by both. Between two `*` there is room for the middles of both, one after another. */
export function intersects(a: Glob, b: Glob): boolean {
  if (a.isLiteral) return matches(b, a.text);
  if (b.isLiteral) return matches(a, b.text);
  const prefixesAgree = a.prefix.startsWith(b.prefix) || b.prefix.startsWith(a.prefix);
  const suffixesAgree = a.suffix.endsWith(b.suffix) || b.suffix.endsWith(a.suffix);
  return prefixesAgree && suffixesAgree;
}
