import { afterAll, describe, expect, test } from "@jest/globals";
import type { Answer } from "../../support/answer-check.ts";
import { type SignedIn, startApp } from "../../support/app.ts";

const app = await startApp();
afterAll(() => app.stop());

const FORMULA = '=HYPERLINK("http://evil.example")';

async function auditor(): Promise<SignedIn> {
  const { owner, addUser } = await app.tenant();
  const me = await app.signIn(owner);
  const records = Array.from({ length: 5 }, (_, index) => ({
    id: `r-${index}`,
    time: `2026-03-02T08:0${index}:00Z`,
    actor: { type: "external", id: `actor-${index}`, name: FORMULA },
    action: "vm:start",
    outcome: "success",
    userAgent: '+1, "two"\r\nthree',
  }));
  await me.request("POST", "/v1/activity", { body: { records } });
  return await app.signIn(await addUser(["auditor"]));
}

/** All pages, as the links lead through them. */
async function pagesOf(who: SignedIn, query: string) {
  const pages: Answer[] = [];
  for (let path: string | undefined = `/v1/activity/export?${query}`; path !== undefined; ) {
    const page = await who.request("GET", path);
    expect(page.status).toBe(200);
    pages.push(page);
    path = /^<(\/v1\/activity\/export\?[^>]+)>; rel="next"$/.exec(page.headers["link"] ?? "")?.[1];
  }
  return pages;
}

describe("an export of the log", () => {
  test("is a range of it, whole and in order when its pages are put together", async () => {
    const me = await auditor();
    const pages = await pagesOf(me, "from=2026-03-02T08:01:00Z&to=2026-03-02T08:04:00Z&limit=2");
    expect(pages.map(({ headers }) => headers["content-type"])).toEqual(
      Array(2).fill("application/x-ndjson"),
    );
    const lines = pages
      .map(({ text }) => text)
      .join("")
      .trimEnd()
      .split("\n");
    expect(lines.map((line) => JSON.parse(line).origin.id)).toEqual(["r-1", "r-2", "r-3"]);
    const { integrity, ...record } = JSON.parse(lines.at(-1) ?? "");
    expect(integrity.statement).toMatchObject({ page: 2, last: true, treeSize: 1 });
    expect((await me.request("GET", `/v1/activity/${record.id}`)).body).toEqual(record);
  });

  test("as CSV has one header, and no cell that a spreadsheet would run", async () => {
    const me = await auditor();
    const pages = await pagesOf(me, "format=csv&to=2026-03-02T08:30:00Z&limit=3");
    expect(pages.map(({ headers }) => headers["content-type"])).toEqual(
      Array(2).fill("text/csv; charset=utf-8"),
    );
    const csv = pages.map(({ text }) => text).join("");
    expect(csv.match(/^id,time,/gm)).toHaveLength(1);
    expect(csv).toContain(`"'${FORMULA.replaceAll('"', '""')}"`);
    expect(csv).toContain(`"'+1, ""two""\r\nthree"`);
    expect(csv).not.toMatch(/(^|,)"?[=+]/m);
  });

  test("as OCSF has an event a line: signing in as Authentication, all else as API Activity", async () => {
    const me = await auditor();
    app.clock.advance(1);
    const [page] = await pagesOf(me, "format=ocsf");
    const events =
      page?.text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)) ?? [];
    const classes = new Map(events.map((event) => [event.unmapped.action, event.class_uid]));
    expect(classes.get("auth:login")).toBe(3002);
    expect(classes.get("vm:start")).toBe(6003);
  });

  test("ends though reading it is on record", async () => {
    const me = await auditor();
    app.clock.advance(1000);
    const pages = await pagesOf(me, "format=csv&limit=1");
    const lines = pages.map(({ text }) => text).join("");
    expect(lines).not.toContain("activity:export");
    const own = await me.request("GET", "/v1/activity?action=activity:export&limit=1");
    expect(own.body.items[0].attributes).toEqual({ format: "csv", records: 1 });
  });

  test("is for who may export, and of their own tenant alone", async () => {
    const { member, reader } = await app.tenant();
    for (const user of [member, reader]) {
      const answer = await (await app.signIn(user)).request("GET", "/v1/activity/export");
      expect([answer.status, answer.body.code]).toEqual([403, "access.denied"]);
    }
    const me = await auditor();
    const [page] = await pagesOf(me, "");
    const tenants = page?.text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).tenantId);
    expect(new Set(tenants)).toEqual(new Set([me.user.tenantId]));
    const next = /cursor=([^>]+)>/.exec(
      (await me.request("GET", "/v1/activity/export?limit=1")).headers["link"] ?? "",
    );
    const stranger = await auditor();
    const stolen = await stranger.request("GET", `/v1/activity/export?limit=1&cursor=${next?.[1]}`);
    expect([stolen.status, stolen.body.code]).toEqual([400, "cursor.invalid"]);
  });

  test.each(["format=xml", "limit=0", "limit=1001", "from=yesterday"])(
    "is refused with %s",
    async (query) => {
      const me = await auditor();
      expect((await me.request("GET", `/v1/activity/export?${query}`)).status).toBe(400);
    },
  );
});
