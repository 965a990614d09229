import { router } from "../../lib/http/router.ts";
import { handler as read } from "./read.ts";
import { handler as voidEvents } from "./void.ts";

export const handler = router([read, voidEvents]);
