// Guarantees: a code goes to a phone of the user's own, seldom, and is good once, for what it was sent for, for five
// minutes (attack row T11).
import { afterAll, expect, test } from "@jest/globals";
import { startApp } from "../../support/app.ts";
import { messagesTo } from "../../support/outbox.ts";
import { login, verify } from "../../support/sign-in.ts";

const app = await startApp();
afterAll(() => app.stop());

let phones = 0;
const newPhone = () => `+49151${String(10_000_000 + phones++)}`;
const lastCode = (phone: string) => messagesTo(phone).at(-1)?.data.code ?? "";

/** Somebody with a phone for a second factor; an hour has gone since it was added. */
async function somebody() {
  const { member } = await app.tenant();
  const me = await app.signIn(member);
  const phone = newPhone();
  const added = await me.request("POST", "/v1/me/factors", { body: { type: "sms", label: "Phone", phone } });
  const id: string = added.body.id;
  const body = { code: lastCode(phone) };
  expect((await me.request("POST", `/v1/me/factors/${id}/verify`, { body })).status).toBe(200);
  app.clock.advance(3_600_000);
  const challenge = async (): Promise<string> => (await login(app, member)).body.challengeToken;
  const send = (challengeToken: string) =>
    app.request("POST", "/v1/auth/mfa/send", { body: { challengeToken, factorId: id } });
  return { phone, id, challenge, send };
}

test("a code by SMS completes a sign-in, once", async () => {
  const { phone, challenge, send } = await somebody();
  const challengeToken = await challenge();
  expect((await send(challengeToken)).status).toBe(202);
  expect(messagesTo(phone).at(-1)).toMatchObject({
    channel: "sms",
    data: { code: expect.stringMatching(/^\d{6}$/) },
  });
  const answer = await verify(app, challengeToken, lastCode(phone));
  expect(answer.body.session.amr).toEqual(["pwd", "sms", "mfa"]);
  expect((await verify(app, await challenge(), lastCode(phone))).status).toBe(401);
});

test("T11 one in 30 seconds and five in an hour are sent", async () => {
  const { phone, challenge, send } = await somebody();
  const challengeToken = await challenge();
  const statuses: number[] = [];
  for (let count = 0; count < 10; count++) {
    statuses.push((await send(challengeToken)).status);
    app.clock.advance(15_000);
  }
  expect(statuses).toEqual([202, 429, 202, 429, 202, 429, 202, 429, 202, 429]);
  const held = await send(await challenge());
  expect(held.status).toBe(429);
  expect(held.headers["retry-after"]).toBe("3450");
  expect(messagesTo(phone)).toHaveLength(1 + 5);
});

test("T11 of fifty requests at once one is sent", async () => {
  const { phone, challenge, send } = await somebody();
  const challengeToken = await challenge();
  const answers = await Promise.all(Array.from({ length: 50 }, () => send(challengeToken)));
  expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
  expect(messagesTo(phone)).toHaveLength(2);
});

test("T11 a code sent for one sign-in is not good for another, nor for a step-up", async () => {
  const { phone, challenge, send } = await somebody();
  const first = await challenge();
  await send(first);
  expect((await verify(app, await challenge(), lastCode(phone))).body.code).toBe("mfa.invalid_code");
  const session = (await verify(app, first, lastCode(phone))).body;
  expect(session.status).toBe("active");
  app.clock.advance(60_000);
  const second = await challenge();
  await send(second);
  const stepUp = await app.request("POST", "/v1/auth/step-up", {
    token: session.accessToken,
    body: { code: lastCode(phone) },
  });
  expect(stepUp.body.code).toBe("mfa.invalid_code");
});

test("T11 a code is over after five minutes, and once a newer one was sent", async () => {
  const { phone, send, challenge } = await somebody();
  const first = await challenge();
  await send(first);
  const old = lastCode(phone);
  app.clock.advance(30_000);
  await send(first);
  expect((await verify(app, first, old)).status).toBe(401);
  expect((await verify(app, first, lastCode(phone))).status).toBe(200);
  app.clock.advance(60_000);
  const second = await challenge();
  await send(second);
  app.clock.advance(300_000);
  expect((await verify(app, second, lastCode(phone))).status).toBe(401);
});

test("a code is sent to step up with, and steps up the session that asked for it", async () => {
  const { phone, id, challenge, send } = await somebody();
  const challengeToken = await challenge();
  await send(challengeToken);
  const { accessToken: token } = (await verify(app, challengeToken, lastCode(phone))).body;
  app.clock.advance(30_000);
  expect((await app.request("POST", `/v1/me/factors/${id}/send`, { token })).status).toBe(202);
  const raised = await app.request("POST", "/v1/auth/step-up", {
    token,
    body: { factorId: id, code: lastCode(phone) },
  });
  expect(raised.body.session.amr).toEqual(["pwd", "sms", "mfa"]);
});

test("a code is sent for no factor that is not a phone of the user's", async () => {
  const [one, other] = [await somebody(), await somebody()];
  const { owner } = await app.tenant();
  const challengeToken = await one.challenge();
  for (const factorId of [other.id, "fac_none"]) {
    const answer = await app.request("POST", "/v1/auth/mfa/send", { body: { challengeToken, factorId } });
    expect(answer.status).toBe(404);
  }
  const login1 = (await login(app, owner)).body;
  const answer = await app.request("POST", "/v1/auth/mfa/send", {
    body: { challengeToken: login1.challengeToken, factorId: login1.factors[0].id },
  });
  expect(answer.status).toBe(404);
});

test("adding phone after phone sends ten messages in an hour at most", async () => {
  const { member } = await app.tenant();
  const me = await app.signIn(member);
  const statuses: number[] = [];
  for (let count = 0; count < 11; count++) {
    const body = { type: "sms", label: "Phone", phone: newPhone() };
    const added = await me.request("POST", "/v1/me/factors", { body });
    statuses.push(added.status);
    if (added.status === 201) await me.request("DELETE", `/v1/me/factors/${added.body.id}`);
  }
  expect(statuses).toEqual([...Array(10).fill(201), 429]);
});

test("the number of a phone is shown by its last two digits, and is on no record", async () => {
  const { id, member } = await app.tenant();
  const me = await app.signIn(member);
  const phone = newPhone();
  await me.request("POST", "/v1/me/factors", { body: { type: "sms", label: "Phone", phone } });
  const [factor] = (await me.request("GET", "/v1/me/factors")).body.items;
  expect(factor.phone).toBe(`${"•".repeat(phone.length - 3)}${phone.slice(-2)}`);
  const records = JSON.stringify(await app.records(id));
  expect(records).not.toContain(phone);
  // Six digits may be in a longer number or an id by chance; as a word they are not.
  expect(records).not.toMatch(new RegExp(`\\b${lastCode(phone)}\\b`));
});
