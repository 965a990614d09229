import { afterAll, describe, expect, test } from "@jest/globals";
import { type SignedIn, startApp } from "../../support/app.ts";

const app = await startApp();
afterAll(() => app.stop());

const allow = (actions: readonly string[], extra: object = {}) => ({
  effect: "allow",
  actions,
  resources: ["*"],
  ...extra,
});

/** A tenant whose member may start reports, and nothing else of reports. */
async function reporting(statements: readonly object[] = [allow(["report:start"])]) {
  const tenant = await app.tenant();
  const owner = await app.signIn(tenant.owner);
  await owner.request("POST", "/v1/roles", { body: { name: "reporter", statements } });
  await owner.request("PATCH", `/v1/users/${tenant.member.userId}`, { body: { roles: ["reporter"] } });
  return { tenant, owner, member: await app.signIn(tenant.member) };
}

const question = (name: string, extra: object = {}) => ({
  action: { name },
  resource: { type: "report", id: "r-1" },
  ...extra,
});
const ask = (by: SignedIn, body: object) => by.request("POST", "/access/v1/evaluation", { body });
const askMany = (by: SignedIn, body: object) => by.request("POST", "/access/v1/evaluations", { body });
const decisions = (body: { evaluations: { decision: boolean }[] }) =>
  body.evaluations.map(({ decision }) => decision);

describe("a decision", () => {
  test("is made by the roles of the caller's session where no subject is named", async () => {
    const { member } = await reporting();
    expect((await ask(member, question("report:start"))).body).toEqual({
      decision: true,
      context: { reason: "allowed_by_statement" },
    });
    expect((await ask(member, question("report:delete"))).body).toEqual({
      decision: false,
      context: { reason: "no_statement" },
    });
  });

  test("names role and statement to whoever may read roles", async () => {
    const { member, owner } = await reporting();
    const subject = { type: "session", id: member.sessionId };
    expect((await ask(owner, question("report:start", { subject }))).body).toEqual({
      decision: true,
      context: {
        reason: "allowed_by_statement",
        explain: "statement 1 of the role reporter allows it",
        role: "reporter",
        statementIndex: 0,
        statement: allow(["report:start"]),
      },
    });
  });

  test("follows a change of roles from the very next question on", async () => {
    const { owner, member } = await reporting();
    await owner.request("PUT", "/v1/roles/reporter", { body: { statements: [] } });
    expect((await ask(member, question("report:start"))).body.decision).toBe(false);
  });

  test("weighs maker, tags and address as the asking service gives them", async () => {
    const condition = { owner: true, tags: { stage: "dev" }, ipCidrs: ["192.0.2.0/24"] };
    const { member } = await reporting([allow(["report:start"], { condition })]);
    const asked = (properties: object, ip: string) =>
      ask(member, {
        action: { name: "report:start" },
        resource: { type: "report", id: "r-1", properties },
        context: { ip },
      });
    const mine = { ownerId: member.user.userId, tags: { stage: "dev" } };
    expect((await asked(mine, "192.0.2.7")).body.decision).toBe(true);
    expect((await asked(mine, "192.0.3.7")).body.context.reason).toBe("condition_not_met");
    expect((await asked({ ...mine, ownerId: "usr_other" }, "192.0.2.7")).body.decision).toBe(false);
    expect((await asked({ ownerId: member.user.userId }, "192.0.2.7")).body.decision).toBe(false);
  });

  test("asks for a factor again before a sensitive action, and says how recent it has to be", async () => {
    const { owner } = await app.tenant({ policy: { stepUpMaxAgeSeconds: 60 } });
    const me = await app.signIn(owner);
    expect((await ask(me, question("report:delete"))).body.decision).toBe(true);
    app.clock.advance(61_000);
    expect((await ask(me, question("report:delete"))).body).toMatchObject({
      decision: false,
      context: { reason: "step_up_required", stepUpRequired: true, maxAgeSeconds: 60 },
    });
    expect((await ask(me, question("report:read"))).body.decision).toBe(true);
  });

  test("is no for a sensitive action of somebody who has no second factor to show", async () => {
    const { member } = await reporting([allow(["report:*"])]);
    expect((await ask(member, question("report:delete"))).body).toEqual({
      decision: false,
      context: { reason: "enrollment_required" },
    });
  });

  test("asks for a factor where a statement's condition does", async () => {
    const condition = { mfaWithinSeconds: 60 };
    const { tenant, owner } = await reporting([allow(["report:start"], { condition })]);
    const user = await tenant.addUser([], { totp: true });
    await owner.request("PATCH", `/v1/users/${user.userId}`, { body: { roles: ["reporter"] } });
    const me = await app.signIn(user);
    expect((await ask(me, question("report:start"))).body.decision).toBe(true);
    app.clock.advance(61_000);
    expect((await ask(me, question("report:start"))).body).toEqual({
      decision: false,
      context: { reason: "step_up_required", stepUpRequired: true, maxAgeSeconds: 60 },
    });
  });
});

