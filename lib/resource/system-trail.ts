import type { ActivityRecord, Change, ResourceRef } from "../activity/activity.ts";
import type { Trail } from "../activity/trail.ts";
import type { Origin } from "./resource.ts";

/** Begins the record of something that no request does: the provider's word, a schedule, the end of a session. */
export interface SystemTrails {
  /** `by` names the request that it goes back to; its session is on the record. */
  begin(of: {
    readonly tenantId: string;
    readonly action: string;
    readonly resource: ResourceRef;
    readonly by?: Origin;
  }): Promise<Trail>;
}

/** The same trail with a record that says it went wrong, or was refused. */
export function failedTrail(
  trail: Trail,
  errorCode: string,
  outcome: Exclude<ActivityRecord["outcome"], "success"> = "error",
): Trail {
  return { ...trail, record: () => ({ ...trail.record(), outcome, errorCode }) };
}

/** A trail for something more that a request does, with a record of its own beside the request's. */
export function sideTrail(
  trail: Trail,
  of: { readonly action: string; readonly resource: ResourceRef },
): Trail {
  let { action, resource } = of;
  let id: string | undefined;
  let changes: readonly Change[] = [];
  let attributes: Readonly<Record<string, unknown>> = {};
  return {
    ...trail,
    about: (value) => {
      resource = value;
    },
    action: (name) => {
      action = name;
    },
    changed: (value) => {
      changes = value;
    },
    note: (more) => {
      attributes = { ...attributes, ...more };
    },
    record: () => {
      const record = trail.also({
        action,
        resource,
        ...(changes.length === 0 ? {} : { changes }),
        ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
      });
      // One record, however often it is asked for.
      id ??= record.id;
      return { ...record, id };
    },
    committed: () => undefined,
  };
}

/** Where a request comes from, as its trail knows it. */
export function originOf(trail: Trail): Origin {
  const { sessionId, actor, requestId, ip, userAgent } = trail.record();
  const userId = actor.onBehalfOf ?? actor.id;
  return { ...(sessionId === undefined ? {} : { sessionId }), userId, requestId, ip, userAgent };
}
