import * as z from "zod";
import { AppError } from "../errors.ts";
import { ForeignId, TimeInput } from "./metering-schema.ts";
import { parseWith } from "./parse.ts";
import type { HttpRequest } from "./request.ts";
import { parseStrictJson } from "./strict-json.ts";

const ONE = "application/cloudevents+json";
const BATCH = "application/cloudevents-batch+json";
const BINARY = "application/json";

/** The content types of bodies that are CloudEvents by themselves: one, or a batch. */
export const CLOUD_EVENT_BODY_TYPES = [ONE, BATCH] as const;

/** The content types that CloudEvents come in: one, a batch, or one whose attributes are headers. */
export const CLOUD_EVENT_MEDIA_TYPES = [...CLOUD_EVENT_BODY_TYPES, BINARY] as const;

/** Events in one batch (contract section 9). */
const BATCH_MAX = 100;

/** Bytes of a name that is part of a key: DynamoDB's sort keys take 1,024. */
const NAME_BYTES_MAX = 512;

const Batch = z.array(z.unknown()).max(BATCH_MAX);

/** Names that the specification gives a meaning; whatever else an event has is an extension. */
const ATTRIBUTES: ReadonlySet<string> = new Set([
  ...["specversion", "id", "source", "type", "subject", "time"],
  ...["datacontenttype", "dataschema", "data"],
]);

const Name = ForeignId.refine(
  (text) => new TextEncoder().encode(text).length <= NAME_BYTES_MAX,
  `must have at most ${NAME_BYTES_MAX} bytes of UTF-8`,
);

/** RFC 3986 section 4.1: only characters that a URI may have, `%` before two hexadecimal digits. */
const UriReference = z
  .string()
  .min(1)
  .max(1024)
  .regex(/^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/, "must be a URI reference (RFC 3986)");

/** A CloudEvent 1.0 (https://github.com/cloudevents/spec) of which subject and time are known; times in epoch milliseconds. */
export const CloudEvent = z
  .object({
    specversion: z.literal("1.0"),
    id: Name,
    source: UriReference,
    type: z.string().min(1).max(256),
    subject: Name,
    time: TimeInput,
    datacontenttype: z
      .string()
      .regex(/^application\/(?:[\w.+-]+\+)?json(?:\s*;.*)?$/i, "must be a JSON media type")
      .optional(),
    dataschema: z.string().min(1).max(1024).optional(),
    data: z.unknown(),
  })
  .catchall(z.union([z.string(), z.boolean(), z.int32()]))
  .superRefine((event, context) => {
    for (const name of Object.keys(event)) {
      if (ATTRIBUTES.has(name) || /^[a-z0-9]+$/.test(name)) continue;
      context.addIssue({ code: "custom", path: [name], message: "is not the name of an attribute" });
    }
  });

/** One event as it was sent, its data not read yet. */
export type CloudEventDocument = z.output<typeof CloudEvent>;

/** A member of a request: an event, or why it is none. */
export type CloudEventRead = { readonly document: CloudEventDocument } | { readonly wrong: string };

/**
 * The schema of a body for the OpenAPI document. The body itself is handed over as text, since its form goes by its
 * content type.
 */
export const CloudEventsBody = z.string().meta({
  anyOf: [
    z.toJSONSchema(CloudEvent, { io: "input" }),
    { type: "array", maxItems: BATCH_MAX, items: { type: "object" } },
    {
      type: "object",
      description: `The data alone, with the attributes in \`ce-\` headers (\`${BINARY}\`).`,
    },
  ],
});

/**
 * Reads the CloudEvents of a request: structured, batched, or binary (HTTP protocol binding 1.0 section 3). An event
 * that comes alone has to be one; of a batch, each member is told by itself.
 * @throws AppError `request.malformed`, `request.invalid`, `request.media_type` for JSON that is no event
 */
export function readCloudEvents({ headers }: HttpRequest, body: string): readonly CloudEventRead[] {
  const [mediaType = ""] = (headers["content-type"] ?? "").split(";");
  switch (mediaType.trim().toLowerCase()) {
    case ONE:
      return [{ document: parseWith(CloudEvent, withoutNulls(parseStrictJson(body)), "") }];
    case BATCH:
      return parseWith(Batch, parseStrictJson(body), "").map(readMember);
    default:
      return [
        {
          document: parseWith(CloudEvent, { ...headerAttributes(headers), data: parseStrictJson(body) }, ""),
        },
      ];
  }
}

function readMember(member: unknown): CloudEventRead {
  const result = CloudEvent.safeParse(withoutNulls(member));
  if (result.success) return { document: result.data };
  const [issue] = result.error.issues;
  return { wrong: `${issue?.path.join(".") || "The event"}: ${issue?.message ?? "is not valid"}` };
}

/** An attribute that is null is one that is not there (JSON event format section 2.2). */
function withoutNulls(event: unknown): unknown {
  if (typeof event !== "object" || event === null || Array.isArray(event)) return event;
  return Object.fromEntries(
    Object.entries(event).filter(([name, value]) => value !== null || name === "data"),
  );
}

function headerAttributes(headers: HttpRequest["headers"]): Record<string, string> {
  if (headers["ce-specversion"] === undefined) {
    throw new AppError("request.media_type", `The content type must be ${ONE} or ${BATCH}.`);
  }
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith("ce-"))
      .map(([name, value]) => [name.slice("ce-".length), decoded(value)]),
  );
}

/** Header values are percent-encoded (HTTP protocol binding section 3.1.3.2). */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch (cause) {
    throw new AppError("request.malformed", "A header of the event is not percent-encoded UTF-8.", { cause });
  }
}
