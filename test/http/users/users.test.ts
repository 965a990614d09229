import { afterAll, describe, expect, test } from "@jest/globals";
import { startApp } from "../../support/app.ts";
import { injectFaults } from "../../support/faults.ts";
import { tokenOf } from "../../support/oauth-client.ts";
import { messagesTo } from "../../support/outbox.ts";

const app = await startApp({ env: { POWERTOOLS_LOG_LEVEL: "SILENT" } });
const { dynamoClient } = await import("../../../lib/aws/dynamo-client.ts");
afterAll(() => app.stop());

const PASSWORD = "an owl reads the morning paper";

/** Addresses are unique in the whole deployment, and so in this file. */
let people = 0;
const address = () => `person-${people++}@northwind.example`;

describe("a new user", () => {
  test("signs in with the password that was given, and has the roles that were given", async () => {
    const { owner, id } = await app.tenant();
    const me = await app.signIn(owner);
    const email = address();
    const made = await me.request("POST", "/v1/users", {
      body: { email, name: "Ada", password: PASSWORD, roles: ["member", "billing"] },
    });
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      id: expect.stringMatching(/^usr_[0-9a-z]{26}$/),
      tenantId: id,
      email,
      name: "Ada",
      roles: ["member", "billing"],
      disabled: false,
      status: "active",
      factorTypes: [],
      createdAt: "2026-03-02T09:00:00.000Z",
      updatedAt: "2026-03-02T09:00:00.000Z",
    });
    expect(made.headers["etag"]).toBe('"1"');
    const login = await app.request("POST", "/v1/auth/login", { body: { email, password: PASSWORD } });
    expect(login.body.session.roles).toEqual(["member", "billing"]);
  });

  test("is invited by mail where no password was given, and is named after the address", async () => {
    const me = await app.signIn((await app.tenant()).owner);
    const email = address();
    const made = await me.request("POST", "/v1/users", { body: { email, roles: ["member"] } });
    expect(made.body).toMatchObject({ status: "invited", name: email.split("@")[0] });
    const [letter] = messagesTo(email);
    expect(letter).toMatchObject({
      time: "2026-03-02T09:00:00.000Z",
      channel: "mail",
      to: email,
      data: { token: expect.stringMatching(/^[\w-]{60,}$/) },
    });
    expect(letter?.text).toContain(letter?.data.token);
  });

  test("has a normalised address, which nobody else can have in any tenant", async () => {
    const [mine, theirs] = [
      await app.signIn((await app.tenant()).owner),
      await app.signIn((await app.tenant()).owner),
    ];
    const email = address();
    const made = await mine.request("POST", "/v1/users", {
      body: { email: email.toUpperCase(), password: PASSWORD, roles: [] },
    });
    expect(made.body.email).toBe(email);
    const again = await theirs.request("POST", "/v1/users", { body: { email, roles: [] } });
    expect(again.status).toBe(409);
    expect(again.body.code).toBe("conflict");
    expect(messagesTo(email)).toEqual([]);
  });

  test("is made once, however often a request with the same key comes", async () => {
    const me = await app.signIn((await app.tenant()).owner);
    const email = address();
    const ask = () =>
      me.request("POST", "/v1/users", {
        body: { email, roles: ["member"] },
        headers: { "idempotency-key": "make-ada" },
      });
    const [first, second] = [await ask(), await ask()];
    expect(second.body).toEqual(first.body);
    expect(second.headers["idempotent-replayed"]).toBe("true");
    expect(messagesTo(email)).toHaveLength(1);
  });

  test.each([
    ["an address with a look-alike letter", { email: "\u212aim@northwind.example" }, "/email"],
    ["no address", { email: "ada" }, "/email"],
    ["a role that does not exist", { roles: ["member", "captain"] }, "/roles/1"],
    ["a role twice", { roles: ["member", "member"] }, "/roles"],
    ["a short password", { password: "four-teen-char" }, "/password"],
    ["a common password", { password: "qwertyuiop123456" }, "/password"],
    ["a password with the own address in it", { password: "northwind.example" }, "/password"],
    ["a name of two lines", { name: "Ada\nSubject: hello" }, "/name"],
    ["a name that turns round what follows", { name: "Ada\u202egnp" }, "/name"],
  ])("is refused with %s, and the place is named", async (_what, wrong, pointer) => {
    const me = await app.signIn((await app.tenant()).owner);
    const refused = await me.request("POST", "/v1/users", {
      body: { email: address(), name: "Ada", password: PASSWORD, roles: ["member"], ...wrong },
    });
    expect(refused.status).toBe(400);
    expect(refused.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
  });

  test("may have a password of 8 characters where the tenant demands a second factor", async () => {
    const me = await app.signIn((await app.tenant({ policy: { mfa: "required" } })).owner);
    const made = await me.request("POST", "/v1/users", {
      body: { email: address(), password: "Gq7#wKz2", roles: ["member"] },
    });
    expect(made.status).toBe(201);
  });
});

