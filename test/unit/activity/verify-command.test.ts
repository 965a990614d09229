import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { exportedLines, recordId, sealingJwk } from "./sealing.ts";

const folder = mkdtempSync(join(tmpdir(), "verify-"));
const script = resolve("scripts/verify.ts");

afterAll(() => rmSync(folder, { recursive: true }));

const verify = (lines: readonly string[], jwks?: object) => {
  const file = join(folder, "export.jsonl");
  writeFileSync(file, `${lines.join("\n")}\n`);
  const keyFile = join(folder, "jwks.json");
  if (jwks !== undefined) writeFileSync(keyFile, JSON.stringify(jwks));
  const args = [script, file, ...(jwks === undefined ? [] : ["--jwks", keyFile])];
  return spawnSync(process.execPath, args, { encoding: "utf8", cwd: folder });
};

test("says that all is as it was, by the key in the export, and whose key that is", () => {
  const { status, stdout, stderr } = verify(exportedLines());
  expect(stdout).toBe("OK: 40 records in 3 pages under 2 seals, 10 not sealed yet.\n");
  expect(stderr).toMatch(/Signed by key seal-1, thumbprint [A-Za-z0-9_-]{43}\./);
  expect(status).toBe(0);
});

test("names the first record that was changed, and fails", () => {
  const lines = exportedLines().map((line, at) => (at >= 7 ? line.replace('"success"', '"denied"') : line));
  const { status, stderr } = verify(lines, { keys: [sealingJwk] });
  expect(stderr).toBe(`CHANGED: Record ${recordId(7)} is not as it was exported.\n`);
  expect(status).toBe(1);
});

test("believes no other key than those given", () => {
  const { status, stderr } = verify(exportedLines(), { keys: [{ ...sealingJwk, kid: "another" }] });
  expect(stderr).toMatch(/^SIGNATURE: /);
  expect(status).toBe(1);
});
