import { DuckDBInstance } from "@duckdb/node-api";
import { usageFile } from "./roll-up-of.ts";

const THREADS = "2";

/** DuckDB over the same file, with two threads and exact decimals. */
export async function prepare(): Promise<() => Promise<readonly string[]>> {
  const instance = await DuckDBInstance.create(":memory:", { threads: THREADS });
  const connection = await instance.connect();
  return async () => {
    const result = await connection.runAndReadAll(`
      SELECT session || ',' || meter || ',' || CAST(CAST(sum(value) * 1000000 AS HUGEINT) AS VARCHAR)
      FROM read_csv('${usageFile()}', header = false, quote = '', escape = '', columns = {
        'time': 'VARCHAR', 'source': 'VARCHAR', 'id': 'VARCHAR', 'resource': 'VARCHAR',
        'session': 'VARCHAR', 'meter': 'VARCHAR', 'value': 'DECIMAL(18, 6)'})
      GROUP BY session, meter`);
    return result.getRows().map(([row]) => String(row));
  };
}
