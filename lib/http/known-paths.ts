/** The paths of an OpenAPI document: templates with `{name}` segments, each with its methods in lower case. */
export type KnownPaths = { readonly [template: string]: { readonly [method: string]: unknown } };

/** The methods that a path takes, upper case and sorted; none where no template is of its form. */
export function methodsOf(paths: KnownPaths, path: string): readonly string[] {
  const segments = path.split("/");
  const methods = Object.entries(paths)
    .filter(([template]) => matches(template.split("/"), segments))
    .flatMap(([, operations]) => Object.keys(operations).map((method) => method.toUpperCase()));
  return [...new Set(methods)].sort();
}

function matches(template: readonly string[], segments: readonly string[]): boolean {
  return (
    template.length === segments.length &&
    template.every((part, index) =>
      part.startsWith("{") ? segments[index] !== "" : part === segments[index],
    )
  );
}
