import type { Reply } from "./reply.ts";

/** The built files of the console, as they are beside the function. */
export interface ConsoleFiles {
  /** The bytes of a file in base64; `undefined` for one that is not there. */
  read(name: string): Promise<string | undefined>;
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ["js", "text/javascript; charset=utf-8"],
  ["css", "text/css; charset=utf-8"],
  ["svg", "image/svg+xml"],
]);

/** A name with the digest of its content: what is under it never changes. */
const DIGESTED = /-[A-Z0-9]{8}\.(js|css)$/;

const ONE_YEAR = "public, max-age=31536000, immutable";
const ONE_HOUR = "public, max-age=3600";

/** Answers with a file of the console in the smallest form that the browser takes; `undefined` for one that is none. */
export async function consoleFile(
  files: ConsoleFiles,
  name: string,
  acceptEncoding = "",
): Promise<Reply | undefined> {
  const type = TYPES.get(name.slice(name.lastIndexOf(".") + 1));
  if (type === undefined) return undefined;
  const [encoding, ending] = formFor(acceptEncoding);
  const bytes = await files.read(`${name}${ending}`);
  if (bytes === undefined) return undefined;
  return {
    status: 200,
    text: bytes,
    isBase64: true,
    headers: {
      "content-type": type,
      "cache-control": DIGESTED.test(name) ? ONE_YEAR : ONE_HOUR,
      vary: "accept-encoding",
      ...(encoding === undefined ? {} : { "content-encoding": encoding }),
    },
  };
}

function formFor(acceptEncoding: string): readonly [encoding: string | undefined, ending: string] {
  const taken = acceptEncoding
    .split(",")
    .filter((entry) => !/;\s*q=0(\.0*)?\s*$/.test(entry))
    .map((entry) => entry.split(";")[0]?.trim().toLowerCase());
  if (taken.includes("br")) return ["br", ".br"];
  if (taken.includes("gzip")) return ["gzip", ".gz"];
  return [undefined, ""];
}

/**
 * The policy of the console's page: its own scripts and styles and nothing else, no text that becomes a script, requests
 * to its own origin and to the live feed.
 */
export function consolePolicy(liveUrl: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    // Data: the QR code of a new factor, and the icons of the style sheet's controls.
    "img-src 'self' data:",
    `connect-src 'self' ${new URL(liveUrl).origin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}
