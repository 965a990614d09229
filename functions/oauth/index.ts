import { router } from "../../lib/http/router.ts";
import { handler as introspect } from "./introspect.ts";
import { handler as metadata } from "./metadata.ts";
import { handler as revoke } from "./revoke.ts";
import { handler as token } from "./token.ts";

export const handler = router([token, introspect, revoke, metadata]);
