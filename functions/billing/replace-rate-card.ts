import { changesBetween } from "../../lib/activity/changes.ts";
import { cardTable } from "../../lib/aws/card-table.ts";
import { platform } from "../../lib/aws/platform.ts";
import { cardDocument } from "../../lib/billing/card-document.ts";
import type { CardStore } from "../../lib/billing/card-store.ts";
import { AppError } from "../../lib/errors.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { preconditionFailed } from "../../lib/http/list.ts";
import { json } from "../../lib/http/reply.ts";
import { RateCardDocument, rateCardDocument } from "./rate-card-document.ts";
import { RateCardInput } from "./rate-card-schema.ts";

/** Adds a version of the rate card. The versions before it stay, for the invoices that were rated with them. */
export const spec = {
  method: "PUT",
  route: "/v1/rate-card",
  summary: "Set prices from a time on; a new version of the rate card",
  description:
    "`effectiveFrom` is now where it is left out. It may lie in the past: months that are not final yet are rated anew. A " +
    "month is billed in one currency: a card in another one counts from the next month on.",
  tag: "Billing",
  permission: { operator: "ratecard:update" },
  body: RateCardInput,
  response: RateCardDocument,
  etag: true,
  successStatus: 200,
  errors: ["precondition.failed", "conflict"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & { readonly cards: CardStore }) =>
  endpoint(spec, deps, async ({ body, nowMs, expectedVersion, trail }) => {
    const cards = await deps.cards.all();
    const newest = cards.at(-1);
    const expected = expectedVersion();
    if (expected !== undefined && expected !== (newest?.version ?? 0)) throw preconditionFailed();
    const card = {
      ...body,
      effectiveFromAtMs: body.effectiveFromAtMs ?? nowMs,
      version: (newest?.version ?? 0) + 1,
    };
    trail.about({ type: "ratecard", id: String(card.version) });
    trail.changed(changesBetween(newest === undefined ? {} : cardDocument(newest), cardDocument(card)));
    if ((await deps.cards.add(card, trail)) === "stale") {
      if (expected !== undefined) throw preconditionFailed();
      throw new AppError(
        "conflict",
        "Somebody else has changed the rate card at the same moment: read it again.",
      );
    }
    return json(rateCardDocument(card, [...cards, card]), { version: card.version });
  });

export const handler = createHandler({ ...platform(), cards: cardTable() });
