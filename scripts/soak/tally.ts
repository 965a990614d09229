/** One answer, or the lack of one, as the tally takes it. */
export interface Outcome {
  /** What was asked for, such as `usage ingest`. */
  readonly kind: string;
  /** 0 where there was no answer. */
  readonly status: number;
  readonly code?: string;
  readonly atMs: number;
  readonly tookMs: number;
  readonly requestId: string;
  /** Whether the asker reckoned with this. */
  readonly isExpected: boolean;
  /** What is wrong with the answer itself, such as a 503 that does not say when to come back. */
  readonly defect?: string;
}

/** A stretch of time in which the database was away on purpose, and a little after. */
export interface Away {
  readonly form: "killed" | "hanging";
  readonly fromMs: number;
  /** When it was given back; 503 is explained until `GRACE_MS` later. */
  toMs: number;
}

/** How long after the database is back a 503 may still come: what was under way has to find out. */
const GRACE_MS = 6000;

/** Everything that was answered. */
export interface Tally {
  add(outcome: Outcome): void;
  readonly outcomes: readonly Outcome[];
  readonly away: readonly Away[];
  /** From here on the database is away; call what it gives once it is back. */
  goAway(form: Away["form"]): () => void;
  /** What nobody reckoned with, the first of it. */
  unexplained(): readonly Outcome[];
}

/** An empty tally. */
export function tally(): Tally {
  const outcomes: Outcome[] = [];
  const away: Away[] = [];
  return {
    outcomes,
    away,
    add: (outcome) => void outcomes.push(outcome),
    goAway: (form) => {
      const stretch: Away = { form, fromMs: Date.now(), toMs: Number.POSITIVE_INFINITY };
      away.push(stretch);
      return () => {
        stretch.toMs = Date.now();
      };
    },
    unexplained: () => outcomes.filter((outcome) => isUnexplained(outcome, away)),
  };
}

function isUnexplained(outcome: Outcome, away: readonly Away[]): boolean {
  if (outcome.defect !== undefined) return true;
  if (outcome.status === 503) return !isInOutage(outcome, away);
  return !outcome.isExpected;
}

/** Whether the request was under way while the database was away, or just after. */
export function isInOutage(
  { atMs, tookMs }: Pick<Outcome, "atMs" | "tookMs">,
  away: readonly Away[],
): boolean {
  return away.some(({ fromMs, toMs }) => atMs + tookMs >= fromMs && atMs <= toMs + GRACE_MS);
}
