import { platform } from "../../lib/aws/platform.ts";
import { router } from "../../lib/http/router.ts";
import * as openapi from "./openapi.ts";
import * as page from "./page.ts";
import * as style from "./style.ts";

const deps = platform();

/** The reference of the API. */
export const handler = router([
  openapi.createHandler(deps),
  page.createHandler(deps),
  style.createHandler(deps),
]);
