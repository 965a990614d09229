import { startApp } from "../../support/app.ts";

const app = await startApp();
afterAll(() => app.stop());

// Each tries an address of its own, so that no limit on failed attempts gets in between.
let count = 0;
const send = (contentType: string, asBase64 = false) =>
  app.request("POST", "/v1/auth/login", {
    body: { email: `nobody${count++}@example.com`, password: "wrong" },
    headers: { "content-type": contentType },
    asBase64,
  });

test.each([
  "application/x-www-form-urlencoded",
  "text/plain",
  "text/json",
  "multipart/form-data; boundary=x",
  "application/octet-stream",
  "application/json; charset=utf-16",
  "application/json; charset=iso-8859-1",
  "application/jsonp",
  "application/json, text/plain",
  "*/*",
  "",
])("a body of %p is refused", async (contentType) => {
  const answer = await send(contentType);
  expect(answer.status).toBe(415);
  expect(answer.body).toMatchObject({ code: "request.media_type" });
});

test.each(["application/json", "application/json; charset=utf-8", 'Application/JSON; charset="UTF-8"'])(
  "%s is JSON",
  async (contentType) => {
    expect((await send(contentType)).status).toBe(401);
  },
);

test("bytes that the gateway hands over in base64 are read all the same", async () => {
  expect((await send("application/json", true)).status).toBe(401);
});

test("no body at all, where one is wanted, is refused", async () => {
  expect((await app.request("POST", "/v1/auth/login")).body.code).toBe("request.media_type");
  expect(
    (await app.request("POST", "/v1/auth/login", { headers: { "content-type": "application/json" } })).body
      .code,
  ).toBe("request.malformed");
});
