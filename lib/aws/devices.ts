import Bowser from "bowser";
import type { Device } from "../session/session.ts";

const UNKNOWN = "unknown";

/** Reads a device from its user agent, for people to know it by; nothing is ever decided by it. */
export function describeDevice(userAgent: string, name: string | undefined): Device {
  const parsed = userAgent === "" ? undefined : Bowser.parse(userAgent);
  return {
    browser: joined(parsed?.browser.name || firstProduct(userAgent), major(parsed?.browser.version)),
    os: joined(parsed?.os.name, parsed?.os.versionName ?? major(parsed?.os.version)),
    type: parsed?.platform.type ?? UNKNOWN,
    ...(name === undefined ? {} : { name }),
  };
}

/** Clients that are no browsers name themselves first: `curl/8.5.0`. */
function firstProduct(userAgent: string): string | undefined {
  return /^[A-Za-z][A-Za-z0-9._-]{0,40}(?=\/|$)/.exec(userAgent)?.[0];
}

function major(version: string | undefined): string | undefined {
  return version?.split(".")[0];
}

function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join(" ") || UNKNOWN;
}
