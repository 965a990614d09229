/** A size of machine as AWS sells it. */
interface Size {
  readonly name: string;
  readonly vcpus: number;
  readonly memoryGiB: number;
}

const SMALL: readonly Size[] = [
  { name: "nano", vcpus: 2, memoryGiB: 0.5 },
  { name: "micro", vcpus: 2, memoryGiB: 1 },
  { name: "small", vcpus: 2, memoryGiB: 2 },
];

const STEPS: readonly (readonly [name: string, vcpus: number])[] = [
  ["large", 2],
  ["xlarge", 4],
  ["2xlarge", 8],
  ["4xlarge", 16],
  ["8xlarge", 32],
  ["12xlarge", 48],
  ["16xlarge", 64],
  ["24xlarge", 96],
  ["48xlarge", 192],
];

/** GiB of memory for each vCPU of a family. */
const FAMILIES: readonly (readonly [family: string, gibPerVcpu: number])[] = [
  ["c7i", 2],
  ["m7i", 4],
  ["r7i", 8],
];

const INSTANCE_SIZES: readonly Size[] = [
  ...SMALL.map((size) => ({ ...size, name: `t3.${size.name}` })),
  ...sizesOf(FAMILIES),
];

const DATABASE_SIZES: readonly Size[] = [
  { name: "db.t3.micro", vcpus: 2, memoryGiB: 1 },
  { name: "db.t3.small", vcpus: 2, memoryGiB: 2 },
  { name: "db.t3.medium", vcpus: 2, memoryGiB: 4 },
  ...sizesOf([
    ["db.m7i", 4],
    ["db.r7i", 8],
  ]),
];

/** The EC2 instance type that has exactly these; `undefined` where none has. */
export function instanceTypeFor(vcpus: number, memoryGiB: number): string | undefined {
  return nameOf(INSTANCE_SIZES, vcpus, memoryGiB);
}

/** The RDS instance class that has exactly these; `undefined` where none has. */
export function databaseClassFor(vcpus: number, memoryGiB: number): string | undefined {
  return nameOf(DATABASE_SIZES, vcpus, memoryGiB);
}

/** What an instance type or class has; `undefined` for one that is not offered here. */
export function sizeOf(name: string | undefined): { vcpus: number; memoryGiB: number } | undefined {
  const size = [...INSTANCE_SIZES, ...DATABASE_SIZES].find((one) => one.name === name);
  return size === undefined ? undefined : { vcpus: size.vcpus, memoryGiB: size.memoryGiB };
}

function sizesOf(families: typeof FAMILIES): Size[] {
  return families.flatMap(([family, gibPerVcpu]) =>
    STEPS.map(([step, vcpus]) => ({ name: `${family}.${step}`, vcpus, memoryGiB: vcpus * gibPerVcpu })),
  );
}

function nameOf(sizes: readonly Size[], vcpus: number, memoryGiB: number): string | undefined {
  return sizes.find((size) => size.vcpus === vcpus && size.memoryGiB === memoryGiB)?.name;
}