describe("another session", () => {
  test("of the tenant is asked about with access:evaluate alone", async () => {
    const { owner, member, tenant } = await reporting();
    const subject = { type: "session", id: member.sessionId };
    expect((await ask(owner, question("report:start", { subject }))).body.decision).toBe(true);
    const viewer = await app.signIn(tenant.reader);
    const refused = await ask(viewer, question("report:start", { subject }));
    expect(refused.status).toBe(403);
    expect(refused.body.code).toBe("access.denied");
  });

  test("that has ended, or whose user is disabled, may do nothing", async () => {
    const { owner, member, tenant } = await reporting();
    const other = await app.signIn(tenant.member);
    const about = async (id: string) =>
      (await ask(owner, question("report:start", { subject: { type: "session", id } }))).body.context.reason;
    expect(await about(other.sessionId)).toBe("allowed_by_statement");
    await other.request("POST", "/v1/auth/logout");
    expect(await about(other.sessionId)).toBe("session_ended");
    expect(await about(member.sessionId)).toBe("allowed_by_statement");
    await owner.request("PATCH", `/v1/users/${tenant.member.userId}`, { body: { disabled: true } });
    expect(await about(member.sessionId)).toBe("session_ended");
  });

  test("of another tenant is answered like one that never was", async () => {
    const [mine, theirs] = [await reporting(), await reporting()];
    const about = (id: string) =>
      ask(mine.owner, question("report:start", { subject: { type: "session", id } }));
    const foreign = await about(theirs.member.sessionId);
    const missing = await about("ses_00000000000000000000000000");
    expect(foreign.body).toEqual({
      decision: false,
      context: {
        reason: "subject_not_found",
        error: { status: 404, message: "There is no such session here." },
      },
    });
    expect(missing.body).toEqual(foreign.body);
    const theirRecords = await app.records(theirs.tenant.id);
    expect(theirRecords.filter(({ action }) => action === "access:evaluate")).toEqual([]);
  });
});

describe("a batch", () => {
  const three = [
    { action: { name: "report:start" } },
    { action: { name: "report:delete" } },
    { action: { name: "report:start" } },
  ];
  const resource = { type: "report", id: "r-1" };

  test.each([
    ["execute_all", [true, false, true]],
    ["deny_on_first_deny", [true, false]],
    ["permit_on_first_permit", [true]],
    [undefined, [true, false, true]],
  ])("with the semantic %s answers %j", async (semantic, expected) => {
    const { member } = await reporting();
    const options = semantic === undefined ? {} : { options: { evaluations_semantic: semantic } };
    const answer = await askMany(member, { resource, evaluations: three, ...options });
    expect(decisions(answer.body)).toEqual(expected);
  });

  test("takes what its evaluations leave out from the top, and lets them differ", async () => {
    const { owner, member } = await reporting();
    const answer = await askMany(owner, {
      subject: { type: "session", id: member.sessionId },
      action: { name: "report:start" },
      resource,
      evaluations: [
        {},
        { action: { name: "report:delete" } },
        { subject: { type: "session", id: "current" } },
      ],
    });
    expect(decisions(answer.body)).toEqual([true, false, true]);
  });

  test("answers a session that is not there with no, and goes on", async () => {
    const { owner } = await reporting();
    const nobody = { type: "session", id: "ses_00000000000000000000000000" };
    const answer = await askMany(owner, {
      ...question("report:start"),
      evaluations: [{ subject: nobody }, {}],
    });
    expect(decisions(answer.body)).toEqual([false, true]);
  });

  test.each([[{}], [{ evaluations: [] }]])("without evaluations (%j) is a single question", async (extra) => {
    const { member } = await reporting();
    const answer = await askMany(member, { ...question("report:start"), ...extra });
    expect(answer.body).toEqual({ decision: true, context: { reason: "allowed_by_statement" } });
  });

  test.each([
    [{ resource, evaluations: [{ action: { name: "a:b" } }, {}] }, "/evaluations/1/action"],
    [{ action: { name: "a:b" } }, "/resource"],
    [{ ...question("a:b"), options: { evaluations_semantic: "guess" } }, "/options/evaluations_semantic"],
    [{ ...question("a:b"), subject: { type: "user", id: "u" } }, "/subject/type"],
    [{ ...question("a:b"), evaluations: Array.from({ length: 101 }, () => ({})) }, "/evaluations"],
  ])("that is incomplete is 400 and names the place", async (body, pointer) => {
    const { member } = await reporting();
    const answer = await askMany(member, body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].pointer).toBe(pointer);
  });
});

