/** What a soak is told on its command line. */
export interface SoakOptions {
  /** How long the load goes on. */
  readonly minutes: number;
  /** How many requests are under way at any time. */
  readonly workers: number;
  /** Whether the database goes away twice under load: killed, and then without an answer. */
  readonly outage: boolean;
  /** How long it is away each time. */
  readonly outageSeconds: number;
  readonly json: boolean;
}

/** Reads `--minutes N` (default 10), `--workers N` (8), `--outage`, `--outage-seconds N` (15), `--json`. @throws Error */
export function readOptions(args: readonly string[]): SoakOptions {
  const known = new Set(["--minutes", "--workers", "--outage-seconds", "--outage", "--json"]);
  const unknown = args.find((arg) => arg.startsWith("-") && !known.has(arg));
  if (unknown !== undefined) throw new Error(`There is no option ${unknown}: ${[...known].join(", ")}.`);
  const numberAt = (name: string, otherwise: number): number => {
    if (!args.includes(name)) return otherwise;
    const value = Number(args[args.indexOf(name) + 1]);
    if (!(value > 0)) throw new Error(`${name} takes a number above 0.`);
    return value;
  };
  return {
    minutes: numberAt("--minutes", 10),
    workers: numberAt("--workers", 8),
    outage: args.includes("--outage"),
    outageSeconds: numberAt("--outage-seconds", 15),
    json: args.includes("--json"),
  };
}
