import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** The oldest Java that DynamoDB Local runs on. */
const OLDEST_JAVA = 11;

/**
 * Looks for the `java` on the PATH.
 * @returns nothing when it will do, else the one line to tell the user
 */
export async function javaProblem(): Promise<string | undefined> {
  const advice = `DynamoDB Local needs Java ${OLDEST_JAVA} or newer`;
  let report: string;
  try {
    report = (await promisify(execFile)("java", ["-version"])).stderr;
  } catch {
    return `${advice} and there is no "java" on the PATH: install a JRE (Debian: apt-get install default-jre-headless).`;
  }
  // Java 8 called itself 1.8.
  const [, major = "0"] = /version "(?:1\.)?(\d+)/.exec(report) ?? [];
  if (Number(major) >= OLDEST_JAVA) return undefined;
  return `${advice}, and the "java" on the PATH is version ${major}: install a newer JRE.`;
}
