/** One comparison of `npm run bench`: a figure of ours beside a peer's, taken in the same run. */
export interface Row {
  /** Begins with its number in the table of targets. */
  readonly name: string;
  /** Ours, with its unit. */
  readonly figure: string;
  /** The peer's, with who that is; `null` where nobody does the same. */
  readonly peer: string | null;
  /** How many times better ours is than the peer's, or our share of theirs where the target says `of`. */
  readonly ratio: number | null;
  readonly target: string;
  /** What no implementation could be better than, and why. */
  readonly limit: string;
  readonly reached: boolean;
}

/** A module of `rows/`. */
export interface RowModule {
  readonly measure: () => Promise<readonly Row[]>;
}

/** Three digits that mean something. */
export function rounded(value: number): number {
  return value === 0 ? 0 : Number(value.toPrecision(3));
}

/** `1,234,000`: three digits that mean something, as they are read. */
export function shown(value: number): string {
  return rounded(value).toLocaleString("en", { maximumFractionDigits: 6 });
}
