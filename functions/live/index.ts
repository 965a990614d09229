import { router } from "../../lib/http/router.ts";
import { handler as ticket } from "./ticket.ts";

export const handler = router([ticket]);
