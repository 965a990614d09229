import { readdirSync } from "node:fs";
import type { Context } from "aws-lambda";
import type { HttpHandler } from "../../lib/http/endpoint.ts";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import { matchPath } from "../../lib/http/known-paths.ts";
import { readYaml } from "../../scripts/local/yaml.ts";
import type { Route, TestRequest } from "./http-event.ts";

const ROOT = new URL("../../", import.meta.url);

interface FunctionEntry {
  readonly handler: string;
  readonly events?: ReadonlyArray<{ readonly httpApi?: string }>;
}

/** What of Lambda's context a function that no gateway calls looks at. */
export type InvocationContext = Pick<Context, "getRemainingTimeInMillis">;

/** The functions as `functions/functions.yml` has them. They are loaded when they are first called. */
export interface Functions {
  /** Adds an endpoint of the test's own. */
  mount(spec: EndpointSpec, handler: HttpHandler): void;
  readonly routes: readonly Route[];
  handlerOf(route: Route): Promise<HttpHandler>;
  /** The endpoint that a request goes to. @throws where there is none at the route's function */
  specOf(route: Route, request: Pick<TestRequest, "method" | "path">): Promise<EndpointSpec | undefined>;
  /** Calls a function by its key with any event. Unless the context says so it has no time left to stay for anything. */
  invoke(functionKey: string, event: object, context?: InvocationContext): Promise<unknown>;
}

/** Reads which file serves which route. */
export function readFunctions(): Functions {
  const { functions } = readYaml(new URL("functions/functions.yml", ROOT)) as {
    readonly functions: Readonly<Record<string, FunctionEntry>>;
  };
  const routes = Object.values(functions).flatMap(routesOf);
  const mounted = new Map<string, { readonly spec: EndpointSpec; readonly handler: HttpHandler }>();
  const load = async (path: string) =>
    (await import(`../../${path}.ts`)) as Readonly<Record<string, unknown>>;
  return {
    routes,
    mount: (spec, handler) => {
      const routeKey = `${spec.method} ${spec.route}`;
      mounted.set(routeKey, { spec, handler });
      routes.push({ routeKey, module: "", handlerName: "" });
    },
    handlerOf: async ({ routeKey, module, handlerName }) =>
      mounted.get(routeKey)?.handler ?? ((await load(module))[handlerName] as HttpHandler),
    specOf: async ({ routeKey, module }, request) => {
      const own = mounted.get(routeKey);
      if (own !== undefined) return own.spec;
      const beside = await Promise.all(filesBeside(module).map(load));
      const specs = beside.flatMap(({ spec }) => (spec === undefined ? [] : [spec as EndpointSpec]));
      const [found] = specs
        .filter((spec) => isOf(spec, routeKey, request))
        .toSorted((one, other) => one.route.split("{").length - other.route.split("{").length);
      if (found !== undefined) return found;
      if (routeKey.startsWith("ANY ")) return undefined;
      throw new Error(`No file beside ${module} has the spec of ${routeKey}.`);
    },
    invoke: async (functionKey, event, context = { getRemainingTimeInMillis: () => 0 }) => {
      const [module, name] = splitHandler(functions[functionKey]?.handler ?? "");
      const handler = (await load(module))[name] as (event: object, context: object) => Promise<unknown>;
      return await handler(event, context);
    },
  };
}

/** Whether an endpoint is the one that a request on a route goes to. */
function isOf(
  { method, route }: EndpointSpec,
  routeKey: string,
  request: Pick<TestRequest, "method" | "path">,
): boolean {
  if ([`${method} ${route}`, route].includes(routeKey)) return true;
  const [path = ""] = request.path.split("?");
  return routeKey.startsWith("ANY ") && method === request.method && matchPath(route, path) !== undefined;
}

function routesOf({ handler, events = [] }: FunctionEntry): Route[] {
  const [module, handlerName] = splitHandler(handler);
  return events.flatMap(({ httpApi }) =>
    httpApi === undefined ? [] : [{ routeKey: httpApi === "*" ? "$default" : httpApi, module, handlerName }],
  );
}

function splitHandler(handler: string): readonly [module: string, name: string] {
  const dot = handler.lastIndexOf(".");
  return [handler.slice(0, dot), handler.slice(dot + 1)];
}

/** The modules of a function's folder, its own first. */
function filesBeside(module: string): readonly string[] {
  const folder = module.slice(0, module.lastIndexOf("/") + 1);
  const files = readdirSync(new URL(folder, ROOT)).filter((name) => name.endsWith(".ts"));
  return [module, ...files.map((name) => folder + name.slice(0, -".ts".length))];
}
