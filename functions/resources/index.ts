import { router } from "../../lib/http/router.ts";
import { handler as addMetrics } from "./add-metrics.ts";
import { handler as attach } from "./attach.ts";
import { handler as attachVolume } from "./attach-volume.ts";
import { handler as create } from "./create.ts";
import { handler as remove } from "./delete.ts";
import { handler as detach } from "./detach.ts";
import { handler as detachVolume } from "./detach-volume.ts";
import { handler as list } from "./list.ts";
import { handler as listMetrics } from "./list-metrics.ts";
import { handler as read } from "./read.ts";
import { handler as readCost } from "./read-cost.ts";
import { handler as readScaling } from "./read-scaling.ts";
import { handler as removeScaling } from "./remove-scaling.ts";
import { handler as setScaling } from "./set-scaling.ts";
import { handler as start } from "./start.ts";
import { handler as stop } from "./stop.ts";
import { handler as update } from "./update.ts";

export const handler = router([
  create,
  list,
  read,
  update,
  remove,
  start,
  stop,
  attachVolume,
  detachVolume,
  attach,
  detach,
  setScaling,
  readCost,
  readScaling,
  removeScaling,
  addMetrics,
  listMetrics,
]);
