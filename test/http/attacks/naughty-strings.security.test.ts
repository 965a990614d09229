// Guarantees: whatever text is put into whatever field is refused, or kept and given back as it came; none is a failure of
// ours (attack row I04). The texts are the Big List of Naughty Strings.
import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "@jest/globals";
import type * as z from "zod";
import { findOperations } from "../../../scripts/openapi/find-operations.ts";
import { startApp } from "../../support/app.ts";

const app = await startApp();
afterAll(() => app.stop());

const TEXTS: readonly string[] = JSON.parse(
  readFileSync(new URL("../../data/blns.json", import.meta.url), "utf8"),
);
const tenant = await app.tenant();
const owner = await app.signIn(tenant.owner);

/** Names are kept in NFC, and labels without the space around them; everything else as it came. */
const isKept = (sent: string, kept: unknown) =>
  kept === sent || kept === sent.normalize("NFC") || kept === sent.trim();

/** Where each costs a request of its own, half of them go one way and half the other. */
const everySecond = (from: 0 | 1) => TEXTS.filter((_, place) => place % 2 === from);

test("I04 every field of every body that takes a text takes it as it came, or not at all", async () => {
  const operations = await findOperations();
  const fields = operations.flatMap(({ id, spec }) =>
    "body" in spec && spec.body !== undefined
      ? textFields(spec.body).map((field) => [id, field] as const)
      : [],
  );
  expect(fields.length).toBeGreaterThan(100);
  const changed = fields.flatMap(([id, field]) =>
    TEXTS.flatMap((text) => {
      const { success, data } = field.safeParse(text);
      return success && typeof data === "string" && !isKept(text, data) ? [[id, text, data]] : [];
    }),
  );
  expect(changed).toEqual([]);
});

describe("I04 all of them come back byte for byte", () => {
  test.each([
    ["values", JSON.stringify(TEXTS)],
    ["names", JSON.stringify(Object.fromEntries(TEXTS.map((text, place) => [text, place])))],
  ])("from the state of a session, as %s", async (what, body) => {
    const path = `/v1/sessions/current/state/${what}`;
    expect((await owner.request("PUT", path, { body })).status).toBe(200);
    expect((await owner.request("GET", path)).text).toBe(body);
  });

  test("from the log, wherever a record of another service has a text", async () => {
    const records = TEXTS.map((text, place) => ({
      id: `r-${place}`,
      time: "2026-03-02T08:30:00Z",
      actor: { type: "external", id: `a-${place}`, name: text.slice(0, 256) },
      action: "note:add",
      outcome: "success",
      userAgent: text,
      ip: text.slice(0, 128),
      attributes: { text, [text]: place },
    }));
    for (const batch of [records.slice(0, 300), records.slice(300)]) {
      const sent = await owner.request("POST", "/v1/activity", { body: { records: batch } });
      expect(sent.body).toEqual({ accepted: batch.length, duplicates: 0, rejected: [] });
    }
    const found: unknown[] = [];
    for (let next = ""; ; ) {
      const page = await owner.request("GET", `/v1/activity?source=ingest&limit=200${next}`);
      found.push(...page.body.items);
      if (page.body.nextCursor === null) break;
      next = `&cursor=${page.body.nextCursor}`;
    }
    const byId = new Map(found.map((one) => [Object(one).origin.id, one]));
    for (const { id, actor, userAgent, ip, attributes } of records) {
      expect(byId.get(id)).toMatchObject({ actor, userAgent, ip, attributes: { text: attributes.text } });
    }
  });

  test("from the tags of things, as values and as names, where they are short enough", async () => {
    for (let from = 0; from < TEXTS.length; from += 25) {
      const texts = TEXTS.slice(from, from + 25);
      const tags = Object.fromEntries([
        ...texts.filter((text) => text.length <= 256).map((text, place) => [`value-${place}`, text]),
        ...texts.filter((text) => text !== "" && text.length <= 128).map((text) => [text, "x"]),
      ]);
      const body = { type: "volume", name: "disk", spec: { sizeGiB: 1 }, tags };
      const made = await owner.request("POST", "/v1/resources", { body });
      expect([made.status, made.body.tags]).toEqual([202, tags]);
      expect((await owner.request("GET", `/v1/resources/${made.body.id}`)).body.tags).toEqual(tags);
    }
  });
});

