import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { UsageError } from "./cli-io.ts";

interface DemoPerson {
  readonly email: string;
  readonly password: string;
  readonly totpSecret: string | null;
  readonly roles?: readonly string[];
}

interface Demo {
  readonly baseUrl: string;
  readonly operator: DemoPerson;
  readonly agents?: readonly DemoPerson[];
  readonly tenants: ReadonlyArray<{ readonly name: string; readonly users: readonly DemoPerson[] }>;
}

/** Somebody of a local run, and where it answers. */
export interface DemoProfile {
  readonly baseUrl: string;
  readonly person: DemoPerson;
}

/** Finds `operator`, `agent`, an e-mail, or a role of the first tenant (`owner`, `member`, `read-only`). @throws UsageError */
export async function demoProfile(file: string, profile: string): Promise<DemoProfile> {
  const demo = await readDemo(file);
  const people = demo.tenants.flatMap(({ users }) => users);
  const person =
    profile === "operator"
      ? demo.operator
      : profile === "agent"
        ? demo.agents?.[0]
        : people.find(({ email, roles = [] }) => email === profile || roles.includes(profile));
  if (person === undefined) throw new UsageError(`${file} has no ${profile}.`);
  return { baseUrl: demo.baseUrl, person };
}

async function readDemo(file: string): Promise<Demo> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Demo;
  } catch (cause) {
    throw new UsageError(`${file} cannot be read: start a local run first (npm start).`, { cause });
  }
}

const STEP_MS = 30_000;
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The code of an authenticator app (RFC 6238: SHA-1, 30 s, 6 digits). */
export function totpCode(secret: string, nowMs: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(nowMs / STEP_MS)));
  const bits = [...secret].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const mac = createHmac("sha1", key).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 0xf;
  return String((mac.readUInt32BE(offset) & 0x7f_ff_ff_ff) % 1_000_000).padStart(6, "0");
}
