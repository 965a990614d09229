import * as z from "zod";
import { RUN_ID } from "../../lib/workflow/ci-token.ts";

/** Names a run, as its provider does. */
export const RunPath = z.object({
  runId: z.string().regex(RUN_ID, "must be 1 to 128 of A-Z a-z 0-9 . _ : -"),
});
