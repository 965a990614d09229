// Guarantees: within a tenant too, nobody learns of what they may not see, nor does what they may only look at; and no
// path leads from one thing to another's parts (attack rows A02, A05).
import { afterAll, describe, expect, test } from "@jest/globals";
import type { Answer } from "../../support/answer-check.ts";
import { startApp } from "../../support/app.ts";

const app = await startApp();
afterAll(() => app.stop());

const tenant = await app.tenant();
const owner = await app.signIn(tenant.owner);
const member = await app.signIn(tenant.member);
const reader = await app.signIn(tenant.reader);

const VM = { type: "vm", name: "web", spec: { vcpus: 1, memoryGiB: 1, image: "debian-13" } };
const VOLUME = { type: "volume", name: "disk", spec: { sizeGiB: 1 } };

/** Makes a thing that runs. */
async function made(body: object): Promise<string> {
  const { id } = (await owner.request("POST", "/v1/resources", { body })).body;
  app.clock.advance(1000);
  await owner.request("GET", `/v1/resources/${id}`);
  return id;
}

const told = ({ status, body }: Answer) => ({ ...body, status, requestId: "" });

const NOBODYS = {
  ses: "ses_00000000000000000000000000",
  usr: "usr_00000000000000000000000000",
  act: "act_00000000000000000000000000",
};

describe("A02 what is another user's of the same tenant", () => {
  test.each([
    ["GET", "/v1/sessions/{ses}"],
    ["DELETE", "/v1/sessions/{ses}"],
    ["GET", "/v1/sessions/{ses}/state"],
    ["GET", "/v1/sessions/{ses}/state/cart"],
    ["DELETE", "/v1/sessions/{ses}/state/cart"],
    ["GET", "/v1/sessions/{ses}/activity"],
    ["GET", "/v1/sessions/{ses}/metrics"],
    ["GET", "/v1/users/{usr}"],
    ["GET", "/v1/activity/{act}"],
    ["GET", "/v1/activity/{act}/proof"],
  ])("is not there for a member: %s %s", async (method, path) => {
    const [record] = await app.records(tenant.id, await owner.request("GET", "/v1/me"));
    const theirs = { ses: owner.sessionId, usr: owner.user.userId, act: record?.id ?? "" };
    const ask = async (ids: Readonly<Record<string, string>>) =>
      await member.request(
        method,
        path.replace(/\{(\w+)\}/, (_, kind: string) => ids[kind] ?? ""),
      );
    const hidden = await ask(theirs);
    expect(hidden.status).toBe(404);
    expect(told(hidden)).toEqual(told(await ask(NOBODYS)));
    expect((await owner.request("GET", "/v1/me")).status).toBe(200);
  });

  test.each([
    ["DELETE", "/v1/sessions/{ses}", undefined],
    ["PATCH", "/v1/users/{usr}", { name: "Mine" }],
    ["DELETE", "/v1/users/{usr}", undefined],
    ["POST", "/v1/users/{usr}/invitation", undefined],
  ])("is refused to whoever may only look: %s %s", async (method, path, body) => {
    const theirs: Readonly<Record<string, string>> = { ses: member.sessionId, usr: member.user.userId };
    const filled = path.replace(/\{(\w+)\}/, (_, kind: string) => theirs[kind] ?? "");
    const refused = await reader.request(method, filled, body === undefined ? {} : { body });
    expect(told(refused)).toMatchObject({ status: 403, code: "access.denied" });
    expect((await member.request("GET", "/v1/me")).status).toBe(200);
  });

  test.each([
    ["GET", "/v1/users"],
    ["GET", "/v1/activity?userId={usr}"],
    ["GET", "/v1/sessions?userId={usr}"],
    ["GET", "/v1/alerts"],
    ["GET", "/v1/invoices"],
    ["GET", "/v1/tenant/policy"],
  ])("is on no list that a member may ask for: %s %s", async (method, path) => {
    const refused = await member.request(method, path.replace("{usr}", owner.user.userId));
    expect(told(refused)).toMatchObject({ status: 403, code: "access.denied" });
  });
});

describe("A05 a part is found below its own whole alone:", () => {
  test("a document of state in another session of one's own", async () => {
    const other = await app.signIn(tenant.member);
    await other.request("PUT", "/v1/sessions/current/state/only-there", { body: 1 });
    const path = `/v1/sessions/${member.sessionId}/state/only-there`;
    expect((await member.request("GET", path)).status).toBe(404);
    expect((await member.request("DELETE", path)).status).toBe(404);
    expect((await other.request("GET", "/v1/sessions/current/state/only-there")).body).toBe(1);
  });

  test("a factor of another user, named below one's own account", async () => {
    const [factor] = (await owner.request("GET", "/v1/me/factors")).body.items;
    for (const [method, rest, body] of [
      ["DELETE", "", undefined],
      ["POST", "/verify", { code: "123456" }],
      ["POST", "/send", undefined],
    ] as const) {
      const path = `/v1/me/factors/${factor.id}${rest}`;
      expect((await member.request(method, path, body === undefined ? {} : { body })).status).toBe(404);
    }
    expect((await owner.request("GET", "/v1/me/factors")).body.items).toEqual([factor]);
  });

  test("a volume that is at another machine", async () => {
    const [here, there, volume] = [await made(VM), await made(VM), await made(VOLUME)];
    const attach = { body: { volumeId: volume } };
    await owner.request("POST", `/v1/resources/${there}/attach-volume`, attach);
    app.clock.advance(1000);
    expect((await owner.request("GET", `/v1/resources/${there}`)).body.volumes).toEqual([volume]);
    const detached = await owner.request("POST", `/v1/resources/${here}/detach-volume`, attach);
    expect(detached.status).toBeGreaterThanOrEqual(404);
    expect((await owner.request("GET", `/v1/resources/${there}`)).body.volumes).toEqual([volume]);
  });

  test("there is no way from a tenant to its users but the caller's own", async () => {
    const theirs = await app.tenant();
    const { userId } = theirs.member;
    for (const path of [
      `/v1/tenants/${tenant.id}/users/${userId}`,
      `/v1/tenants/${theirs.id}/users/${userId}`,
      `/v1/users/${userId}/sessions`,
      `/v1/users/${theirs.id}/${userId}`,
    ]) {
      expect((await owner.request("GET", path)).status).toBe(404);
    }
  });
});
