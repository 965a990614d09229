import type { ActivityRecord } from "../../lib/activity/activity.ts";
import { derivedId } from "../../lib/aws/ids.ts";
import { randomNumbers } from "../random-numbers.ts";
import type { Counted } from "./action.ts";
import type { Subject } from "./collections.ts";
import type { Load } from "./load.ts";

/** All ids of a run are of this time: what a key is spread by is their chance. */
const NOW_MS = Date.UTC(2026, 10, 24, 12);
const METERS = ["cpu", "memory", "storage"];

/** Tenants, sessions and resources that are drawn by their weight; nobody is kept but how large the tenants are. */
export interface Population {
  /** Draws who acts next. */
  readonly draw: (of: Counted) => Subject;
  /** The subject as the one that an event of usage is of. */
  readonly withEvent: (subject: Subject) => Subject;
  /** The subject as the one that a record is of: the ids of the one who was counted give way to theirs. */
  readonly withRecord: (subject: Subject, record: ActivityRecord, of: Counted) => Subject;
  readonly tenantId: (rank: number) => string;
}

/** Makes the population of a load: the same draws in the same order for the same seed. */
export function population(load: Load): Population {
  const random = randomNumbers(load.seed);
  const upTo = cumulativeShares(load);
  const tenantIds: string[] = [];
  let count = 0;
  const tenantId = (rank: number): string => {
    tenantIds[rank] ??= derivedId("ten", NOW_MS, `${load.seed}/tenant/${rank}`);
    return tenantIds[rank];
  };
  const placeIn = (many: number, busiest: number): number =>
    random() < busiest ? 0 : Math.floor(random() * Math.max(1, many));

  return {
    tenantId,
    draw: (of) => {
      const rank = rankAt(upTo, random());
      const size = (upTo[rank] ?? 1) - (upTo[rank - 1] ?? 0);
      const session = placeIn(size * load.activeSessions, load.busiestSessionShare);
      const resource = placeIn(size * load.meteredResources, load.busiestResourceShare);
      const [sessionId, userId] = (["ses", "usr"] as const).map((prefix) =>
        derivedId(prefix, NOW_MS, `${rank}/${session}`),
      );
      const ids = { tenantId: tenantId(rank), sessionId: sessionId ?? "", userId: userId ?? "" };
      return {
        ...ids,
        email: `${ids.userId}@example.com`,
        ip: `${rank}/${session}`,
        resourceId: derivedId("res", NOW_MS, `${rank}/${resource}`),
        session: { ...of.session, ...ids },
      };
    },
    withEvent: (subject) => {
      const meter = METERS[Math.floor(random() * METERS.length)] ?? "";
      const { tenantId, resourceId } = subject;
      const event = { tenantId, resourceId, meter, source: "/agent", id: String(count++) };
      return { ...subject, event: { ...event, kind: "gauge", atMs: NOW_MS, value: 1n } };
    },
    withRecord: (subject, record, of) => {
      const id = derivedId("act", NOW_MS, `${load.seed}/${count++}`);
      const text = JSON.stringify({ ...record, id })
        .replaceAll(of.session.tenantId, subject.tenantId)
        .replaceAll(of.session.sessionId, subject.session.sessionId)
        .replaceAll(of.session.userId, subject.userId)
        .replaceAll(of.resourceId, subject.resourceId);
      return { ...subject, record: JSON.parse(text) };
    },
  };
}

/** Which part of all sessions is of the tenants up to each rank. */
function cumulativeShares({ tenants, hotTenantShare, zipfExponent }: Load): Float64Array {
  const weights = Float64Array.from({ length: tenants }, (_, rank) =>
    rank === 0 ? 0 : rank ** -zipfExponent,
  );
  const others = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  return weights.map((weight, rank) => {
    sum += rank === 0 ? hotTenantShare : ((1 - hotTenantShare) * weight) / others;
    return sum;
  });
}

function rankAt(upTo: Float64Array, part: number): number {
  let [low, high] = [0, upTo.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((upTo[middle] ?? 1) <= part) low = middle + 1;
    else high = middle;
  }
  return low;
}