describe("the users of a tenant", () => {
  test("are listed newest first, page by page", async () => {
    const tenant = await app.tenant();
    const me = await app.signIn(tenant.owner);
    app.clock.advance(1000);
    const latest = await tenant.addUser(["auditor"]);
    const first = await me.request("GET", "/v1/users?limit=2");
    const next = encodeURIComponent(first.body.nextCursor);
    const second = await me.request("GET", `/v1/users?limit=2&cursor=${next}`);
    const listed = [...first.body.items, ...second.body.items].map((user: { id: string }) => user.id);
    const { owner, member, reader } = tenant;
    expect(listed[0]).toBe(latest.userId);
    expect(listed.toSorted()).toEqual([latest.userId, reader.userId, member.userId, owner.userId].toSorted());
    expect(second.body.nextCursor).toBeNull();
  });

  test("read themselves, and others only with a role for it", async () => {
    const { owner, member, reader } = await app.tenant();
    const [me, viewer] = [await app.signIn(member), await app.signIn(reader)];
    expect((await me.request("GET", `/v1/users/${member.userId}`)).body.email).toBe(member.email);
    expect((await me.request("GET", `/v1/users/${owner.userId}`)).status).toBe(404);
    expect((await me.request("GET", "/v1/users")).status).toBe(403);
    expect((await viewer.request("GET", `/v1/users/${owner.userId}`)).body.email).toBe(owner.email);
    expect((await viewer.request("PATCH", `/v1/users/${owner.userId}`, { body: {} })).status).toBe(403);
  });
});

