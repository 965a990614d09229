import { afterAll, describe, expect, test } from "@jest/globals";
import { type SignedIn, startApp } from "../../support/app.ts";
import { AUDIENCE, startCiIssuer } from "../../support/ci-issuer.ts";
import { claimsOf, exchange } from "../../support/oauth-client.ts";

const app = await startApp();
const issuer = await startCiIssuer(app.clock.now);
afterAll(async () => {
  await issuer.stop();
  await app.stop();
});

const tenant = await app.tenant();
const tenantId = tenant.id;
let owner = await app.signIn(tenant.owner);

const github = (claims: object, roles = ["member"]) => ({
  ...{ provider: "github", issuer: issuer.url, audience: AUDIENCE, claims, roles },
});

const trust = async (by: SignedIn, rules: readonly object[]) => {
  const answer = await by.request("PUT", "/v1/workflow-trust", { body: { rules } });
  expect(answer.status).toBe(200);
  return answer;
};

describe("trust rules", () => {
  test("are replaced as one document, whose version guards against a lost update", async () => {
    const before = await owner.request("GET", "/v1/workflow-trust");
    expect([before.body, before.headers["etag"]]).toEqual([{ rules: [] }, '"0"']);
    const rules = [github({ repository: "octo-org/octo-repo" })];
    const put = (etag: string) =>
      owner.request("PUT", "/v1/workflow-trust", { body: { rules }, headers: { "if-match": etag } });
    const after = await put('"0"');
    expect([after.body, after.headers["etag"]]).toEqual([{ rules }, '"1"']);
    expect((await put('"0"')).status).toBe(412);
    const [record] = await app.records(tenantId, after);
    expect(record).toMatchObject({ action: "workflow:update", changes: [{ path: "/rules" }] });
  });

  test.each([
    ["that trusts everybody", { claims: { repository: "*" } }, "/rules/0/claims"],
    ["that asks for nothing", { claims: {} }, "/rules/0/claims"],
    ["with a role that there is not", { roles: ["nobody"] }, "/rules/0/roles/0"],
    ["without any role", { roles: [] }, "/rules/0/roles"],
    ["with an issuer that is no URL", { issuer: "github" }, "/rules/0/issuer"],
  ])("take no rule %s", async (_what, change, pointer) => {
    const rule = { ...github({ repository: "octo-org/*" }), ...change };
    const answer = await owner.request("PUT", "/v1/workflow-trust", { body: { rules: [rule] } });
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, pointer]);
  });

  test("hold the roles that they give", async () => {
    await owner.request("POST", "/v1/roles", { body: { name: "shipper", statements: [] } });
    await trust(owner, [
      github({ repository: "a/b" }, ["shipper"]),
      github({ repository: "a/c" }, ["shipper"]),
    ]);
    expect((await owner.request("DELETE", "/v1/roles/shipper")).status).toBe(409);
    await trust(owner, []);
    expect((await owner.request("DELETE", "/v1/roles/shipper")).status).toBe(204);
  });
});

