import { afterAll, describe, expect, test } from "@jest/globals";
import { startApp } from "../../support/app.ts";
import { billingClient, importSession, send, usageEvent } from "./billing-client.ts";

const app = await startApp({ now: "2026-11-20T09:00:00.000Z" });
afterAll(() => app.stop());

const { july, close } = await billingClient(app);

/** A session whose user bears a name that a spreadsheet would run, or a browser would take for markup. */
async function billedUser(userId: string) {
  const { tenant, operator, owner } = await july();
  const [from, to] = ["2023-07-11T08:00:00Z", "2023-07-11T20:00:00Z"];
  await importSession(operator, tenant.id, { id: "s2", userId, from, to });
  await send(owner, usageEvent("n1", "network", { at: from, value: "10", sessionId: "s2" }));
  const run = await close(operator, tenant.id);
  return { owner, path: `/v1/invoices/${run?.invoice?.id}` };
}

describe("a name that would be a formula", () => {
  test.each(["=HYPERLINK(1)", "+1+1", "-2+3", "@SUM(A1)", "＝1＋1"])(
    "stays text in CSV: %j",
    async (userId) => {
      const { owner, path } = await billedUser(userId);
      for (const format of ["csv", "focus"]) {
        const { text } = await owner.request("GET", `${path}?format=${format}`);
        expect(text).toContain(`"'${userId}"`);
      }
    },
  );
});

test("a name that would be markup stays text on the page", async () => {
  const { owner, path } = await billedUser("<img src=x onerror=alert(1)>");
  const { text } = await owner.request("GET", `${path}?format=html`);
  expect(text).toContain("&lt;img src=x onerror=alert(1)&gt;");
  expect(text).not.toContain("<img");
});

test.each(["", "?format=csv", "?format=focus", "?format=html", "/lines/network/evidence"])(
  "another tenant's invoice is not found, nor is one that never was: %s",
  async (rest) => {
    const { path } = await billedUser("ann");
    const stranger = await app.signIn((await app.tenant()).owner);
    const theirs = await stranger.request("GET", `${path}${rest}`);
    const nobodys = await stranger.request("GET", `/v1/invoices/inv_00000000000000000000000000${rest}`);
    expect(theirs.status).toBe(404);
    expect({ ...theirs.body, requestId: "" }).toEqual({ ...nobodys.body, requestId: "" });
  },
);
