import { existsSync, readFileSync } from "node:fs";

// The table of attacks in docs/security.md says the truth: every row is there, and each test that it names bears its id.

/** How many rows there are of each kind. */
const ROWS = { J: 20, R: 7, T: 12, L: 11, S: 10, A: 14, I: 19, U: 6, G: 4, W: 3, D: 1 };

const IDS = Object.entries(ROWS).flatMap(([kind, count]) =>
  Array.from({ length: count }, (_, place) => `${kind}${String(place + 1).padStart(2, "0")}`),
);

/** `| J01 | what is tried | `file`, `file` | clauses |` */
const ROW = /^\| ([A-Z]\d\d) \| [^|]+ \| (`[^|]+`) \| ([^|]+) \|$/gm;
const table = Array.from(
  readFileSync("docs/security.md", "utf8").matchAll(ROW),
  ([, id = "", files = "", clauses = ""]) => ({ id, files: files.split(", "), clauses: clauses.split(", ") }),
);

/** The ids that names of tests in a file begin with: `"T01 …"`, `"J06 J07 …"`, `"A11: …"`. */
function idsIn(file: string): ReadonlySet<string> {
  const path = `test/${file.replaceAll("`", "")}.test.ts`;
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const names = text.matchAll(/["'`]((?:[A-Z]\d\d\b[: ]*)+)/g);
  return new Set(Array.from(names, ([, ids = ""]) => ids.split(/[: ]+/)).flat());
}

test("every attack has its row, once and in order", () => {
  expect(table.map(({ id }) => id)).toEqual(IDS);
});

test("every file that a row names has a test of that name", () => {
  const missing = table.flatMap(({ id, files }) =>
    files.filter((file) => !idsIn(file).has(id)).map((file) => `${id} in ${file}`),
  );
  expect(missing).toEqual([]);
});

test("every row says the clause or the chapter that it is about", () => {
  const clause = /^(v5\.0\.0-\d{1,2}\.\d{1,2}\.\d{1,2}|V\d{1,2})$/;
  expect(table.flatMap(({ clauses }) => clauses).filter((one) => !clause.test(one))).toEqual([]);
});
