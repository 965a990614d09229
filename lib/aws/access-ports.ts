import { endOf } from "../session/session.ts";
import { decisionLog } from "./decision-log.ts";
import { platform } from "./platform.ts";
import { sessionTable } from "./session-table.ts";

/** What the functions that decide for other services need, beside what every endpoint does. */
export function accessPorts() {
  return { ...platform(), sessions: sessionTable(), decisions: decisionLog(), endOf };
}
