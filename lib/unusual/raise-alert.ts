import type { Trail } from "../activity/trail.ts";
import { AppError } from "../errors.ts";
import type { SystemTrails } from "../resource/system-trail.ts";
import { type Alert, addsTo, addToAlert, openAlert } from "./alert.ts";
import type { AlertGroup, AlertStore, VersionedAlert } from "./alert-store.ts";
import type { Finding } from "./detect.ts";

/** What raising alerts needs. */
export interface RaiseAlertDeps {
  readonly alerts: Pick<AlertStore, "ofGroup" | "saveGroup">;
  readonly systemTrails: SystemTrails;
  readonly newId: (prefix: "alr") => string;
}

/** Others who add to the same alert at the same time. */
const ATTEMPTS = 10;

/** What is written together has to fit into one transaction. */
const FINDINGS_A_WRITE = 20;

/**
 * Puts findings of one group into alerts: each into the one that is open within an hour of it, or else into a new one,
 * whose opening goes on record. Doing it again changes nothing.
 * @returns the alert that each finding is in, in their order
 * @throws AppError `unavailable`
 */
export async function raiseAlert(
  deps: RaiseAlertDeps,
  findings: readonly Finding[],
): Promise<readonly Alert[]> {
  const raised: Alert[] = [];
  for (let from = 0; from < findings.length; from += FINDINGS_A_WRITE) {
    raised.push(...(await raiseSome(deps, findings.slice(from, from + FINDINGS_A_WRITE))));
  }
  return raised;
}

async function raiseSome(deps: RaiseAlertDeps, findings: readonly Finding[]): Promise<readonly Alert[]> {
  const [first] = findings;
  if (first === undefined) return [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = await deps.alerts.ofGroup(first.tenantId, first.group);
    const { alerts, raised } = added(deps, before, findings);
    const changed = alerts.filter((one) => !before.alerts.includes(one));
    if (changed.length === 0) return raised;
    const opened = await Promise.all(
      changed.filter(({ version }) => version === 0).map(({ alert }) => openingOf(deps, alert)),
    );
    if (await deps.alerts.saveGroup(before, { alerts, opened })) return raised;
  }
  throw new AppError("unavailable", "The alert is being added to by too many at once.");
}

function added(
  { newId }: Pick<RaiseAlertDeps, "newId">,
  before: AlertGroup,
  findings: readonly Finding[],
): { readonly alerts: readonly VersionedAlert[]; readonly raised: readonly Alert[] } {
  const alerts = [...before.alerts];
  const places = findings.map((finding) => {
    const place = alerts.findIndex(({ alert }) => addsTo(alert, finding));
    const known = alerts[place];
    if (known === undefined) return alerts.push({ alert: openAlert(newId("alr"), finding), version: 0 }) - 1;
    const alert = addToAlert(known.alert, finding);
    if (JSON.stringify(alert) !== JSON.stringify(known.alert)) alerts[place] = { ...known, alert };
    return place;
  });
  return {
    alerts,
    raised: places.flatMap((place) => alerts[place]?.alert ?? []),
  };
}

async function openingOf({ systemTrails }: RaiseAlertDeps, alert: Alert): Promise<Trail> {
  const { tenantId, id, rule, severity, summary } = alert;
  const trail = await systemTrails.begin({
    tenantId,
    action: "alert:open",
    resource: { type: "alert", id },
  });
  trail.note({ rule, severity, summary });
  return trail;
}
