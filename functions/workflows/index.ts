import { router } from "../../lib/http/router.ts";
import { handler as createApiKey } from "./create-api-key.ts";
import { handler as deleteApiKey } from "./delete-api-key.ts";
import { handler as endRun } from "./end-run.ts";
import { handler as listApiKeys } from "./list-api-keys.ts";
import { handler as readRun } from "./read-run.ts";
import { handler as readTrust } from "./read-trust.ts";
import { handler as replaceTrust } from "./replace-trust.ts";

export const handler = router([
  listApiKeys,
  createApiKey,
  deleteApiKey,
  readTrust,
  replaceTrust,
  readRun,
  endRun,
]);
