import { router } from "../../lib/http/router.ts";
import { handler as create } from "./create.ts";
import { handler as remove } from "./delete.ts";
import { handler as list } from "./list.ts";
import { handler as listDeliveries } from "./list-deliveries.ts";
import { handler as read } from "./read.ts";
import { handler as replayDelivery } from "./replay-delivery.ts";
import { handler as rotateSecret } from "./rotate-secret.ts";
import { handler as test } from "./test.ts";
import { handler as update } from "./update.ts";

export const handler = router([
  ...[list, create, read, update, remove, rotateSecret],
  ...[test, listDeliveries, replayDelivery],
]);
