import * as z from "zod";
import type { SealStore } from "../../lib/activity/seal-store.ts";
import { platform } from "../../lib/aws/platform.ts";
import { sealTable } from "../../lib/aws/seal-table.ts";
import { endpoint } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { HttpDeps } from "../../lib/http/http-deps.ts";
import { PageQuery, pageOf } from "../../lib/http/parse.ts";
import { distinctKeys, SealDocument, SealKeyDocument } from "../../lib/http/seal-document.ts";

/** Lists the seals over the tenant's log. */
export const spec = {
  method: "GET",
  route: "/v1/activity/seals",
  summary: "List the seals over the log, newest first",
  description:
    "A seal is over the records received before its `to` that none before it is over; its `from` is the `to` of the " +
    "one before. `keys` are the public keys that the seals of the page were signed with, retired ones too. Keep the " +
    "newest seal elsewhere now and then: it holds whoever has the signing key to all that came before it.",
  tag: "Activity",
  permission: "activity:prove",
  query: z.object(PageQuery),
  response: pageOf(SealDocument).extend({ keys: z.array(SealKeyDocument) }),
  successStatus: 200,
} as const satisfies EndpointSpec;

export const createHandler = (deps: HttpDeps & { readonly seals: Pick<SealStore, "list"> }) =>
  endpoint(spec, deps, async ({ caller, query, position, page }) => {
    const before = await position();
    const { seals, nextBeforeMs } = await deps.seals.list({
      tenantId: caller.tenantId,
      limit: query.limit,
      ...(before === undefined ? {} : { beforeMs: Number(before) }),
    });
    const reply = await page(
      seals.map(({ seal }) => seal),
      nextBeforeMs === undefined ? undefined : String(nextBeforeMs),
    );
    return { ...reply, body: { ...Object(reply.body), keys: distinctKeys(seals.map(({ jwk }) => jwk)) } };
  });

export const handler = createHandler({ ...platform(), seals: sealTable() });
