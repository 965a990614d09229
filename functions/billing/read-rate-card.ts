import * as z from "zod";
import { cardTable } from "../../lib/aws/card-table.ts";
import { platform } from "../../lib/aws/platform.ts";
import type { CardStore } from "../../lib/billing/card-store.ts";
import { cardInForce } from "../../lib/billing/rate-card.ts";
import { notFound } from "../../lib/errors.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { json } from "../../lib/http/reply.ts";
import { RateCardDocument, rateCardDocument } from "./rate-card-document.ts";

/** Shows the rate card that is in force now, or one of its versions. */
export const spec = {
  method: "GET",
  route: "/v1/rate-card",
  summary: "The rate card in force, or one version of it",
  description:
    "The `ETag` is the newest version: a `PUT` with `If-Match` follows the one that its writer has seen.",
  tag: "Billing",
  permission: "ratecard:read",
  query: z.object({
    version: z
      .string()
      .regex(/^[1-9][0-9]{0,8}$/, "must be a whole number from 1")
      .transform(Number)
      .optional()
      .meta({ type: "integer", minimum: 1, pattern: undefined }),
  }),
  response: RateCardDocument,
  etag: true,
  successStatus: 200,
  errors: ["not_found"],
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & { readonly cards: Pick<CardStore, "all"> }) =>
  endpoint(spec, deps, async ({ query, nowMs }) => {
    const cards = await deps.cards.all();
    const card =
      query.version === undefined
        ? (cardInForce(cards, nowMs) ?? cards.at(-1))
        : cards.find(({ version }) => version === query.version);
    if (card === undefined) throw notFound();
    return json(rateCardDocument(card, cards), { version: cards.at(-1)?.version ?? 0 });
  });

export const handler = createHandler({ ...platform(), cards: cardTable() });
