import { javaProblem } from "./java.ts";
import { isPortFree } from "./ports.ts";
import type { Settings } from "./settings.ts";

const OLDEST_NODE = 20;

/**
 * Looks at everything that a local run needs before anything is started.
 * @returns nothing when all is there, else the one line that says what to do
 */
export async function firstProblem(settings: Settings): Promise<string | undefined> {
  return (
    nodeProblem() ??
    (settings.dynamoDbEndpoint === undefined ? await javaProblem() : undefined) ??
    (await portProblem("PORT", settings.port)) ??
    (await portProblem("WS_PORT", settings.wsPort))
  );
}

/** npm names the Node that it runs on; this script itself runs on the one that came with the packages. */
function nodeProblem(): string | undefined {
  const [, version = process.versions.node] =
    / node\/v(\S+)/.exec(process.env["npm_config_user_agent"] ?? "") ?? [];
  if (Number.parseInt(version, 10) >= OLDEST_NODE) return undefined;
  return `Node ${OLDEST_NODE} or newer is needed, and this is ${version}: install a newer one from https://nodejs.org.`;
}

async function portProblem(name: string, port: number): Promise<string | undefined> {
  if (await isPortFree(port)) return undefined;
  return `Port ${port} is taken: stop what listens there, or choose another one with ${name}=${port + 100} npm start.`;
}
