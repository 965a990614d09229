import { router } from "../../lib/http/router.ts";
import { handler as list } from "./list.ts";

export const handler = router([list]);
