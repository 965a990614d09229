import { router } from "../../lib/http/router.ts";
import { handler as list } from "./list.ts";
import { handler as read } from "./read.ts";

export const handler = router([list, read]);
