/** What one machine of a type has. */
export interface MachineSize {
  readonly vcpus: number;
  readonly memoryGiB: number;
}

/** vCPUs by size, the same in the families m, c and r (AWS, "Amazon EC2 instance types"). */
const VCPUS: Readonly<Record<string, number>> = {
  medium: 1,
  large: 2,
  xlarge: 4,
  "2xlarge": 8,
  "4xlarge": 16,
  "8xlarge": 32,
  "12xlarge": 48,
  "16xlarge": 64,
  "24xlarge": 96,
};

const GIB_PER_VCPU: Readonly<Record<string, number>> = { c: 2, m: 4, r: 8 };

/** The burstable families t3, t3a and t4g, which have two vCPUs up to `large`. */
const BURSTABLE: Readonly<Record<string, MachineSize>> = {
  nano: { vcpus: 2, memoryGiB: 0.5 },
  micro: { vcpus: 2, memoryGiB: 1 },
  small: { vcpus: 2, memoryGiB: 2 },
  medium: { vcpus: 2, memoryGiB: 4 },
  large: { vcpus: 2, memoryGiB: 8 },
  xlarge: { vcpus: 4, memoryGiB: 16 },
  "2xlarge": { vcpus: 8, memoryGiB: 32 },
};

const OTHERS: Readonly<Record<string, MachineSize>> = {
  "t2.nano": { vcpus: 1, memoryGiB: 0.5 },
  "t2.micro": { vcpus: 1, memoryGiB: 1 },
  "t2.small": { vcpus: 1, memoryGiB: 2 },
  "t2.medium": { vcpus: 2, memoryGiB: 4 },
  "t2.large": { vcpus: 2, memoryGiB: 8 },
  "p2.xlarge": { vcpus: 4, memoryGiB: 61 },
  "p3.2xlarge": { vcpus: 8, memoryGiB: 61 },
  "g4dn.xlarge": { vcpus: 4, memoryGiB: 16 },
};

/**
 * What an EC2 instance type or an RDS instance class (`db.…`) has; `undefined` where it is not known here.
 */
export function machineSize(type: string): MachineSize | undefined {
  const [family = "", size = ""] = type.replace(/^db\./, "").split(".");
  const other = OTHERS[`${family}.${size}`];
  if (other !== undefined) return other;
  if (/^t(3|3a|4g)$/.test(family)) return BURSTABLE[size];
  const gibPerVcpu = /^[cmr][4-8][a-z]*$/.test(family) ? GIB_PER_VCPU[family.charAt(0)] : undefined;
  const vcpus = VCPUS[size];
  return gibPerVcpu === undefined || vcpus === undefined
    ? undefined
    : { vcpus, memoryGiB: vcpus * gibPerVcpu };
}
