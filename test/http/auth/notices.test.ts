import { afterAll, describe, expect, test } from "@jest/globals";
import type { TestUser } from "../../support/accounts.ts";
import { startApp } from "../../support/app.ts";
import { messagesTo } from "../../support/outbox.ts";
import { addApp, login, verify } from "../../support/sign-in.ts";

const app = await startApp();
afterAll(() => app.stop());

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const SAFARI =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";

async function subjectsTo({ email }: TestUser): Promise<readonly (string | undefined)[]> {
  await app.deliverStreams();
  return messagesTo(email).map(({ subject }) => subject);
}

describe("a person is told by letter", () => {
  test("of a sign-in from a device that none of theirs was, and not of one that they know", async () => {
    const { member } = await app.tenant();
    await app.signIn(member, { headers: { "user-agent": FIREFOX } });
    await app.signIn(member, { headers: { "user-agent": FIREFOX.replaceAll("140", "141") } });
    expect(await subjectsTo(member)).toEqual([]);
    app.clock.advance(1000);
    await app.signIn(member, { headers: { "user-agent": SAFARI }, ip: "192.0.2.66" });
    expect(await subjectsTo(member)).toEqual(["A sign-in from a new device"]);
    const [letter] = messagesTo(member.email);
    expect(letter?.text).toContain("Safari 18 on iOS");
    expect(letter?.text).toContain("192.0.2.66");
  });

  test("of factors that come and go, and of a recovery code that was used", async () => {
    const { member } = await app.tenant();
    const me = await app.signIn(member);
    const { id, recoveryCodes } = await addApp(app, me);
    const { challengeToken } = (await login(app, member)).body;
    const token = (await verify(app, challengeToken, recoveryCodes[0] ?? "")).body.accessToken;
    await app.request("POST", "/v1/me/recovery-codes", { token });
    await app.request("DELETE", `/v1/me/factors/${id}`, { token });
    expect(await subjectsTo(member)).toEqual([
      "A second factor was added",
      "A recovery code was used",
      "Your recovery codes were replaced",
      "A second factor was removed",
    ]);
  });

  test("of a new password, once", async () => {
    const { member } = await app.tenant();
    const me = await app.signIn(member);
    const body = { currentPassword: member.password, newPassword: "seven quiet otters under ice" };
    await me.request("POST", "/v1/auth/password", { body });
    expect(await subjectsTo(member)).toEqual(["Your password was changed"]);
    expect(await subjectsTo(member)).toEqual(["Your password was changed"]);
  });
});

test("what failed is no news, nor an enrolment that was given up", async () => {
  const { member } = await app.tenant();
  const me = await app.signIn(member);
  const body = { currentPassword: "a wrong password here", newPassword: "seven quiet otters under ice" };
  await me.request("POST", "/v1/auth/password", { body });
  const { id } = (await me.request("POST", "/v1/me/factors", { body: { type: "totp", label: "A" } })).body;
  await me.request("DELETE", `/v1/me/factors/${id}`);
  expect(await subjectsTo(member)).toEqual([]);
});
