import * as z from "zod";

/** A handler's answer before it is written out. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  /** Text as it is, for pages, exports and assets; then `headers` names its content type. */
  readonly text?: string;
  /** Says that `text` is base64, as the gateway wants bytes. */
  readonly isBase64?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
}

/** What an answer may carry beside its body. */
export interface ReplyOptions {
  readonly status?: number;
  /** The document's version, which becomes its `ETag`. */
  readonly version?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
}

/** Answers with a JSON document; status 200 unless said otherwise. */
export function json(body: unknown, options: ReplyOptions = {}): Reply {
  return {
    status: options.status ?? 200,
    body,
    headers: {
      ...options.headers,
      ...(options.version === undefined ? {} : { etag: etagOf(options.version) }),
    },
    ...(options.cookies === undefined ? {} : { cookies: options.cookies }),
  };
}

/** What an endpoint answers whose work goes on, and of which nothing more is to be told. */
export const AcceptedDocument = z.object({ status: z.literal("accepted") });

/** Answers 202. */
export function accepted(): Reply {
  const body: z.output<typeof AcceptedDocument> = { status: "accepted" };
  return { ...json(body), status: 202 };
}

/** Answers 204. */
export function noContent(options: Pick<ReplyOptions, "headers" | "cookies"> = {}): Reply {
  return { status: 204, ...options };
}

/** Answers with text of the given content type. */
export function text(body: string, contentType: string, options: ReplyOptions = {}): Reply {
  return {
    status: options.status ?? 200,
    text: body,
    headers: {
      ...options.headers,
      "content-type": contentType,
      ...(options.version === undefined ? {} : { etag: etagOf(options.version) }),
    },
  };
}

/** Writes a version as a strong entity tag (RFC 9110 section 8.8.3). */
function etagOf(version: number): string {
  return `"${version}"`;
}
