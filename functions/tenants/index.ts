import { router } from "../../lib/http/router.ts";
import { handler as create } from "./create.ts";
import { handler as list } from "./list.ts";
import { handler as read } from "./read.ts";
import { handler as readPolicy } from "./read-policy.ts";
import { handler as replacePolicy } from "./replace-policy.ts";
import { handler as update } from "./update.ts";

export const handler = router([list, create, read, update, readPolicy, replacePolicy]);
