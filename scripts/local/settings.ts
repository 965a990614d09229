import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What a local run is told by its environment (contract section 13), and where it keeps its files. */
export interface Settings {
  readonly port: number;
  readonly wsPort: number;
  /** Another DynamoDB than the one that would be started. */
  readonly dynamoDbEndpoint: string | undefined;
  readonly data: "memory" | "disk";
  /**
   * Whether a function is cut off at its time limit. The emulator keeps every call, with its answer, until its limit would
   * have passed, for up to 15 min: whoever watches memory does without.
   */
  readonly hasTimeLimits: boolean;
  readonly root: string;
  /** Kept from run to run: secrets, accounts, outbox, `demo.json`. `LOCAL_DIRECTORY` moves it out of a running stack's way. */
  readonly directory: string;
  /** This run's own, so that stacks on other ports do not meet: the log, and the bundles, which need node_modules above them. */
  readonly runDirectory: string;
}

/** A setting that cannot be; its message is the one line for the user. */
export class SettingsError extends Error {}

/** Reads `PORT`, `WS_PORT`, `DYNAMODB_ENDPOINT`, `LOCAL_DATA` and `LOCAL_DIRECTORY`. @throws SettingsError */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const port = readPort(env, "PORT", 3000);
  const wsPort = readPort(env, "WS_PORT", 3001);
  if (port === wsPort) throw new SettingsError(`PORT and WS_PORT are both ${port}: give them two ports.`);
  const data = env["LOCAL_DATA"] || "memory";
  if (data !== "memory" && data !== "disk") {
    throw new SettingsError(`LOCAL_DATA is "${data}": it can be memory or disk.`);
  }
  return {
    port,
    wsPort,
    dynamoDbEndpoint: env["DYNAMODB_ENDPOINT"] || undefined,
    data,
    hasTimeLimits: true,
    root: ROOT,
    directory: `${resolve(ROOT, env["LOCAL_DIRECTORY"] || ".local")}/`,
    runDirectory: `${ROOT}.local/${port}/`,
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
