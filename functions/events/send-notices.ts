import { addedRecord } from "../../lib/aws/activity-change.ts";
import { eventLog } from "../../lib/aws/event-log.ts";
import { noticePorts } from "../../lib/aws/notice-ports.ts";
import { type StreamDeps, streamHandler } from "../../lib/events/batch.ts";
import { type SendNoticeDeps, sendNotice } from "../../lib/session/send-notice.ts";

/** Follows the activity table: people are told by letter of what happens to their accounts. */
export const createHandler = (deps: StreamDeps & SendNoticeDeps) =>
  streamHandler(
    { name: "sendNotices", read: addedRecord, handle: (record) => sendNotice(deps, record) },
    deps,
  );

export const handler = createHandler({ ...noticePorts(), log: eventLog });
