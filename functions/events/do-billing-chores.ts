import { choreIn } from "../../lib/aws/billing-chore-table.ts";
import { chorePorts } from "../../lib/aws/billing-ports.ts";
import { eventLog } from "../../lib/aws/event-log.ts";
import { type DoChoreDeps, doChore } from "../../lib/billing/do-chore.ts";
import { type StreamDeps, streamHandler } from "../../lib/events/batch.ts";

/**
 * Follows the billing table: closes the months and looks at the budgets that the schedules hand out, each by itself.
 * What is given up here is handed out again by the next hour's schedule.
 */
export const createHandler = (deps: StreamDeps & DoChoreDeps) =>
  streamHandler({ name: "doBillingChores", read: choreIn, handle: (chore) => doChore(deps, chore) }, deps);

export const handler = createHandler({ ...chorePorts(), log: eventLog });
