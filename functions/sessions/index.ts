import { router } from "../../lib/http/router.ts";
import { handler as list } from "./list.ts";
import { handler as read } from "./read.ts";
import { handler as revoke } from "./revoke.ts";
import { handler as revokeMany } from "./revoke-many.ts";

export const handler = router([list, read, revoke, revokeMany]);