describe("the record", () => {
  test("has each decision, with what was asked, of whom, and how it came out", async () => {
    const { tenant, owner, member } = await reporting();
    const answer = await askMany(owner, {
      subject: { type: "session", id: member.sessionId },
      resource: { type: "report", id: "r-9" },
      evaluations: [{ action: { name: "report:start" } }, { action: { name: "report:delete" } }],
    });
    const records = await app.records(tenant.id, answer);
    const common = {
      action: "access:evaluate",
      sessionId: member.sessionId,
      actor: { type: "user", id: member.user.userId },
      resource: { type: "report", id: "r-9" },
      source: "api",
    };
    expect(records).toHaveLength(2);
    expect(records).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          outcome: "success",
          attributes: {
            action: "report:start",
            reason: "allowed_by_statement",
            subject: member.sessionId,
            askedBy: owner.sessionId,
          },
        }),
        expect.objectContaining({ outcome: "denied", errorCode: "access.denied" }),
      ]),
    );
    expect(records).toMatchObject([common, common]);
  });

  test("has nothing of a question that is not to be logged", async () => {
    const { tenant, member } = await reporting();
    const single = await ask(member, question("report:start", { context: { log: false } }));
    expect(await app.records(tenant.id, single)).toEqual([]);
    const batch = await askMany(member, {
      ...question("report:start"),
      context: { log: false },
      evaluations: [{}, { context: { log: true } }],
    });
    expect(await app.records(tenant.id, batch)).toHaveLength(1);
  });
});

describe("by the standard", () => {
  test("members that are not known are ignored, at every level", async () => {
    const { member } = await reporting();
    const answer = await ask(member, {
      subject: { type: "session", id: "current", properties: { department: "Sales" } },
      action: { name: "report:start", properties: { method: "GET" } },
      resource: { type: "report", id: "r-1", properties: { size: 3 } },
      context: { time: "1985-10-26T01:22-07:00", device: { id: 1 } },
      extra: true,
    });
    expect(answer.body.decision).toBe(true);
  });

  test("the client's own request id is given back, and is on record", async () => {
    const { tenant, member } = await reporting();
    const answer = await member.request("POST", "/access/v1/evaluation", {
      body: question("report:start"),
      headers: { "x-request-id": "bfe9eb29-ab87-4ca3-be83-a1d5d8305716" },
    });
    expect(answer.headers["x-request-id"]).toBe("bfe9eb29-ab87-4ca3-be83-a1d5d8305716");
    const [record] = await app.records(tenant.id, answer);
    expect(record?.requestId).toBe("bfe9eb29-ab87-4ca3-be83-a1d5d8305716");
  });

  test("who does not sign in is 401", async () => {
    const answer = await app.request("POST", "/access/v1/evaluation", { body: question("report:start") });
    expect(answer.status).toBe(401);
    expect(answer.headers["www-authenticate"]).toBe("Bearer");
  });

  test("the discovery document says where to ask", async () => {
    const answer = await app.request("GET", "/.well-known/authzen-configuration");
    expect(answer.body).toEqual({
      policy_decision_point: "http://localhost:3000",
      access_evaluation_endpoint: "http://localhost:3000/access/v1/evaluation",
      access_evaluations_endpoint: "http://localhost:3000/access/v1/evaluations",
    });
  });
});
