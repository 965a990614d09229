import { startApp } from "../../support/app.ts";
import { NOT_JSON, NOT_UTF8 } from "../../unit/http/strict-json-cases.ts";

const app = await startApp();
afterAll(() => app.stop());

const KNOWN = '"email":"nobody@example.com","password":"wrong"';
const login = (body: string, asBase64 = false) => app.request("POST", "/v1/auth/login", { body, asBase64 });

test("I05 what is not JSON is refused, case after case of JSONTestSuite", async () => {
  const statuses = await Promise.all(
    NOT_JSON.map(async ([name, text]) => [name, (await login(text)).status]),
  );
  expect(statuses.filter(([, status]) => status !== 400)).toEqual([]);
});

test("I05 what is not even UTF-8, or never ends, is refused, case after case of JSONTestSuite", async () => {
  const texts: readonly (readonly [string, Buffer])[] = [
    ...NOT_UTF8.map(([name, hex]) => [name, Buffer.from(hex, "hex")] as const),
    ["n_structure_100000_opening_arrays", Buffer.from("[".repeat(100_000))],
    ["n_structure_open_array_object", Buffer.from('[{"":'.repeat(50_000))],
  ];
  // With those above: all of the suite.
  expect(texts.length + NOT_JSON.length).toBe(188);
  for (const [name, bytes] of texts) {
    const answer = await app.request("POST", "/v1/auth/login", { bytes });
    expect([name, answer.status]).toEqual([name, 400]);
  }
});

test("an unknown member is refused and named", async () => {
  const answer = await login(`{${KNOWN},"isAdmin":true,"tenantId":"ten_1"}`);
  expect(answer.status).toBe(400);
  expect(answer.body.errors).toEqual([
    { pointer: "/isAdmin", message: "is not a known field" },
    { pointer: "/tenantId", message: "is not a known field" },
  ]);
});

test("I03 a member given twice is refused, however it is written", async () => {
  for (const twice of [
    `{${KNOWN},"email":"owner@example.com"}`,
    `{${KNOWN},"em\\u0061il":"owner@example.com"}`,
  ]) {
    const answer = await login(twice);
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toEqual([{ pointer: "/email", message: "is given twice" }]);
  }
});

test.each([
  ["__proto__", `{${KNOWN},"__proto__":{"isAdmin":true}}`],
  ["constructor.prototype", `{${KNOWN},"constructor":{"prototype":{"isAdmin":true}}}`],
])("A07 a member that reaches a prototype (%s) is refused and changes nothing", async (_name, body) => {
  expect((await login(body)).status).toBe(400);
  expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
});

test.each([100, 1000, 100_000])(
  "I01 %i levels of nesting are refused within half a second",
  async (depth) => {
    for (const [open, close] of [
      ["[", "]"],
      ['{"a":', "}"],
    ] as const) {
      // The shortest of three: what another process takes is not ours.
      const tookMs: number[] = [];
      for (let count = 0; count < 3; count++) {
        const startedMs = performance.now();
        const answer = await login(`${open.repeat(depth)}1${close.repeat(depth)}`);
        expect(answer.status).toBe(400);
        tookMs.push(performance.now() - startedMs);
      }
      expect(Math.min(...tookMs)).toBeLessThan(500);
    }
  },
);

test("I02 a body of 1 MiB is read, and one byte more is too large", async () => {
  const sized = (bytes: number) => `{${KNOWN},"x":"${"a".repeat(bytes - KNOWN.length - 9)}"}`;
  const mebibyte = 1024 * 1024;
  expect(Buffer.byteLength(sized(mebibyte))).toBe(mebibyte);
  expect((await login(sized(mebibyte))).status).toBe(400);
  expect((await login(sized(mebibyte), true)).status).toBe(400);
  for (const asBase64 of [false, true]) {
    const answer = await login(sized(mebibyte + 1), asBase64);
    expect(answer.status).toBe(413);
    expect(answer.body.code).toBe("request.too_large");
  }
  expect((await login(sized(6 * mebibyte))).status).toBe(413);
  expect((await login(sized(10 * mebibyte + 1))).status).toBe(413);
});

test("I02 size counts bytes, not characters", async () => {
  expect((await login(`{${KNOWN},"x":"${"€".repeat(400_000)}"}`)).status).toBe(413);
});

test("I02 a body is held to its size also where none is wanted", async () => {
  const member = await app.signIn((await app.tenant()).member);
  const answer = await member.request("POST", "/v1/auth/logout", { body: `"${"a".repeat(1024 * 1024)}"` });
  expect(answer.status).toBe(413);
  expect((await member.request("GET", "/v1/me")).status).toBe(200);
});

test.each([
  ["a byte order mark", `\ufeff{${KNOWN}}`],
  ["half of a surrogate pair", `{"email":"nobody@example.com","password":"\\ud800"}`],
  ["two values", `{${KNOWN}}{}`],
  ["nothing but blanks", "  "],
])("I04 %s in a body is refused", async (_what, body) => {
  expect((await login(body)).status).toBe(400);
});

test.each([
  ["an overlong slash", "c0af"],
  ["an overlong NUL", "c080"],
  ["a surrogate", "eda080"],
  ["what is beyond Unicode", "f4908080"],
  ["a character that is cut short", "e282"],
])("I04 bytes that are not UTF-8 (%s) are refused where the gateway hands them over", async (_what, hex) => {
  const bytes = Buffer.concat([Buffer.from('{"email":"'), Buffer.from(hex, "hex"), Buffer.from('"}')]);
  const answer = await app.request("POST", "/v1/auth/login", { bytes });
  expect(answer.status).toBe(400);
  expect(answer.body.code).toBe("request.malformed");
});

test.each([
  ["an operator of another database", { email: { $gt: "" }, password: "x" }, "/email"],
  ["an attribute value", { email: { S: "a" }, password: "x" }, "/email"],
  ["a list", { email: "a@example.com", password: ["x"] }, "/password"],
  ["null", { email: "a@example.com", password: null }, "/password"],
  ["a number", { email: "a@example.com", password: 123 }, "/password"],
])("I06 %s in place of text is refused where it is", async (_what, body, pointer) => {
  const answer = await app.request("POST", "/v1/auth/login", { body });
  expect(answer.status).toBe(400);
  expect(answer.body.errors).toEqual([{ pointer, message: expect.any(String) }]);
});
