// Guarantees: guessing is slowed down, by whatever way it goes; it never ends for good, tells nothing of who exists, and
// nobody is kept out of a known device from elsewhere (attack rows L01, L08, L09, T04).
import { afterAll, describe, expect, test } from "@jest/globals";
import { startApp } from "../../support/app.ts";
import { codeAt, login, verify } from "../../support/sign-in.ts";

const app = await startApp();
afterAll(() => app.stop());

const MINUTES = 60_000;
const WRONG = "a password that is not right";
const addresses = (count: number, network = "198.51.100") =>
  Array.from({ length: count }, (_, host) => `${network}.${host + 1}`);
const statuses = (answers: readonly { readonly status: number }[]) => answers.map(({ status }) => status);

async function inTurn<T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> {
  const answers: T[] = [];
  for (let index = 0; index < count; index++) answers.push(await call(index));
  return answers;
}

describe("L08 five failures from an address", () => {
  test("make the account wait there, also for the right password, and nowhere else", async () => {
    const { member } = await app.tenant();
    const wrong = { ...member, password: WRONG };
    expect(statuses(await inTurn(5, () => login(app, wrong)))).toEqual([401, 401, 401, 401, 401]);
    const held = await login(app, member);
    expect(held.status).toBe(429);
    expect(held.body.code).toBe("rate.limited");
    expect(held.headers["retry-after"]).toBe("900");
    expect((await login(app, member, { ip: "198.51.100.9" })).status).toBe(200);
  });

  test("are forgotten 15 minutes after they happened, each by itself", async () => {
    const { member } = await app.tenant();
    const wrong = { ...member, password: WRONG };
    await login(app, wrong);
    app.clock.advance(5 * MINUTES);
    await inTurn(4, () => login(app, wrong));
    expect((await login(app, member)).headers["retry-after"]).toBe("600");
    app.clock.advance(10 * MINUTES - 1);
    expect((await login(app, member)).status).toBe(429);
    app.clock.advance(1);
    expect((await login(app, member)).status).toBe(200);
  });

  test("count no longer once their owner has signed in", async () => {
    const { member } = await app.tenant();
    const wrong = { ...member, password: WRONG };
    await inTurn(4, () => login(app, wrong));
    expect((await login(app, member)).status).toBe(200);
    expect(statuses(await inTurn(4, () => login(app, wrong)))).toEqual([401, 401, 401, 401]);
    expect((await login(app, member)).status).toBe(200);
  });
});

describe("L08 one account from many addresses", () => {
  test("takes twenty failures, and lets its owner in on a known device at any time", async () => {
    const { member } = await app.tenant();
    const wrong = { ...member, password: WRONG };
    const desk = { ip: "192.0.2.10", headers: { "user-agent": "Desk/1.0" } };
    expect((await login(app, member, desk)).status).toBe(200);
    app.clock.advance(60 * MINUTES);
    const tries = await inTurn(21, (index) => login(app, wrong, { ip: addresses(21)[index] ?? "" }));
    expect(statuses(tries)).toEqual([...Array(20).fill(401), 429]);
    expect((await login(app, member, { ip: "203.0.113.99" })).status).toBe(429);
    expect((await login(app, member, { ...desk, headers: { "user-agent": "Other/1.0" } })).status).toBe(429);
    expect((await login(app, member, desk)).status).toBe(200);
  });

  test("holds a known device to its own five failures", async () => {
    const { member } = await app.tenant();
    const wrong = { ...member, password: WRONG };
    expect((await login(app, member)).status).toBe(200);
    await inTurn(20, (index) => login(app, wrong, { ip: addresses(20)[index] ?? "" }));
    expect(statuses(await inTurn(6, () => login(app, wrong)))).toEqual([401, 401, 401, 401, 401, 429]);
  });

  test("counts a whole /64 of IPv6 as one address", async () => {
    const { member } = await app.tenant();
    const wrong = { ...member, password: WRONG };
    const tries = await inTurn(6, (index) => login(app, wrong, { ip: `2001:db8:1:2::${index + 1}` }));
    expect(statuses(tries)).toEqual([401, 401, 401, 401, 401, 429]);
    expect((await login(app, member, { ip: "2001:db8:1:3::1" })).status).toBe(200);
  });
});

test("L08 an address that fails with a hundred accounts in a minute is held up, and those who are known there are not", async () => {
  const { member, reader } = await app.tenant();
  expect((await login(app, member, { ip: "192.0.2.77" })).status).toBe(200);
  const spray = (index: number) =>
    login(app, { email: `somebody-${index}@example.com`, password: "Spring2026" }, { ip: "192.0.2.77" });
  const tries = await inTurn(10, (ten) =>
    Promise.all(Array.from({ length: 10 }, (_, index) => spray(10 * ten + index))),
  );
  expect(new Set(statuses(tries.flat()))).toEqual(new Set([401]));
  expect((await spray(100)).status).toBe(429);
  expect((await login(app, reader, { ip: "192.0.2.77" })).status).toBe(429);
  expect((await login(app, member, { ip: "192.0.2.77" })).status).toBe(200);
  app.clock.advance(MINUTES);
  expect((await login(app, reader, { ip: "192.0.2.77" })).status).toBe(200);
});

