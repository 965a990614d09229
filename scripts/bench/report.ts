import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import type { Row } from "./row.ts";

const HEAD = ["measured", "ours", "beside, in the same run", "ratio", "to reach", "limit", "reached"];

/** The rows as a Markdown table, which reads well in a terminal too. */
export function table(rows: readonly Row[]): string {
  const lines = [HEAD, HEAD.map(() => "---"), ...rows.map(cells)];
  return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
}

/** `docs/benchmarks.md`, made from the rows of one run. */
export function benchmarksPage(rows: readonly Row[]): string {
  const reached = rows.filter((row) => row.reached).length;
  return `# Measured

Made by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? "CPU"}. ${reached} of
${rows.length} comparisons reach their target. Every ratio is beside a peer in the same run, the two taking turns, the median of the
repetitions: the machine may be busy, and is so for both. Run it again with \`npm run bench\`, in JSON with
\`npm run bench -- --json\`, or some of it with \`npm run bench -- permission calls\`.

${table(rows)}

## What is measured

${notes()}`;
}

function cells({ name, figure, peer, ratio, target, limit, reached }: Row): readonly string[] {
  return [
    name,
    figure,
    peer ?? "—",
    ratio === null ? "—" : `${ratio}×`,
    target,
    limit,
    reached ? "yes" : "**no**",
  ];
}

function notes(): string {
  return readFileSync(new URL("notes.md", import.meta.url), "utf8");
}
