import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { EndpointSpec } from "../../lib/http/endpoint-spec.ts";
import type { Operation } from "../../lib/http/openapi.ts";

const FUNCTIONS = fileURLToPath(new URL("../../functions/", import.meta.url));

/** Every endpoint under `functions/`: the files that export a `spec`. The catch-all has no place in a document. */
export async function findOperations(): Promise<Operation[]> {
  // Some files make their adapters when they are loaded; none of them is used here.
  process.env["SECRETS_FILE"] ??= "none";
  const files = globSync("**/*.ts", { cwd: FUNCTIONS }).sort();
  const found = await Promise.all(
    files.map(async (file) => {
      const { spec } = (await import(`${FUNCTIONS}${file}`)) as { readonly spec?: EndpointSpec };
      return spec === undefined || spec.method === "ANY" ? [] : [{ id: operationId(file), spec }];
    }),
  );
  return found.flat();
}

/** `sessions/list.ts` becomes `sessionsList`, `health/index.ts` `health`: as stable as the file's name. */
function operationId(file: string): string {
  return file
    .replace(/(\/index)?\.ts$/, "")
    .replace(/[/.-]+(\w)/g, (_match, first: string) => first.toUpperCase());
}
