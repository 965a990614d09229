import { router } from "../../lib/http/router.ts";
import { handler as acknowledge } from "./acknowledge.ts";
import { handler as close } from "./close.ts";
import { handler as list } from "./list.ts";
import { handler as read } from "./read.ts";
import { handler as readRules } from "./read-rules.ts";
import { handler as replaceRules } from "./replace-rules.ts";

export const handler = router([list, read, acknowledge, close, readRules, replaceRules]);
