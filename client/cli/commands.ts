import type { Schemas } from "../api.ts";
import type { Client } from "../client.ts";
import { type LiveMessage, openLiveFeed } from "../live-feed.ts";
import { ActiveSessionError } from "../problem.ts";
import { type CliIo, columns, paint, UsageError } from "./cli-io.ts";

/** What a command was told beside its own name. */
export interface CommandInput {
  readonly io: CliIo;
  readonly client: Client;
  readonly json: boolean;
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
}

/** Does what was asked, and prints it. */
export type Command = (input: CommandInput) => Promise<void>;

/** Everything that needs a session, by its name. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  whoami,
  sessions,
  tail,
  revoke,
  usage,
  invoice,
};

async function whoami({ io, client, json }: CommandInput): Promise<void> {
  const { body } = await client.call("GET /v1/me");
  const { user, tenant, roles, session } = body;
  print(io, json ? body : `${user.email} of ${tenant.name} (${roles.join(", ")}), session ${session.id}`);
}

async function sessions({ io, client, json, options }: CommandInput): Promise<void> {
  const status = options["all"] === true ? undefined : ("active" as const);
  const userId = textOf(options["user"]);
  const query = { ...(status && { status }), ...(userId && { userId }) };
  const { body } = await client.call("GET /v1/sessions", { query: { ...query, limit: 200 } });
  if (json) {
    print(io, body.items);
    return;
  }
  const lines = body.items.map((session) => [
    session.id,
    session.status === "active" ? "active" : (session.endReason ?? "ended"),
    deviceOf(session),
    session.ip,
    session.lastSeenAt,
    session.current ? "this one" : "",
  ]);
  print(io, columns(io, [["session", "state", "device", "address", "last seen", ""], ...lines]));
  if (body.nextCursor !== null) io.err("There are more: --json with the API's cursor has them.");
}

function deviceOf({ device, kind, workflow }: Schemas["Session"]): string {
  if (workflow !== undefined) return `${workflow.provider} ${workflow.runId}`;
  const named = device.name ?? [device.browser, device.os].filter(Boolean).join(", ");
  return named === "" ? kind : named;
}

async function revoke({ io, client, json, words, options }: CommandInput): Promise<void> {
  const [sessionId] = words;
  if (options["all"] === true || options["others"] === true) {
    const userId = textOf(options["user"]);
    const body = { exceptCurrent: options["others"] === true, ...(userId && { userId }) };
    const answer = await client.call("POST /v1/sessions/revoke", { body });
    print(io, json ? answer.body : `${answer.body.revoked} sessions were ended.`);
    return;
  }
  if (sessionId === undefined) throw new UsageError("Which session? Name one, or say --all or --others.");
  await client.call("DELETE /v1/sessions/{sessionId}", { path: { sessionId } });
  print(io, json ? { revoked: 1 } : `${sessionId} was ended.`);
}

async function usage({ io, client, json, options }: CommandInput): Promise<void> {
  const groupBy = groupOf(textOf(options["by"]) ?? "meter");
  const [from, to] = [textOf(options["from"]), textOf(options["to"])];
  const query = { groupBy, limit: 200, ...(from && { from }), ...(to && { to }) };
  const { body } = await client.call("GET /v1/usage", { query });
  /** By meter, a meter is a line's key already. */
  const keyed = (key: string) => (groupBy === "meter" ? [] : [key]);
  const lines = body.items.map(({ key, meter, quantity, unit, unattributed }) => [
    ...keyed(key ?? "—"),
    ...[meter, quantity, unit, Number(unattributed) === 0 ? "" : `${unattributed} in no session`],
  ]);
  const heads = [...keyed(groupBy), "meter", "quantity", "unit", ""];
  print(io, json ? body.items : columns(io, [heads, ...lines]));
}

const GROUPS = ["meter", "session", "user", "resource", "hour"] as const;

function groupOf(by: string): (typeof GROUPS)[number] {
  const group = GROUPS.find((one) => one === by);
  if (group === undefined) throw new UsageError(`--by is one of ${GROUPS.join(", ")}.`);
  return group;
}

async function invoice({ io, client, json, words, options }: CommandInput): Promise<void> {
  const [invoiceId] = words;
  const format = formatOf(textOf(options["format"]));
  if (invoiceId === undefined) {
    const { body } = await client.call("GET /v1/invoices", { query: { limit: 200 } });
    const items = typeof body === "object" && "items" in body ? body.items : [];
    const lines = items.map((one) => [
      ...[one.id, one.month, one.number ?? "draft", one.type, `${one.total} ${one.currency}`],
    ]);
    print(io, json ? items : columns(io, [["invoice", "month", "number", "type", "total"], ...lines]));
    return;
  }
  const query = format === undefined ? {} : { format };
  const { body } = await client.call("GET /v1/invoices/{invoiceId}", { path: { invoiceId }, query });
  if (body instanceof Blob) io.outBytes(new Uint8Array(await body.arrayBuffer()));
  else print(io, json || typeof body === "string" ? body : invoiceText(io, body));
}

const FORMATS = ["csv", "focus", "html", "pdf"] as const;

function formatOf(text: string | undefined): (typeof FORMATS)[number] | undefined {
  const format = FORMATS.find((one) => one === text);
  if (text !== undefined && format === undefined)
    throw new UsageError(`--format is one of ${FORMATS.join(", ")}.`);
  return format;
}

function invoiceText(io: CliIo, { lines, ...invoice }: Schemas["Invoice"]): string {
  const { number, month, currency, subtotal, tax, total } = invoice;
  const rows = lines.map(({ meter, quantity, unit, amount }) => [meter, `${quantity} ${unit}`, amount]);
  return [
    paint(io, "bold", `Invoice ${number ?? "(draft)"} for ${month}, ${currency}`),
    columns(io, [["meter", "quantity", "amount"], ...rows]),
    `subtotal ${subtotal}, tax ${tax}, ${paint(io, "bold", `total ${total}`)}`,
  ].join("\n");
}

async function tail({ io, client, json, options }: CommandInput): Promise<void> {
  const since = textOf(options["since"]);
  await new Promise<void>((resolve, reject) => {
    const feed = openLiveFeed(client, {
      ...(since && { since }),
      onMessage: (message) => print(io, json ? JSON.stringify(message) : messageText(io, message)),
      onOpen: () => io.err("Looking on. Ctrl-C ends it."),
      onGap: () => io.err("Too far back to go on from: the log has what came meanwhile."),
      onEnd: (error) => (error === undefined ? resolve() : reject(error)),
    });
    io.onFeed?.(feed);
    io.onInterrupt(() => feed.close());
  }).catch((thrown) => {
    const isOver = thrown instanceof ActiveSessionError && thrown.code === "session.ended";
    if (!isOver) throw thrown;
    io.err("The session has ended.");
  });
}

function messageText(io: CliIo, message: LiveMessage): string {
  const { type, data } = message;
  if (type === "activity") {
    const { time, actor, action, outcome } = data;
    const colour = outcome === "success" ? "green" : "red";
    return `${paint(io, "dim", time)} ${actor.name} ${action} ${paint(io, colour, outcome)}`;
  }
  const text = type === "alert" ? data.summary : type === "session" ? data.status : data.text;
  return paint(io, "yellow", `${type} ${data.id} ${text}`);
}

function textOf(option: string | boolean | undefined): string | undefined {
  return typeof option === "string" ? option : undefined;
}

function print(io: CliIo, what: unknown): void {
  io.out(typeof what === "string" ? what : JSON.stringify(what, null, 2));
}
