import { router } from "../../lib/http/router.ts";
import { handler as approve } from "./approve.ts";
import { handler as deny } from "./deny.ts";
import { handler as endGrant } from "./end-grant.ts";
import { handler as grant } from "./grant.ts";
import { handler as guide } from "./guide.ts";
import { handler as listGrants } from "./list-grants.ts";
import { handler as listGuidance } from "./list-guidance.ts";
import { handler as listRequests } from "./list-requests.ts";
import { handler as request } from "./request.ts";
import { handler as startSession } from "./start-session.ts";

export const handler = router([
  grant,
  listGrants,
  endGrant,
  request,
  listRequests,
  approve,
  deny,
  startSession,
  guide,
  listGuidance,
]);
