import { afterAll, describe, expect, test } from "@jest/globals";
import { startApp } from "../../support/app.ts";
import { billingClient, importSession, send, usageEvent } from "./billing-client.ts";

const app = await startApp({ now: "2026-11-20T09:00:00.000Z" });
afterAll(() => app.stop());

const { july, close } = await billingClient(app);

const FORMULAS = ["=HYPERLINK(1)", "+1+1", "-2+3", "@SUM(A1)", "＝1＋1"];
const MARKUP = "<img src=x onerror=alert(1)>";

/** An invoice of users whose names a spreadsheet would run, and a browser would take for markup. */
async function billedUsers() {
  const { tenant, operator, owner } = await july();
  const [from, to] = ["2023-07-11T08:00:00Z", "2023-07-11T20:00:00Z"];
  for (const [place, userId] of [...FORMULAS, MARKUP].entries()) {
    const id = `u${place}`;
    await importSession(operator, tenant.id, { id, userId, from, to });
    await send(owner, usageEvent(id, "network", { at: from, value: "10", sessionId: id }));
  }
  const run = await close(operator, tenant.id);
  return { owner, path: `/v1/invoices/${run?.invoice?.id}` };
}

const { owner, path } = await billedUsers();

describe("I13 a name that would be a formula", () => {
  test.each(["csv", "focus"])("stays text in %s", async (format) => {
    const { text } = await owner.request("GET", `${path}?format=${format}`);
    for (const formula of FORMULAS) expect(text).toContain(`,"'${formula}"`);
  });
});

test("I14 a name that would be markup stays text on the page", async () => {
  const { text } = await owner.request("GET", `${path}?format=html`);
  expect(text).toContain("&lt;img src=x onerror=alert(1)&gt;");
  expect(text).not.toContain("<img");
});

test("another tenant's invoice is not found in any form, nor is one that never was", async () => {
  const stranger = await app.signIn((await app.tenant()).owner);
  for (const rest of [
    "",
    "?format=csv",
    "?format=focus",
    "?format=html",
    "?format=pdf",
    "/lines/network/evidence",
  ]) {
    const theirs = await stranger.request("GET", `${path}${rest}`);
    const nobodys = await stranger.request("GET", `/v1/invoices/inv_00000000000000000000000000${rest}`);
    expect(theirs.status).toBe(404);
    expect({ ...theirs.body, requestId: "" }).toEqual({ ...nobodys.body, requestId: "" });
  }
});
