import { afterAll, describe, expect, test } from "@jest/globals";
import { startApp } from "../../support/app.ts";

const app = await startApp();
afterAll(() => app.stop());

const tenant = await app.tenant();

describe("session state", () => {
  test("gives a value back to the letter, with its version as the entity tag", async () => {
    const me = await app.signIn(tenant.member);
    const json = '{"step": 3, "big": 12345678901234567890}';
    const put = await me.request("PUT", "/v1/sessions/current/state/wizard%2Fdraft", {
      body: json,
      headers: { "content-type": "application/json" },
    });
    expect(put.status).toBe(200);
    expect(put.headers["etag"]).toBe('"1"');
    const got = await me.request("GET", "/v1/sessions/current/state/wizard%2Fdraft");
    expect(got.text).toBe(json);
    expect(got.headers["etag"]).toBe('"1"');
    const list = await me.request("GET", "/v1/sessions/current/state");
    expect(list.body).toMatchObject({ items: [{ key: "wizard/draft", version: 1, size: 40 }] });
  });

  test("refuses a lost update, whichever of twenty writers comes first", async () => {
    const me = await app.signIn(tenant.member);
    const path = "/v1/sessions/current/state/cart";
    await me.request("PUT", path, { body: { n: 0 } });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        me.request("PUT", path, { body: { n }, headers: { "if-match": '"1"' } }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(19);
  });

  test("only creates with If-None-Match, and never gives a version twice to a key made again", async () => {
    const me = await app.signIn(tenant.member);
    const path = "/v1/sessions/current/state/once";
    const create = { body: 1, headers: { "if-none-match": "*" } };
    expect((await me.request("PUT", path, create)).status).toBe(200);
    expect((await me.request("PUT", path, create)).status).toBe(412);
    expect((await me.request("DELETE", path)).status).toBe(204);
    expect((await me.request("DELETE", path)).status).toBe(404);
    expect((await me.request("PUT", path, create)).headers["etag"]).toBe('"2"');
    const late = await me.request("PUT", path, { body: 2, headers: { "if-match": '"1"' } });
    expect(late.status).toBe(412);
  });

  test("keeps a hundred keys and no more, though two come at once", async () => {
    const me = await app.signIn(tenant.member);
    for (let from = 0; from < 99; from += 33) {
      await Promise.all(
        Array.from({ length: 33 }, (_, n) =>
          me.request("PUT", `/v1/sessions/current/state/k${from + n}`, { body: n }),
        ),
      );
    }
    const last = await Promise.all(
      ["a", "b", "c"].map((key) => me.request("PUT", `/v1/sessions/current/state/${key}`, { body: 0 })),
    );
    expect(last.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect((await me.request("PUT", "/v1/sessions/current/state/k0", { body: 1 })).status).toBe(200);
  });

  test("refuses a value over 256 KiB, and a key of other characters", async () => {
    const me = await app.signIn(tenant.member);
    const path = "/v1/sessions/current/state/big";
    const fits = await me.request("PUT", path, { body: "x".repeat(256 * 1024 - 2), headers: JSON_TYPE });
    expect(fits.status).toBe(400);
    expect((await me.request("PUT", path, { body: [`${"x".repeat(256 * 1024 - 4)}`] })).status).toBe(200);
    expect((await me.request("PUT", path, { body: [`${"x".repeat(256 * 1024 - 3)}`] })).status).toBe(413);
    expect((await me.request("PUT", "/v1/sessions/current/state/a%20b", { body: 1 })).status).toBe(400);
  });

  test("goes on where an ended session stopped, and again after a lost answer", async () => {
    const first = await app.signIn(tenant.reader);
    await first.request("PUT", "/v1/sessions/current/state/form", { body: { name: "a" } });
    await first.request("PUT", "/v1/sessions/current/state/tab", { body: 2 });
    await first.request("POST", "/v1/auth/logout");
    const second = await app.signIn(tenant.reader);
    const me = await second.request("GET", "/v1/me");
    expect(me.body).toMatchObject({
      resumable: [{ sessionId: first.sessionId, endReason: "logged_out", keys: 2 }],
    });
    await second.request("PUT", "/v1/sessions/current/state/tab", { body: 9 });
    const resume = { body: { fromSessionId: first.sessionId } };
    expect((await second.request("POST", "/v1/sessions/current/resume", resume)).body).toEqual({ keys: 1 });
    expect((await second.request("POST", "/v1/sessions/current/resume", resume)).body).toEqual({ keys: 1 });
    expect((await second.request("GET", "/v1/sessions/current/state/form")).body).toEqual({ name: "a" });
    expect((await second.request("GET", "/v1/sessions/current/state/tab")).body).toBe(9);
  });

  test("is its user's alone, and is lost 30 days after the end", async () => {
    const mine = await app.signIn(tenant.member);
    await mine.request("PUT", "/v1/sessions/current/state/secret", { body: 1 });
    const owner = await app.signIn(tenant.owner);
    const path = `/v1/sessions/${mine.sessionId}/state`;
    expect((await owner.request("GET", path)).status).toBe(404);
    expect((await owner.request("PUT", `${path}/secret`, { body: 2 })).status).toBe(404);
    await mine.request("POST", "/v1/auth/logout");
    app.clock.advance(30 * 24 * 60 * 60 * 1000);
    const again = await app.signIn(tenant.member);
    const resume = { body: { fromSessionId: mine.sessionId } };
    expect((await again.request("POST", "/v1/sessions/current/resume", resume)).status).toBe(404);
  });
});

const JSON_TYPE = { "content-type": "application/json" };
