import { router } from "../../lib/http/router.ts";
import { handler as activity } from "./activity.ts";
import { handler as deleteState } from "./delete-state.ts";
import { handler as importSessions } from "./import.ts";
import { handler as list } from "./list.ts";
import { handler as listState } from "./list-state.ts";
import { handler as metrics } from "./metrics.ts";
import { handler as read } from "./read.ts";
import { handler as readState } from "./read-state.ts";
import { handler as resume } from "./resume.ts";
import { handler as revoke } from "./revoke.ts";
import { handler as revokeMany } from "./revoke-many.ts";
import { handler as writeState } from "./write-state.ts";

export const handler = router([
  list,
  read,
  revoke,
  revokeMany,
  listState,
  readState,
  writeState,
  deleteState,
  resume,
  activity,
  metrics,
  importSessions,
]);
