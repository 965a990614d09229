import * as z from "zod";
import { toActivityRecords } from "../../lib/activity/cloudtrail.ts";
import type { IngestActivity, IngestRecord, RejectedActivity } from "../../lib/activity/ingest-activity.ts";
import { stripSecrets } from "../../lib/activity/strip-secrets.ts";
import { AppError, invalidField } from "../../lib/errors.ts";
import type { CloudEventRead } from "../../lib/http/cloud-events.ts";
import { ForeignId, TimeInput } from "../../lib/http/metering-schema.ts";
import { parseWith } from "../../lib/http/parse.ts";
import { parseStrictJson } from "../../lib/http/strict-json.ts";
import { toRfc3339 } from "../../lib/time.ts";

/** The records of one call (contract section 5). */
export const RECORDS_MAX = 500;

/** The `source` of what comes as CloudTrail: its event ids are unique wherever they are sent from. */
const CLOUDTRAIL_SOURCE = "cloudtrail";
/** In characters of JSON: a row of the table holds 400 KB in all. */
const ATTRIBUTES_LENGTH_MAX = 16_384;

const Source = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$/, "must be 1 to 128 of A-Z a-z 0-9 . _ : / -");
const Text = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => text.isWellFormed(), "must not hold half of a surrogate pair");

const ActivityInput = z.strictObject({
  id: ForeignId.meta({ description: "The sender's own: with `source` it counts once" }),
  source: Source.exactOptional(),
  time: TimeInput,
  actor: z.strictObject({
    type: z.enum(["user", "key", "service", "external"]),
    id: ForeignId,
    name: Text(256).exactOptional().meta({ description: "Default: the id" }),
    onBehalfOf: ForeignId.exactOptional(),
  }),
  action: z
    .string()
    .regex(
      /^[A-Za-z][A-Za-z0-9_.-]{0,63}:[A-Za-z][A-Za-z0-9_.*-]{0,127}$/,
      "must be noun:verb, such as vm:start",
    ),
  resource: z
    .strictObject({
      type: z.string().regex(/^[A-Za-z][A-Za-z0-9_.:-]{0,63}$/, "must be the name of a kind of resource"),
      id: ForeignId,
    })
    .exactOptional(),
  outcome: z.enum(["success", "denied", "error"]),
  errorCode: Text(128).exactOptional(),
  durationMs: z.number().min(0).max(Number.MAX_SAFE_INTEGER).exactOptional(),
  ip: Text(128).default(""),
  userAgent: Text(512).default(""),
  sessionId: ForeignId.exactOptional().meta({ description: "A session of the tenant, imported ones too" }),
  taskId: z
    .string()
    .regex(/^[A-Za-z0-9._:-]{1,64}$/, "must be 1 to 64 of A-Z a-z 0-9 . _ : -")
    .exactOptional(),
  requestId: ForeignId.exactOptional(),
  attributes: z
    .record(z.string(), z.unknown())
    .refine(
      (attributes) => JSON.stringify(attributes).length <= ATTRIBUTES_LENGTH_MAX,
      `must have at most ${ATTRIBUTES_LENGTH_MAX} characters of JSON`,
    )
    .exactOptional(),
});

const ActivityBatch = z.strictObject({
  source: Source.exactOptional(),
  records: z.array(z.unknown()).max(RECORDS_MAX, `must be at most ${RECORDS_MAX} records`),
});

/** The body of `POST /v1/activity` as the OpenAPI document shows it. */
export const BATCH_SCHEMA = z.toJSONSchema(
  ActivityBatch.extend({ records: z.array(ActivityInput).max(RECORDS_MAX) }),
  {
    io: "input",
    unrepresentable: "any",
  },
);

type Batch = Pick<IngestActivity, "records" | "rejected">;

/**
 * Reads a batch of our own form. A record that is not of its form is rejected alone; secrets are taken out of the rest.
 * @param defaultSource - the sender's name where it gives none
 * @throws AppError `request.malformed`, `request.invalid` for what is no batch
 */
export function readBatch(text: string, defaultSource: string): Batch {
  const batch = parseWith(ActivityBatch, parseStrictJson(text, { numbers: "nearest" }), "");
  const records: { index: number; record: IngestRecord }[] = [];
  const rejected: RejectedActivity[] = [];
  for (const [index, sent] of batch.records.entries()) {
    const record = tryRead(sent, batch.source ?? defaultSource);
    if ("problem" in record) rejected.push({ index, code: "activity.invalid", message: record.problem });
    else records.push({ index, record });
  }
  return { records, rejected };
}

/** What the `type` of a CloudEvent that is a record begins with, before the action. */
const EVENT_TYPE_PREFIX = "activity.";

/**
 * Reads CloudEvents that are records: `type` is `activity.<noun:verb>`, `subject` the resource as `type/id`, and `data`
 * has the rest of our own form. An event that is no record is rejected alone; secrets are taken out of the rest.
 */
export function readActivityEvents(members: readonly CloudEventRead[]): Batch {
  const records: { index: number; record: IngestRecord }[] = [];
  const rejected: RejectedActivity[] = [];
  for (const [index, member] of members.entries()) {
    const record = recordIn(member);
    if ("problem" in record) rejected.push({ index, code: "activity.invalid", message: record.problem });
    else records.push({ index, record });
  }
  return { records, rejected };
}

function recordIn(member: CloudEventRead): ReturnType<typeof tryRead> {
  if ("wrong" in member) return { problem: member.wrong };
  const { id, source, type, subject, time, data } = member.document;
  if (!type.startsWith(EVENT_TYPE_PREFIX)) return { problem: `/type must be ${EVENT_TYPE_PREFIX}noun:verb` };
  if (typeof data !== "object" || data === null || Array.isArray(data))
    return { problem: "/data must be an object" };
  const slash = subject.indexOf("/");
  if (slash < 1) return { problem: "/subject must be the resource, as type/id" };
  const resource = { type: subject.slice(0, slash), id: subject.slice(slash + 1) };
  const action = type.slice(EVENT_TYPE_PREFIX.length);
  return tryRead({ ...data, id, time: toRfc3339(time), action, resource }, source);
}

/**
 * Reads a CloudTrail file.
 * @throws AppError `request.malformed`, `request.invalid` for what is no such file
 */
export function readCloudTrail(text: string): Batch {
  const file = parseStrictJson(text, { numbers: "nearest" });
  const { records, rejected } = toActivityRecords(file);
  if (records.length + rejected.length > RECORDS_MAX) {
    throw invalidField("/Records", `must be at most ${RECORDS_MAX} records`);
  }
  return {
    records: records.map(({ index, record }) => ({
      index,
      record: { ...record, source: CLOUDTRAIL_SOURCE },
    })),
    rejected,
  };
}

function tryRead(sent: unknown, defaultSource: string): IngestRecord | { readonly problem: string } {
  try {
    const { time, actor, source = defaultSource, attributes, ...rest } = parseWith(ActivityInput, sent, "");
    return {
      ...rest,
      source,
      timeMs: time,
      actor: { ...actor, name: actor.name ?? actor.id },
      ...(attributes === undefined ? {} : { attributes: stripSecrets(attributes) }),
    };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    const [first] = thrown.errors ?? [];
    return { problem: first === undefined ? thrown.message : `${first.pointer || "/"} ${first.message}` };
  }
}
