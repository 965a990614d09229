import { router } from "../../lib/http/router.ts";
import { handler as jwks } from "./jwks.ts";

export const handler = router([jwks]);
