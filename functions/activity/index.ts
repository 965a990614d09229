import { router } from "../../lib/http/router.ts";
import { handler as exportLog } from "./export.ts";
import { handler as list } from "./list.ts";
import { handler as proof } from "./proof.ts";
import { handler as read } from "./read.ts";
import { handler as seals } from "./seals.ts";

export const handler = router([list, read, exportLog, proof, seals]);