describe("a change of a user", () => {
  test("moves the version on, and is refused for one that is not the present any more", async () => {
    const { owner, member } = await app.tenant();
    const me = await app.signIn(owner);
    const path = `/v1/users/${member.userId}`;
    const changed = await me.request("PATCH", path, {
      body: { name: "Grace" },
      headers: { "if-match": '"1"' },
    });
    expect(changed.body.name).toBe("Grace");
    expect(changed.headers["etag"]).toBe('"2"');
    for (const method of ["PATCH", "DELETE"]) {
      const late = await me.request(method, path, {
        ...(method === "PATCH" ? { body: { name: "Alan" } } : {}),
        headers: { "if-match": '"1"' },
      });
      expect(late.body.code).toBe("precondition.failed");
    }
    expect((await me.request("GET", path)).body.name).toBe("Grace");
  });

  test("is on record with what it was before and after", async () => {
    const { id, owner, member } = await app.tenant();
    const me = await app.signIn(owner);
    const changed = await me.request("PATCH", `/v1/users/${member.userId}`, {
      body: { roles: ["member", "billing"] },
    });
    expect(await app.records(id, changed)).toMatchObject([
      {
        action: "user:update",
        outcome: "success",
        resource: { type: "user", id: member.userId },
        changes: [{ path: "/roles", from: ["member"], to: ["member", "billing"] }],
      },
    ]);
  });

  test("of roles counts from the very next request", async () => {
    const { owner, member } = await app.tenant();
    const [me, them] = [await app.signIn(owner), await app.signIn(member)];
    const patch = (roles: readonly string[]) =>
      me.request("PATCH", `/v1/users/${member.userId}`, { body: { roles } });
    expect((await them.request("GET", "/v1/users")).status).toBe(403);
    await patch(["read-only"]);
    expect((await them.request("GET", "/v1/users")).status).toBe(200);
    await patch([]);
    expect((await them.request("GET", "/v1/users")).status).toBe(403);
  });

  test("of the address lets nobody in with the old one, frees it, and tells its owner there", async () => {
    const { owner, member } = await app.tenant();
    const me = await app.signIn(owner);
    const email = address();
    const login = (by: string) =>
      app.request("POST", "/v1/auth/login", { body: { email: by, password: member.password } });
    await me.request("PATCH", `/v1/users/${member.userId}`, { body: { email } });
    expect((await login(email)).status).toBe(200);
    expect((await login(member.email)).status).toBe(401);
    expect(messagesTo(member.email)).toHaveLength(1);
    const taken = await me.request("POST", "/v1/users", {
      body: { email: member.email, password: PASSWORD, roles: [] },
    });
    expect(taken.status).toBe(201);
  });

  test("of an address to one that is taken is refused, and changes nothing", async () => {
    const { owner, member, reader } = await app.tenant();
    const me = await app.signIn(owner);
    const path = `/v1/users/${member.userId}`;
    const refused = await me.request("PATCH", path, { body: { email: reader.email, name: "Eve" } });
    expect(refused.status).toBe(409);
    expect((await me.request("GET", path)).body).toMatchObject({ email: member.email });
  });
});

describe("disabling a user", () => {
  test("ends all sessions at once, each with its record, and keeps the user out until enabled", async () => {
    const { id, owner, member } = await app.tenant();
    const me = await app.signIn(owner);
    const theirs = [await app.signIn(member), await app.signIn(member)];
    const path = `/v1/users/${member.userId}`;
    const disabled = await me.request("PATCH", path, { body: { disabled: true } });
    expect(disabled.body.disabled).toBe(true);
    for (const session of theirs) {
      const refused = await session.request("GET", "/v1/me");
      expect(refused.body).toMatchObject({ code: "session.ended", reason: "user_disabled" });
    }
    const ends = (await app.records(id)).filter(({ action }) => action === "session:end");
    expect(ends.map(({ attributes }) => attributes?.["reason"])).toEqual(["user_disabled", "user_disabled"]);
    const login = { body: { email: member.email, password: member.password } };
    expect((await app.request("POST", "/v1/auth/login", login)).status).toBe(401);
    await me.request("PATCH", path, { body: { disabled: false } });
    expect((await app.request("POST", "/v1/auth/login", login)).status).toBe(200);
    expect((await theirs[0]?.request("GET", "/v1/me"))?.status).toBe(401);
  });

  test("ends what was left when it was interrupted, once it is repeated", async () => {
    const { id, owner, member } = await app.tenant();
    const me = await app.signIn(owner);
    const path = `/v1/users/${member.userId}`;
    for (const calls of [3, 4, 5, 6, 7]) {
      await me.request("PATCH", path, { body: { disabled: false } });
      const { sessionId } = await app.signIn(member);
      let made = 0;
      const heal = injectFaults(dynamoClient(), () => (++made > calls ? "killed" : "none"));
      await me.request("PATCH", path, { body: { disabled: true } });
      heal();
      await me.request("PATCH", path, { body: { disabled: true } });
      const records = await app.records(id);
      const ends = records.filter(
        ({ action, resource }) => action === "session:end" && resource?.id === sessionId,
      );
      expect(ends).toHaveLength(1);
    }
  });
});

