/** The paths of an OpenAPI document: templates with `{name}` segments, each with its methods in lower case. */
export type KnownPaths = { readonly [template: string]: { readonly [method: string]: unknown } };

/** The methods that a path takes, upper case and sorted; none where no template is of its form. */
export function methodsOf(paths: KnownPaths, path: string): readonly string[] {
  const methods = Object.entries(paths)
    .filter(([template]) => matchPath(template, path) !== undefined)
    .flatMap(([, operations]) => Object.keys(operations).map((method) => method.toUpperCase()));
  return [...new Set(methods)].sort();
}

/** The parameters of a path that is of a template's form, decoded; `undefined` where it is of another form. */
export function matchPath(template: string, path: string): Record<string, string> | undefined {
  const segments = path.split("/");
  const parts = template.split("/");
  if (parts.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const segment = segments[index] ?? "";
    if (part.startsWith("{") && segment !== "") parameters[part.slice(1, -1)] = decoded(segment);
    else if (part !== segment) return undefined;
  }
  return parameters;
}

/** A segment that is not well encoded stays as it is: nothing has such a name. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
