import { router } from "../../lib/http/router.ts";
import { handler as logout } from "./logout.ts";

export const handler = router([logout]);