describe("a removed user", () => {
  test("is refused at once, is not found any more, and the address is free", async () => {
    const { owner, member } = await app.tenant();
    const [me, them] = [await app.signIn(owner), await app.signIn(member)];
    const path = `/v1/users/${member.userId}`;
    expect((await me.request("DELETE", path)).status).toBe(204);
    expect((await them.request("GET", "/v1/me")).status).toBe(401);
    expect((await me.request("GET", path)).status).toBe(404);
    expect((await me.request("DELETE", path)).status).toBe(404);
    const again = await me.request("POST", "/v1/users", {
      body: { email: member.email, password: PASSWORD, roles: ["member"] },
    });
    expect(again.status).toBe(201);
    expect(again.body.id).not.toBe(member.userId);
  });

  test("has no session left, once a removal that was interrupted is repeated", async () => {
    const tenant = await app.tenant();
    const me = await app.signIn(tenant.owner);
    for (const calls of [3, 4, 5, 6, 7, 8, 9]) {
      const user = await tenant.addUser(["member"]);
      const { sessionId } = await app.signIn(user);
      let made = 0;
      const heal = injectFaults(dynamoClient(), () => (++made > calls ? "killed" : "none"));
      await me.request("DELETE", `/v1/users/${user.userId}`);
      heal();
      await me.request("DELETE", `/v1/users/${user.userId}`);
      const ends = (await app.records(tenant.id)).filter(
        ({ action, resource }) => action === "session:end" && resource?.id === sessionId,
      );
      expect(ends.map(({ attributes }) => attributes?.["reason"])).toEqual(["user_disabled"]);
    }
  });

  test("keeps the sessions of a key, which are not for whoever may remove users", async () => {
    const { owner } = await app.tenant();
    const me = await app.signIn(owner);
    const key = (await me.request("POST", "/v1/api-keys", { body: { name: "ci", roles: ["read-only"] } }))
      .body;
    const { access_token: token } = (await tokenOf(app, key)).body;
    expect((await me.request("DELETE", `/v1/users/${key.id}`)).status).toBe(404);
    expect((await app.request("GET", "/v1/me", { token })).status).toBe(200);
  });
});

describe("an invitation", () => {
  test("makes its owner one who can act for the tenant, once it is accepted", async () => {
    const { owner } = await app.tenant();
    const me = await app.signIn(owner);
    const email = address();
    await me.request("POST", "/v1/users", { body: { email, roles: ["owner"] } });
    const leave = async () => (await me.request("DELETE", `/v1/users/${owner.userId}`)).status;
    expect(await leave()).toBe(409);
    const token = messagesTo(email)[0]?.data.token;
    const accept = () =>
      app.request("POST", "/v1/auth/invitation/accept", { body: { token, password: PASSWORD } });
    expect((await accept()).body.session.roles).toEqual(["owner"]);
    expect(await leave()).toBe(204);
    expect((await accept()).status).toBe(401);
  });

  test("is void once it was sent again, or its user was removed", async () => {
    const me = await app.signIn((await app.tenant()).owner);
    const email = address();
    const { body: user } = await me.request("POST", "/v1/users", { body: { email, roles: ["member"] } });
    await me.request("POST", `/v1/users/${user.id}/invitation`);
    const [first, second] = messagesTo(email).map(({ data }) => data.token);
    const accept = async (token: string | undefined) =>
      (await app.request("POST", "/v1/auth/invitation/accept", { body: { token, password: PASSWORD } }))
        .status;
    expect(await accept(first)).toBe(401);
    await me.request("DELETE", `/v1/users/${user.id}`);
    expect(await accept(second)).toBe(401);
  });

  test("can be sent again, to a new address too, but not to whoever has accepted", async () => {
    const { owner, member } = await app.tenant();
    const me = await app.signIn(owner);
    const [email, corrected] = [address(), address()];
    const { body: user } = await me.request("POST", "/v1/users", { body: { email, roles: ["member"] } });
    const invite = (id: string) => me.request("POST", `/v1/users/${id}/invitation`);
    expect((await invite(user.id)).status).toBe(204);
    await me.request("PATCH", `/v1/users/${user.id}`, { body: { email: corrected } });
    const tokens = [...messagesTo(email), ...messagesTo(corrected)].map(({ data }) => data.token);
    expect(new Set(tokens).size).toBe(3);
    expect((await invite(member.userId)).body.code).toBe("conflict");
  });
});