describe("a CI provider's token", () => {
  test("of GitHub Actions opens a session of its run, with the roles of the first rule that matches", async () => {
    await trust(owner, [
      github({ repository: "octo-org/octo-repo", environment: "production" }, ["admin"]),
      github({ repository: "octo-org/*", ref: "refs/heads/*" }, ["member"]),
      github({ repository_owner: "octo-org" }, ["read-only"]),
    ]);
    const answer = await exchange(app, issuer.github(), { client_id: tenantId });
    expect(answer.body).toEqual({
      access_token: expect.any(String),
      issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
      token_type: "Bearer",
      expires_in: 300,
      scope: "member",
    });
    const wfl = { provider: "github", runId: "1658821493", ref: "refs/heads/main" };
    expect(claimsOf(answer.body.access_token)).toMatchObject({ tid: tenantId, wfl, amr: ["oidc"] });
    const token = answer.body.access_token;
    const { session, user } = (await app.request("GET", "/v1/me", { token })).body;
    expect(session).toMatchObject({ kind: "workflow", workflow: wfl, roles: ["member"] });
    expect(user.name).toBe("github repository=octo-org/* ref=refs/heads/*");
  });

  test("of GitLab opens a session of its pipeline", async () => {
    const rule = { provider: "gitlab", issuer: issuer.url, audience: AUDIENCE, roles: ["member"] };
    await trust(owner, [{ ...rule, claims: { project_path: "my-group/*", ref_protected: "true" } }]);
    const { body } = await exchange(app, issuer.gitlab(), { client_id: tenantId });
    expect(claimsOf(body.access_token)["wfl"]).toEqual({ provider: "gitlab", runId: "574", ref: "main" });
    const other = await exchange(app, issuer.gitlab({ ref_protected: "false" }), { client_id: tenantId });
    expect([other.status, other.body.error]).toEqual([400, "invalid_request"]);
  });

  test("joins the session of its run, from whichever job, and another run is another session", async () => {
    await trust(owner, [github({ repository: "octo-org/*" })]);
    const of = async (claims: Readonly<Record<string, unknown>>) => {
      const { body } = await exchange(app, issuer.github(claims), { client_id: tenantId });
      return claimsOf(body.access_token)["sid"];
    };
    const jobs = await Promise.all([1, 2, 3].map((job) => of({ run_id: "77", job_workflow_ref: `${job}` })));
    expect(new Set(jobs).size).toBe(1);
    app.clock.advance(600_000);
    expect(await of({ run_id: "77" })).toBe(jobs[0]);
    expect(await of({ run_id: "78" })).not.toBe(jobs[0]);
    owner = await app.signIn(tenant.owner);
  });

  test("finds the one tenant that trusts it, and has to name one of several", async () => {
    await trust(owner, [github({ repository: "octo-org/*" })]);
    const token = issuer.github();
    expect(claimsOf((await exchange(app, token)).body.access_token)["tid"]).toBe(tenantId);
    const other = await app.tenant();
    const them = await app.signIn(other.owner);
    await trust(them, [github({ repository_owner: "octo-org" })]);
    expect((await exchange(app, issuer.github())).body.error).toBe("invalid_target");
    const named = await exchange(app, issuer.github(), { audience: other.id });
    expect(claimsOf(named.body.access_token)["tid"]).toBe(other.id);
    await trust(them, []);
  });

  test("is good with keys that its issuer has changed, and the issuer is not asked for every token", async () => {
    await trust(owner, [github({ repository: "octo-org/*" })]);
    app.clock.advance(600_001);
    const before = issuer.asked.count;
    for (let count = 0; count < 3; count++) await exchange(app, issuer.github(), { client_id: tenantId });
    expect(issuer.asked.count - before).toBe(2);
    app.clock.advance(60_000);
    issuer.rotate();
    expect((await exchange(app, issuer.github(), { client_id: tenantId })).status).toBe(200);
    expect(issuer.asked.count - before).toBe(4);
  });
});

test("the sessions of a rule end with it, and its run shows what it did", async () => {
  const me = await app.signIn((await app.tenant()).owner);
  await trust(me, [github({ repository: "octo-org/*" })]);
  const { body } = await exchange(app, issuer.github({ run_id: "9001" }), { client_id: me.user.tenantId });
  const token = body.access_token;
  const vm = { type: "vm", name: "ci", spec: { vcpus: 2, memoryGiB: 4, image: "debian-13" } };
  await app.request("POST", "/v1/resources", { token, body: vm });
  await trust(me, [github({ repository: "octo-org/*", ref: "refs/heads/main" })]);
  expect((await app.request("GET", "/v1/me", { token })).body.reason).toBe("revoked");
  const run = (await me.request("GET", "/v1/workflows/9001")).body;
  expect(run).toMatchObject({ provider: "github", status: "ended", resources: [{ name: "ci" }] });
  const found = (await me.request("GET", "/v1/activity?workflowRunId=9001")).body.items;
  const actions = found.map(({ action }: { action: string }) => action).toSorted();
  expect(actions).toEqual(["auth:token", "session:end", "session:start", "vm:create"]);
});
