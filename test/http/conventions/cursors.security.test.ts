import { startApp } from "../../support/app.ts";

const app = await startApp();
afterAll(() => app.stop());
const tenant = await app.tenant();
const member = await app.signIn(tenant.member);
await app.signIn(tenant.member);
await app.signIn(tenant.member);

const cursorOf = async (query = "") => {
  const { body } = await member.request("GET", `/v1/sessions?limit=1${query}`);
  expect(body.nextCursor).toEqual(expect.any(String));
  return body.nextCursor as string;
};
const refused = { status: 400, body: { code: "cursor.invalid" } };

test("a list comes page by page, each thing once, and ends with null", async () => {
  const pages: string[][] = [];
  for (let next: string | null = ""; next !== null; ) {
    const { body } = await member.request(
      "GET",
      `/v1/sessions?limit=2${next === "" ? "" : `&cursor=${next}`}`,
    );
    pages.push(body.items.map(({ id }: { id: string }) => id));
    next = body.nextCursor;
  }
  expect(pages.map((page) => page.length)).toEqual([2, 1]);
  expect(new Set(pages.flat()).size).toBe(3);
});

test("another page size goes on with the same cursor", async () => {
  const answer = await member.request("GET", `/v1/sessions?limit=100&cursor=${await cursorOf()}`);
  expect(answer.body.items).toHaveLength(2);
});

test("I08 a cursor that was changed anywhere is refused", async () => {
  const cursor = await cursorOf();
  for (let at = 0; at < cursor.length; at += 7) {
    const changed = cursor.slice(0, at) + (cursor[at] === "A" ? "B" : "A") + cursor.slice(at + 1);
    expect(await member.request("GET", `/v1/sessions?limit=1&cursor=${changed}`)).toMatchObject(refused);
  }
});

test.each([
  ["cut", (cursor: string) => cursor.slice(0, -1)],
  ["empty", () => ""],
  ["longer", (cursor: string) => `${cursor}A`],
  ["padded", (cursor: string) => `${cursor}=`],
  [
    "a key in base64",
    () => Buffer.from('{"pk":{"S":"ten_1#ses_1"},"sk":{"S":"session"}}').toString("base64url"),
  ],
])("I08 a cursor that is %s is refused", async (_what, change) => {
  const cursor = encodeURIComponent(change(await cursorOf()));
  expect(await member.request("GET", `/v1/sessions?limit=1&cursor=${cursor}`)).toMatchObject(refused);
});

test("I08 a cursor of 10 kB is refused", async () => {
  expect(await member.request("GET", `/v1/sessions?cursor=${"A".repeat(10_000)}`)).toMatchObject(refused);
});

test("I08 a cursor is no good for another filter, another list or another tenant", async () => {
  const cursor = await cursorOf();
  expect(await member.request("GET", `/v1/sessions?status=ended&cursor=${cursor}`)).toMatchObject(refused);
  for (const route of ["/v1/activity", "/v1/resources"]) {
    expect(await member.request("GET", `${route}?limit=1&cursor=${cursor}`)).toMatchObject(refused);
  }
  const foreign = await app.tenant();
  const stranger = await app.signIn(foreign.member);
  expect(await stranger.request("GET", `/v1/sessions?limit=1&cursor=${cursor}`)).toMatchObject(refused);
});

test.each(["0", "-1", "201", "1000000000", "10.5", "NaN", "", "1e2", "0x10", " 5", "１０", "5,6", '"10"'])(
  "I09 limit=%s is refused",
  async (limit) => {
    const answer = await member.request("GET", `/v1/sessions?limit=${encodeURIComponent(limit)}`);
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toEqual([
      { pointer: "/query/limit", message: "must be a whole number from 1 to 200" },
    ]);
  },
);

test("I08 what a cursor holds cannot be read from it", async () => {
  const cursor = await cursorOf();
  expect(Buffer.from(cursor, "base64url").toString("latin1")).not.toMatch(/ses_|ten_|usr_/);
});
