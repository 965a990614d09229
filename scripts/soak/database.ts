import { once } from "node:events";
import { type DynamoDbLocal, startDynamoDbLocal } from "../local/dynamodb-local.ts";

/** A DynamoDB Local that can be taken away and given back under load. */
export interface Database {
  readonly endpoint: string;
  readonly pid: () => number;
  /** Ends the process in the middle of whatever it does. */
  kill(): Promise<void>;
  /** Starts it again on the same data. */
  restart(): Promise<void>;
  /** Has it accept connections and answer nothing. */
  hang(): void;
  resume(): void;
  end(): Promise<void>;
}

/** Starts the database and comes back when it answers. */
export async function startDatabase(options: {
  readonly port: number;
  /** Where the data outlives the process; in memory without it. */
  readonly directory?: string;
}): Promise<Database> {
  let running: DynamoDbLocal = startDynamoDbLocal(options);
  process.once("exit", () => running.process.kill("SIGKILL"));
  await running.ready;
  const kill = async () => {
    if (running.process.exitCode !== null || running.process.signalCode !== null) return;
    const ended = once(running.process, "exit");
    running.process.kill("SIGKILL");
    await ended;
  };
  return {
    endpoint: running.endpoint,
    pid: () => running.process.pid ?? 0,
    kill,
    restart: async () => {
      running = startDynamoDbLocal(options);
      await running.ready;
    },
    hang: () => void running.process.kill("SIGSTOP"),
    resume: () => void running.process.kill("SIGCONT"),
    end: kill,
  };
}
