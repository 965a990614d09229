import type { Trail } from "../activity/trail.ts";
import { invalidField } from "../errors.ts";
import type { EpochMs } from "../time.ts";
import { EVENT_TYPES, type EventType } from "./event.ts";

/** `webhook` is JSON signed by Standard Webhooks, `set` a Security Event Token (RFC 8417) pushed by RFC 8935. */
export const WEBHOOK_FORMATS = ["webhook", "set"] as const;

/** One of them. */
export type WebhookFormat = (typeof WEBHOOK_FORMATS)[number];

/** Why nothing is sent to an endpoint: somebody said so, it failed for days, or it answered 410. */
export type DisabledReason = "by_user" | "failing" | "gone";

/** A secret that messages were signed with before, and still are until then. */
export interface PreviousSecret {
  readonly sealedSecret: string;
  readonly untilMs: EpochMs;
}

/** An endpoint of a tenant's that is told of events. */
export interface Webhook {
  readonly tenantId: string;
  /** `whk_…` */
  readonly webhookId: string;
  readonly url: string;
  readonly format: WebhookFormat;
  /** May be none: then it is told what alert rules name it for, and no more. */
  readonly eventTypes: readonly EventType[];
  readonly description: string;
  /** `aud` of its tokens; of a `set` alone. */
  readonly audience?: string;
  readonly disabled?: DisabledReason;
  /** Since when every try has failed; absent after one that did not. */
  readonly failingSinceMs?: EpochMs;
  readonly createdAtMs: EpochMs;
  /** `whsec_…`, sealed for `webhook-secret` with the endpoint as context. */
  readonly sealedSecret: string;
  readonly previousSecret?: PreviousSecret;
  /** Counts up from 1. */
  readonly version: number;
}

/** Which endpoint. */
export type WebhookKey = Pick<Webhook, "tenantId" | "webhookId">;

/** Endpoints that a tenant can have. */
export const WEBHOOKS_MAX = 20;

/** How long every try must have failed until an endpoint is disabled: longer than one message is tried. */
export const FAILING_MAX_MS: EpochMs = 5 * 86_400_000;

/** The endpoints of every tenant. */
export interface WebhookStore {
  /** All of a tenant's, oldest first. */
  all(tenantId: string): Promise<readonly Webhook[]>;
  get(key: WebhookKey): Promise<Webhook | undefined>;
  /** `limit` for one too many, `exists` for an id that is there. */
  add(webhook: Webhook, trail: Trail): Promise<"done" | "limit" | "exists">;
  /** `moved` where it has changed since `before` was read. */
  replace(before: Webhook, after: Webhook, trail: Trail): Promise<"done" | "moved">;
  remove(webhook: Webhook, trail: Trail): Promise<"done" | "moved">;
  /** Remembers a failed try; answers since when there have been no others. */
  noteFailure(key: WebhookKey, atMs: EpochMs): Promise<EpochMs>;
  noteSuccess(key: WebhookKey): Promise<void>;
}

/** Makes secrets, and keeps them where nobody can read them. */
export interface WebhookSecrets {
  /** `whsec_…`, random. */
  create(): string;
  seal(secret: string, key: WebhookKey): Promise<string>;
  /** @throws Error for what was sealed for another endpoint */
  open(sealed: string, key: WebhookKey): Promise<string>;
}

/** What an endpoint is told where it does not say what it wants. */
export function defaultEventTypes(format: WebhookFormat): readonly EventType[] {
  return format === "set" ? ["session.ended"] : EVENT_TYPES;
}

/** Holds an endpoint's wishes to its format. @throws AppError `request.invalid` */
export function checkWishes({ format, eventTypes, audience }: Omit<Partial<Webhook>, "version">): void {
  if (format === "set" && (eventTypes?.length !== 1 || eventTypes[0] !== "session.ended")) {
    throw invalidField("/eventTypes", "of a set can be session.ended alone");
  }
  if (format !== "set" && audience !== undefined) {
    throw invalidField("/audience", "is for the format set alone");
  }
}

/** An endpoint as its record shows it: no secret, and no query, which may hold one. */
export function recordedWebhook({ url, format, eventTypes, description, audience, disabled }: Webhook) {
  const [address] = url.split("?");
  return {
    ...{ url: address, format, eventTypes, description },
    ...(audience === undefined ? {} : { audience }),
    enabled: disabled === undefined,
  };
}
