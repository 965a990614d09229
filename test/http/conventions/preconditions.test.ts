import { startApp } from "../../support/app.ts";

const app = await startApp();
afterAll(() => app.stop());
const tenant = await app.tenant();
const member = await app.signIn(tenant.member);

const put = (key: string, body: unknown, headers: Record<string, string> = {}) =>
  member.request("PUT", `/v1/sessions/current/state/${key}`, { body, headers });
const refused = { status: 412, body: { code: "precondition.failed" } };

test("a document carries its version, which a write moves on", async () => {
  expect((await put("a", 1)).headers["etag"]).toBe('"1"');
  expect((await put("a", 2)).headers["etag"]).toBe('"2"');
  expect((await member.request("GET", "/v1/sessions/current/state/a")).headers["etag"]).toBe('"2"');
});

test("I11 a write over the version that was seen goes through, over another it does not", async () => {
  const { headers } = await put("b", 1);
  expect((await put("b", 2, { "If-Match": headers["etag"] ?? "" })).status).toBe(200);
  expect(await put("b", 3, { "If-Match": headers["etag"] ?? "" })).toMatchObject(refused);
  expect((await member.request("GET", "/v1/sessions/current/state/b")).body).toBe(2);
});

test("I11 of two writes over one version one is lost and told so", async () => {
  const { headers } = await put("c", 0);
  const answers = await Promise.all(
    [1, 2].map((value) => put("c", value, { "If-Match": headers["etag"] ?? "" })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
});

test.each(['"2"', '"01"', 'W/"1"', '"x"', "1", '""', '"1", "2"', '"99999999999999999999"'])(
  "If-Match: %s is not the version there is",
  async (tag) => {
    const key = `d${Buffer.from(tag).toString("hex")}`;
    await put(key, 1);
    expect(await put(key, 2, { "If-Match": tag })).toMatchObject(refused);
  },
);
