import { router } from "../../lib/http/router.ts";
import { handler as file } from "./file.ts";
import { handler as page } from "./page.ts";

export const handler = router([page, file]);
