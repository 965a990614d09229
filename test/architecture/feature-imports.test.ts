import { globSync, readFileSync } from "node:fs";

// The one rule of the import table that the linter cannot tell: of another feature only types are imported.
const NOT_FEATURES = ["http", "events", "aws"];
const VALUE_IMPORT = /^(?:import|export) (?!type )[^;]*?from "(?<source>\.\.\/[^"]+\/[^"]+)";/gm;
const ONLY_TYPES = /^import \{(?:\s*type [^,}]+,?)+\s*\} from/;

const files = globSync("lib/*/**/*.ts").filter((path) => !NOT_FEATURES.includes(path.split("/")[1] ?? ""));

test("features are looked at", () => {
  expect(files.length).toBeGreaterThan(0);
});

test("a feature takes types alone from another feature", () => {
  const values = files.flatMap((path) =>
    Array.from(readFileSync(path, "utf8").matchAll(VALUE_IMPORT), ([statement, source]) => ({
      path,
      statement,
      source,
    })),
  );
  expect(
    values
      .filter(({ statement }) => !ONLY_TYPES.test(statement))
      .map(({ path, source }) => `${path} <- ${source}`),
  ).toEqual([]);
});
