import { globSync, readFileSync } from "node:fs";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import { IDEMPOTENCY_LEASE_MS } from "../../lib/idempotency/idempotency.ts";
import { readYaml } from "../../scripts/local/yaml.ts";

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
}

interface FunctionEntry {
  readonly handler: string;
  readonly timeout?: number;
  readonly events: ReadonlyArray<Readonly<Record<string, unknown>>>;
  readonly iamRoleStatements?: readonly Statement[];
  readonly destinations?: unknown;
}

const { functions } = readYaml("functions/functions.yml") as {
  readonly functions: Readonly<Record<string, FunctionEntry>>;
};
const entries = Object.entries(functions);
const routes = entries.flatMap(([key, { handler, events }]) =>
  events.flatMap(({ httpApi }) => (typeof httpApi === "string" ? [{ key, handler, route: httpApi }] : [])),
);

describe("endpoints and routes", () => {
  test("every endpoint has its route at the function of its folder, and every route its endpoint", async () => {
    process.env["SECRETS_FILE"] ??= "none";
    const specs = await Promise.all(globSync("functions/**/*.ts").map(specOf));
    const declared = specs.flat().map(({ spec, folder }) => ({ route: routeOf(spec), folder }));
    const routed = routes.map(({ route, handler }) => ({ route, folder: folderOf(handler) }));
    const takes = (one: (typeof routed)[number], endpoint: (typeof declared)[number]) =>
      one.folder === endpoint.folder && covers(one.route, endpoint.route);
    expect(declared.filter((endpoint) => !routed.some((one) => takes(one, endpoint)))).toEqual([]);
    expect(routed.filter((one) => !declared.some((endpoint) => takes(one, endpoint)))).toEqual([]);
  });

  test("a path that a function takes as a whole is nobody else's", () => {
    const greedy = routes.filter(({ route }) => route.startsWith("ANY "));
    const inside = greedy.flatMap(({ route, key }) =>
      routes.filter((other) => other.key !== key && covers(route, other.route)).map((other) => other.route),
    );
    expect(inside).toEqual([]);
  });

  test("no route is given out twice", () => {
    const all = routes.map(({ route }) => route.replaceAll(/\{\w+\}/g, "{}"));
    expect(all.filter((route, index) => all.indexOf(route) !== index)).toEqual([]);
  });
});

describe("functions with a route", () => {
  test("are over before another request may take over the idempotency key of theirs", () => {
    const [, usual] = /^ {2}timeout: (\d+)$/m.exec(readFileSync("serverless.yml", "utf8")) ?? [];
    const seconds = routes.map(({ key }) => functions[key]?.timeout ?? Number(usual));
    expect(Math.max(...seconds)).toBe(25);
    expect(Math.max(...seconds) * 1000).toBeLessThan(IDEMPOTENCY_LEASE_MS);
  });
});

describe("each Lambda's role", () => {
  test.each(entries)("%s has statements of its own", (_key, { iamRoleStatements }) => {
    expect(iamRoleStatements).toBeInstanceOf(Array);
  });

  test.each(entries)("%s is allowed named actions on named resources", (_key, { iamRoleStatements = [] }) => {
    const wide = iamRoleStatements.filter(
      ({ Action, Resource, NotResource }) =>
        [Action].flat().some((action) => action.includes("*")) ||
        JSON.stringify(Resource ?? "").includes('"*"') ||
        // A message to a phone has no ARN (Amazon SNS, "Using identity-based policies").
        (NotResource !== undefined && Action !== "sns:Publish"),
    );
    expect(wide).toEqual([]);
  });

  test("nobody may change or delete an activity record", () => {
    const onActivity = entries.flatMap(([key, { iamRoleStatements = [] }]) =>
      iamRoleStatements
        .filter(({ Resource }) => JSON.stringify(Resource ?? "").includes("ActivityTable"))
        .flatMap(({ Action }) => [Action].flat().map((action) => ({ key, action }))),
    );
    expect(onActivity.filter(({ action }) => /Update|Delete|PartiQL|BatchWrite/.test(action))).toEqual([]);
  });
});

describe("events that are delivered more than once", () => {
  test("no function takes its own failures to the end of its retries without a dead-letter queue", () => {
    const giveUpSilently = entries.filter(
      ([, { events, destinations }]) =>
        (events.some(({ schedule }) => schedule !== undefined) && destinations === undefined) ||
        events.some(
          ({ stream }) => stream !== undefined && !JSON.stringify(stream).includes("DeadLetterQueue"),
        ),
    );
    expect(giveUpSilently.map(([key]) => key)).toEqual([]);
  });

  test("every function that has a dead-letter queue may write to it", () => {
    const unable = entries.filter(
      ([, { events, destinations, iamRoleStatements }]) =>
        JSON.stringify([events, destinations]).includes("DeadLetterQueue") &&
        !JSON.stringify(iamRoleStatements).includes("sqs:SendMessage"),
    );
    expect(unable.map(([key]) => key)).toEqual([]);
  });
});

async function specOf(file: string): Promise<Array<{ spec: EndpointSpec; folder: string }>> {
  const { spec } = (await import(`../../${file}`)) as { readonly spec?: EndpointSpec };
  return spec === undefined ? [] : [{ spec, folder: folderOf(file) }];
}

function routeOf({ method, route }: EndpointSpec): string {
  return method === "ANY" ? "*" : `${method} ${route}`;
}

/** Whether the gateway hands a route's requests over by `given`: the same, or all below a path. */
function covers(given: string, route: string): boolean {
  if (given === route) return true;
  if (!given.startsWith("ANY ")) return false;
  const [, whole = ""] = given.split(" ");
  const [, path = ""] = route.split(" ");
  return whole.endsWith("{proxy+}") ? path.startsWith(whole.slice(0, -"{proxy+}".length)) : path === whole;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
