import { listAt, namesIn, ofType, type Stack } from "./stack.ts";

/** CloudFormation refuses a template that points to what is not in it. */
export function references(stack: Stack): readonly string[] {
  return Object.entries(stack.resources).flatMap(([name, resource]) =>
    [...listAt(resource, "DependsOn").map(String), ...namesIn(resource.Properties)]
      .filter((other) => !other.startsWith("AWS::") && stack.resources[other] === undefined)
      .map((other) => `${name} points to ${other}, which is not there`),
  );
}

/** A stage that is made before a route refuses the settings that it has for it. */
export function routeSettings(stack: Stack): readonly string[] {
  const routes = new Map(
    ofType(stack, "AWS::ApiGatewayV2::Route").map(([name, { Properties }]) => [Properties["RouteKey"], name]),
  );
  return ofType(stack, "AWS::ApiGatewayV2::Stage").flatMap(([name, stage]) =>
    Object.keys(Object(stage.Properties["RouteSettings"]))
      .filter((key) => !listAt(stage, "DependsOn").includes(routes.get(key)))
      .map((key) => `${name} does not wait for ${key}, which it has settings for`),
  );
}
