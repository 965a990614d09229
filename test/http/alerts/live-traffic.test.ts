import { type SignedIn, startApp } from "../../support/app.ts";

// What the rules make of the product's own records: the names that rules look for are the names that endpoints write.
const app = await startApp();
afterAll(() => app.stop());

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const SAFARI =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15";

const rulesIn = async (who: SignedIn): Promise<readonly string[]> => {
  await app.deliverStreams();
  const { items } = (await who.request("GET", "/v1/alerts")).body;
  return items.map(({ rule }: { rule: string }) => rule).toSorted();
};

const failToSignIn = (email: string, ip: string) =>
  app.request("POST", "/v1/auth/login", { body: { email, password: "not the password at all" }, ip });

test("five wrong passwords for one account are password.brute_force", async () => {
  const tenant = await app.tenant();
  const owner = await app.signIn(tenant.owner);
  for (let attempt = 0; attempt < 5; attempt++) await failToSignIn(tenant.member.email, "198.51.100.20");
  expect(await rulesIn(owner)).toContain("password.brute_force");
});

test("one address that fails for five people is password.spray", async () => {
  const tenant = await app.tenant();
  const owner = await app.signIn(tenant.owner);
  const more = await Promise.all([1, 2, 3].map(() => tenant.addUser(["member"])));
  for (const { email } of [tenant.member, tenant.reader, ...more]) await failToSignIn(email, "198.51.100.21");
  expect(await rulesIn(owner)).toEqual(["password.spray"]);
});

test("second factors failed again and again are mfa.fatigue", async () => {
  const tenant = await app.tenant();
  const owner = await app.signIn(tenant.owner);
  const { email, password } = tenant.owner;
  const login = await app.request("POST", "/v1/auth/login", { body: { email, password } });
  for (let attempt = 0; attempt < 5; attempt++) {
    const code = String(attempt).repeat(6);
    await app.request("POST", "/v1/auth/mfa", { body: { challengeToken: login.body.challengeToken, code } });
  }
  expect(await rulesIn(owner)).toContain("mfa.fatigue");
});

test("a refresh token that comes again is refresh.reused", async () => {
  const tenant = await app.tenant();
  const [owner, me] = [await app.signIn(tenant.owner), await app.signIn(tenant.member)];
  const refresh = (refreshToken: string) =>
    app.request("POST", "/v1/auth/refresh", { body: { refreshToken } });
  const next = await refresh(me.refreshToken);
  await refresh(next.body.refreshToken);
  app.clock.advance(11_000);
  expect((await refresh(me.refreshToken)).body.code).toBe("refresh.reused");
  expect(await rulesIn(owner)).toContain("refresh.reused");
});

test("somebody known on a device that is not is login.new_device", async () => {
  const tenant = await app.tenant();
  const owner = await app.signIn(tenant.owner);
  await app.signIn(tenant.member, { headers: { "user-agent": FIREFOX } });
  app.clock.advance(1000);
  await app.signIn(tenant.member, { headers: { "user-agent": SAFARI } });
  expect(await rulesIn(owner)).toContain("login.new_device");
});

test("five refusals are access.denied_burst", async () => {
  const tenant = await app.tenant();
  const [owner, me] = [await app.signIn(tenant.owner), await app.signIn(tenant.member)];
  for (let attempt = 0; attempt < 5; attempt++) await me.request("GET", "/v1/alerts");
  expect(await rulesIn(owner)).toEqual(["access.denied_burst"]);
});

test("a member who is made an owner is privilege.escalation", async () => {
  const tenant = await app.tenant();
  const owner = await app.signIn(tenant.owner);
  const change = await owner.request("PATCH", `/v1/users/${tenant.member.userId}`, {
    body: { roles: ["owner"] },
  });
  expect(change.status).toBe(200);
  expect(await rulesIn(owner)).toEqual(["privilege.escalation"]);
});
