/**
 * For a restore (docs/operations.md): prints of the packaged template what can be imported before the rest is deployed,
 * the tables, and what Serverless needs to deploy at all, its bucket. `npx sls package --stage STAGE` comes before.
 */
import { readFileSync } from "node:fs";
import type { Template } from "./check-package/stack.ts";

const TYPES: ReadonlySet<string> = new Set([
  "AWS::DynamoDB::Table",
  "AWS::S3::Bucket",
  "AWS::S3::BucketPolicy",
]);

const { Resources: resources, ...rest } = JSON.parse(
  readFileSync(".serverless/cloudformation-template-update-stack.json", "utf8"),
) as Template;
const kept = Object.entries(resources).filter(([, { Type: type }]) => TYPES.has(type));
process.stdout.write(
  `${JSON.stringify({ ...rest, Outputs: undefined, Resources: Object.fromEntries(kept) }, undefined, 1)}\n`,
);
