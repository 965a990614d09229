/** `npm run package` ends with this: what `sls package` made is held to the limits of a stack and of this house. */
import { globSync, readFileSync } from "node:fs";

/** CloudFormation refuses a stack of more than 500; the rest is room to grow. */
const RESOURCES_MAX = 350;
/** Of one function's code, minified: a cold start reads all of it. */
const BUNDLE_BYTES_MAX = 1_000_000;

const TRACING: ReadonlySet<string> = new Set(["xray:PutTraceSegments", "xray:PutTelemetryRecords"]);

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

interface Role {
  readonly Type: string;
  readonly Properties: {
    readonly Policies?: ReadonlyArray<{
      readonly PolicyDocument: { readonly Statement: readonly Statement[] };
    }>;
  };
}

const { Resources: resources } = JSON.parse(
  readFileSync(".serverless/cloudformation-template-update-stack.json", "utf8"),
) as { readonly Resources: Readonly<Record<string, Role>> };
const bundles = globSync(".serverless/*.zip").map((path) => ({
  path,
  bytes: unpackedBytes(readFileSync(path)),
}));
const count = Object.keys(resources).length;
const largest = bundles.toSorted((a, b) => b.bytes - a.bytes)[0];

const problems = [
  ...(count > RESOURCES_MAX ? [`${count} resources: at most ${RESOURCES_MAX} are wanted`] : []),
  ...bundles
    .filter(({ bytes }) => bytes > BUNDLE_BYTES_MAX)
    .map(({ path, bytes }) => `${path} has ${bytes} bytes: at most ${BUNDLE_BYTES_MAX} are wanted`),
  ...Object.entries(resources).flatMap(([name, role]) =>
    wideStatements(role).map(({ Action }) => `${name} may ${String(Action)} on every resource`),
  ),
];

process.stdout.write(`${count} resources, largest function ${largest?.path} with ${largest?.bytes} bytes\n`);
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

function wideStatements({ Type: type, Properties: properties }: Role): Statement[] {
  if (type !== "AWS::IAM::Role") return [];
  const statements = properties.Policies?.flatMap((policy) => policy.PolicyDocument.Statement) ?? [];
  // A short message goes to a number, which is no resource: SNS takes "all but topics" for it, and no Resource.
  return statements.filter(
    ({ Action: action, Resource: resource }) =>
      JSON.stringify(resource ?? "").includes('"*"') &&
      // X-Ray's segments belong to no resource (Service Authorization Reference, AWS X-Ray).
      ![action].flat().every((one) => TRACING.has(one)),
  );
}

/** Sums the sizes in a zip's central directory (APPNOTE 4.3.12): those of the files once unpacked. */
function unpackedBytes(zip: Buffer): number {
  const end = zip.lastIndexOf("PK\u0005\u0006");
  let entry = zip.readUInt32LE(end + 16);
  let bytes = 0;
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    bytes += zip.readUInt32LE(entry + 24);
    const nameAndExtras = [28, 30, 32].map((offset) => zip.readUInt16LE(entry + offset));
    entry += nameAndExtras.reduce((sum, length) => sum + length, 46);
  }
  return bytes;
}
