import { readFileSync } from "node:fs";
import { parse, type ScalarTag, type Tags } from "yaml";

const INTRINSICS = ["Ref", "GetAtt", "Sub", "Join", "Select", "Split", "If", "Equals", "ImportValue"];

/**
 * Reads a CloudFormation or Serverless YAML file; `!Ref X` comes out as `{Ref: X}` and `!Sub X` as
 * `{"Fn::Sub": X}`, the long forms that a template has. Anchors are followed, `${…}` is left as it is.
 */
export function readYaml(path: string | URL): unknown {
  return parse(readFileSync(path, "utf8"), { customTags: intrinsicTags, merge: true, maxAliasCount: -1 });
}

function intrinsicTags(tags: Tags): Tags {
  return [...tags, ...INTRINSICS.map(scalarIntrinsic)];
}

function scalarIntrinsic(name: string): ScalarTag {
  const longName = name === "Ref" ? "Ref" : `Fn::${name}`;
  return {
    tag: `!${name}`,
    resolve: (text) => ({ [longName]: name === "GetAtt" ? text.split(".") : text }),
  };
}
