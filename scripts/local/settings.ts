import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What a local run is told by its environment (contract section 13), and where it keeps its files. */
export interface Settings {
  readonly port: number;
  readonly wsPort: number;
  /** Another DynamoDB than the one that would be started. */
  readonly dynamoDbEndpoint: string | undefined;
  readonly data: "memory" | "disk";
  readonly root: string;
  /** Kept from run to run: secrets, accounts, outbox, `demo.json`. */
  readonly directory: string;
  /** This run's own, so that stacks on other ports do not meet: bundles and the log. */
  readonly runDirectory: string;
}

/** A setting that cannot be; its message is the one line for the user. */
export class SettingsError extends Error {}

/** @throws SettingsError */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const port = readPort(env, "PORT", 3000);
  const wsPort = readPort(env, "WS_PORT", 3001);
  if (port === wsPort) throw new SettingsError(`PORT and WS_PORT are both ${port}: give them two ports.`);
  const data = env["LOCAL_DATA"] || "memory";
  if (data !== "memory" && data !== "disk") {
    throw new SettingsError(`LOCAL_DATA is "${data}": it can be memory or disk.`);
  }
  const directory = `${ROOT}.local/`;
  return {
    port,
    wsPort,
    dynamoDbEndpoint: env["DYNAMODB_ENDPOINT"] || undefined,
    data,
    root: ROOT,
    directory,
    runDirectory: `${directory}${port}/`,
  };
}

function readPort(env: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const text = env[name] || String(otherwise);
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) {
    throw new SettingsError(`${name} is "${text}": it has to be a port from 1 to 65535.`);
  }
  return port;
}
