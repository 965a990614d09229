import { router } from "../../lib/http/router.ts";
import { handler as evaluate } from "./evaluate.ts";
import { handler as evaluateMany } from "./evaluate-many.ts";

export const handler = router([evaluate, evaluateMany]);
