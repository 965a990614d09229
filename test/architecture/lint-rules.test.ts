import { execFile } from "node:child_process";
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// Each fixture is a file of a layer, and says of its lines which are forbidden. The project's own biome.json
// is held against them under their real paths, in a directory of their own.
const root = process.cwd();
const project = mkdtempSync(join(tmpdir(), "lint-rules-"));
cpSync(join(root, "biome.json"), join(project, "biome.json"));
cpSync(join(root, "test/architecture/fixtures"), project, { recursive: true });
afterAll(() => rmSync(project, { recursive: true }));

interface Diagnostic {
  readonly location: { readonly path: string; readonly start: { readonly line: number } };
}

const refused = lint();

test.each(globSync("**/*.ts", { cwd: project }).sort())(
  "%s: exactly the forbidden lines are refused",
  async (path) => {
    const lines = readFileSync(join(project, path), "utf8").split("\n");
    const forbidden = lines.flatMap((line, index) => (line.endsWith("// forbidden") ? [index + 1] : []));
    const found = (await refused).filter(({ location }) => location.path === path);
    expect(
      Array.from(new Set(found.map(({ location }) => location.start.line))).sort((a, b) => a - b),
    ).toEqual(forbidden);
  },
);

function lint(): Promise<Diagnostic[]> {
  const biome = join(root, "node_modules/.bin/biome");
  const options = ["lint", ".", "--vcs-enabled=false", "--max-diagnostics=500", "--reporter=json"];
  return new Promise((resolve) => {
    // It ends with an error, as it should: the report is what counts.
    execFile(biome, options, { cwd: project }, (_error, report) => resolve(JSON.parse(report).diagnostics));
  });
}