test("I04 as a name or a description each is kept or refused", async () => {
  const spec = { sizeGiB: 1 };
  const { id } = (await owner.request("POST", "/v1/resources", { body: { type: "volume", name: "d", spec } }))
    .body;
  await owner.request("POST", "/v1/roles", { body: { name: "note", statements: [] } });
  const fields = [
    ["PATCH", `/v1/users/${tenant.reader.userId}`, "name", (text: string) => ({ name: text })],
    ["PATCH", `/v1/resources/${id}`, "name", (text: string) => ({ name: text })],
    ["PUT", "/v1/roles/note", "description", (text: string) => ({ description: text, statements: [] })],
    ["PATCH", `/v1/users/${tenant.reader.userId}`, "email", (text: string) => ({ email: text })],
  ] as const;
  let kept = 0;
  for (const [place, text] of everySecond(0).entries()) {
    const [method, path, member, body] = fields[place % fields.length] ?? fields[0];
    const answer = await owner.request(method, path, { body: body(text) });
    expect([200, 400]).toContain(answer.status);
    if (answer.status === 400) continue;
    kept += 1;
    expect([text, isKept(text, answer.body[member])]).toEqual([text, true]);
    if (place % 5 === 0) {
      expect((await owner.request("GET", path)).body[member]).toBe(answer.body[member]);
    }
  }
  expect(kept).toBeGreaterThan(100);
});

test("I04 in a path, a query or a header none is a failure of ours", async () => {
  const ask: readonly ((text: string) => Parameters<typeof owner.request>)[] = [
    (text) => ["GET", `/v1/sessions/${text === "" ? "x" : encodeURIComponent(text)}`],
    (text) => ["GET", `/v1/roles/${text === "" ? "x" : encodeURIComponent(text)}`],
    (text) => ["GET", `/v1/activity?limit=1&action=${encodeURIComponent(text)}`],
    (text) => ["GET", `/v1/activity?limit=1&userId=${encodeURIComponent(text)}`],
    (text) => ["GET", `/v1/activity?limit=1&resource=note/${encodeURIComponent(text)}`],
    (text) => ["GET", `/v1/sessions?limit=1&cursor=${encodeURIComponent(text)}`],
    (text) => ["GET", "/v1/me", { headers: { "x-task-id": text, "user-agent": text, traceparent: text } }],
    (text) => ["POST", "/v1/roles/note", { headers: { "idempotency-key": text, "if-match": text } }],
  ];
  for (const [place, text] of everySecond(1).entries()) {
    const answer = await owner.request(...(ask[place % ask.length]?.(text) ?? ["GET", "/v1/me"]));
    expect([text, answer.status < 500]).toEqual([text, true]);
  }
});

/** The schemas in a body that a text can go into, wherever they stand. */
function textFields(schema: z.core.$ZodType, seen: Set<unknown> = new Set()): readonly z.ZodType[] {
  if (seen.has(schema)) return [];
  seen.add(schema);
  const { type, ...rest } = schema._zod.def;
  const inside = Object.values(rest).flatMap((part) => schemasIn(part));
  const own = type === "string" || type === "pipe" ? [schema as z.ZodType] : [];
  return [...own, ...inside.flatMap((part) => textFields(part, seen))];
}

function schemasIn(value: unknown): readonly z.core.$ZodType[] {
  if (typeof value !== "object" || value === null) return [];
  if ("_zod" in value) return [value as z.core.$ZodType];
  return Object.values(value).filter((part) => Object(part)._zod !== undefined);
}
