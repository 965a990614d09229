import { router } from "../../lib/http/router.ts";
import { handler as openapi } from "./openapi.ts";
import { handler as page } from "./page.ts";
import { handler as style } from "./style.ts";

export const handler = router([openapi, page, style]);