test("L01 an address that nobody has is held up after as many failures, with the same answers", async () => {
  const { member } = await app.tenant();
  const tell = ({ status, body, headers }: Awaited<ReturnType<typeof login>>) => {
    const { requestId: _id, ...rest } = body;
    const { "x-request-id": _header, ...others } = headers;
    return { status, rest, others };
  };
  const known = await inTurn(6, () => login(app, { ...member, password: WRONG }));
  const unknown = await inTurn(6, () => login(app, { email: "nobody@example.com", password: WRONG }));
  expect(unknown.map(tell)).toEqual(known.map(tell));
});

test("guesses sent all at once are no more than guesses one after the other", async () => {
  const { member } = await app.tenant();
  const guesses = [...Array(19).fill(WRONG), member.password];
  const answers = await Promise.all(guesses.map((password) => login(app, { ...member, password })));
  const counted = statuses(answers);
  // Whether the right one comes through is chance; that nothing comes through after five failures is not.
  expect(counted.filter((status) => status === 200).length).toBeLessThanOrEqual(1);
  expect((await login(app, member)).status).toBe(429);
});

test("D01 ten times as many attempts as there may be are held up, told when to come back, and cost nobody else", async () => {
  const [mine, theirs] = [await app.tenant(), await app.tenant()];
  const [wrong, ip] = [{ ...mine.member, password: WRONG }, "192.0.2.200"];
  const bystander = await app.signIn(theirs.member, { ip });
  const answered: number[] = [];
  const flood = await inTurn(10, async () => {
    const tries = Promise.all(Array.from({ length: 5 }, () => login(app, wrong, { ip })));
    answered.push((await bystander.request("GET", "/v1/me")).status);
    return await tries;
  });
  const held = flood.flat().filter(({ status }) => status === 429);
  expect(held).toHaveLength(45);
  expect(new Set(held.map(({ headers }) => headers["retry-after"]))).toEqual(new Set(["900"]));
  expect(new Set(answered)).toEqual(new Set([200]));
  expect((await login(app, theirs.reader, { ip })).status).toBe(200);
  expect((await login(app, mine.reader, { ip })).status).toBe(200);
});

describe("T04 second factors", () => {
  test("the sixth code from an address is held up, and a new challenge brings no new attempts", async () => {
    const { owner } = await app.tenant();
    const challenge = async () => (await login(app, owner)).body.challengeToken;
    const first = await challenge();
    const wrong = await inTurn(3, () => verify(app, first, "000000"));
    expect(wrong.map(({ body }) => [body.code, body.attemptsLeft])).toEqual([
      ["mfa.invalid_code", 4],
      ["mfa.invalid_code", 3],
      ["mfa.invalid_code", 2],
    ]);
    const second = await challenge();
    expect(statuses(await inTurn(3, () => verify(app, second, "000000")))).toEqual([401, 401, 429]);
    expect((await verify(app, second, app.totp(owner))).status).toBe(429);
    expect((await login(app, owner)).status).toBe(429);
  });

  test("twenty codes from wherever are held up, the right one too", async () => {
    const { owner } = await app.tenant();
    const tries = await inTurn(22, async (index) => {
      const ip = addresses(22)[index] ?? "";
      const { body } = await login(app, owner, { ip });
      return body.challengeToken === undefined
        ? { status: 429 }
        : await verify(app, body.challengeToken, "000000", { ip });
    });
    expect(statuses(tries)).toEqual([...Array(20).fill(401), 429, 429]);
  });

  test("a challenge dies after five wrong codes, from whatever addresses", async () => {
    const { owner } = await app.tenant();
    const { challengeToken } = (await login(app, owner)).body;
    const tries = await inTurn(5, (index) =>
      verify(app, challengeToken, "000000", { ip: addresses(5)[index] ?? "" }),
    );
    expect(statuses(tries)).toEqual([401, 401, 401, 401, 401]);
    const right = await verify(app, challengeToken, app.totp(owner), { ip: "192.0.2.200" });
    expect(right.body.code).toBe("mfa.challenge_expired");
  });

  test("fifty codes at once, one of them right, are five guesses at most", async () => {
    const { owner } = await app.tenant();
    const { challengeToken } = (await login(app, owner)).body;
    const right = codeAt(app, owner.totpSecret ?? "");
    const codes = [...Array(49).fill(right === "000000" ? "000001" : "000000"), right];
    const answers = await Promise.all(codes.map((code) => verify(app, challengeToken, code)));
    expect(statuses(answers).filter((status) => status === 200).length).toBeLessThanOrEqual(1);
    const after = await verify(app, challengeToken, codeAt(app, owner.totpSecret ?? "", 1));
    expect([401, 429]).toContain(after.status);
  });
});
