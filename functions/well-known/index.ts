import { router } from "../../lib/http/router.ts";
import { handler as authzen } from "./authzen.ts";
import { handler as jwks } from "./jwks.ts";

export const handler = router([authzen, jwks]);
