/**
 * `npm run screenshots` takes the pictures of the console for the README, from a fresh `npm start` that is running: it
 * fills the first demo tenant with a month's history, works in it for a moment, and looks at each page.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { chromium, type Page } from "playwright-core";
import speakeasy from "speakeasy";
import { signIn as apiSignIn } from "./demo/api.ts";
import type { DemoUser } from "./local/accounts.ts";

interface Demo {
  readonly baseUrl: string;
  readonly operator: DemoUser;
  readonly tenants: ReadonlyArray<{
    readonly id: string;
    readonly users: readonly [DemoUser, DemoUser, DemoUser];
  }>;
}

const IMAGES = "docs/images";
const DAY_MS = 86_400_000;
const directory = process.env["LOCAL_DIRECTORY"] || ".local";
const demo: Demo = JSON.parse(readFileSync(`${directory}/demo.json`, "utf8"));
const [tenant] = demo.tenants;
if (tenant === undefined) throw new Error("The running stack has no tenants.");
const [owner, member] = tenant.users;

const say = (line: string) => void process.stderr.write(`${line}\n`);

mkdirSync(IMAGES, { recursive: true });
await makeHistory();
await work();
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] || "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const context = await browser.newContext({
  baseURL: demo.baseUrl,
  viewport: { width: 1280, height: 800 },
  locale: "en-GB",
});
const page = await context.newPage();
await page.goto("/");
await page.getByLabel("Email").waitFor();
await picture(page, "sign-in");
await signIn(page);
for (const [name, path] of [
  ["sessions", "/sessions"],
  ["activity", "/activity"],
  ["alerts", "/alerts"],
  ["resources", "/resources"],
  ["billing", "/billing"],
] as const) {
  await page.goto(`/#${path}`);
  await settled(page);
  await picture(page, name);
}
await page.emulateMedia({ colorScheme: "dark" });
await page.goto("/#/alerts");
await page.locator("tbody a").first().click();
await page.locator(".timeline li").first().waitFor();
await picture(page, "alert-dark");
await page.emulateMedia({ colorScheme: "light" });
await page.setViewportSize({ width: 390, height: 800 });
await page.goto("/#/sessions");
await settled(page);
await picture(page, "phone");
await browser.close();

async function picture(of: Page, name: string): Promise<void> {
  await of.screenshot({ path: `${IMAGES}/console-${name}.png`, animations: "disabled" });
}

async function settled(of: Page): Promise<void> {
  await of.locator("#main h1").waitFor();
  await of.locator("#main [aria-busy=true]").first().waitFor({ state: "detached" });
}

async function signIn(of: Page): Promise<void> {
  await of.getByLabel("Email").fill(owner.email);
  await of.getByLabel("Password").fill(owner.password);
  await of.getByRole("button", { name: "Sign in" }).click();
  await of.getByLabel("Code").fill(codeOf(owner));
  await of.getByRole("button", { name: "Verify" }).click();
  await of.getByRole("button", { name: "Sign out" }).waitFor();
}

/** A session of eight hours on each day of the month so far, with a machine of its own. */
async function makeHistory(): Promise<void> {
  const now = new Date();
  const monthMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
  const days = Math.floor((now.getTime() - monthMs) / DAY_MS);
  const at = (day: number, hour: number) => new Date(monthMs + day * DAY_MS + hour * 3_600_000).toISOString();
  const history = Array.from({ length: days }, (_, day) => ({
    sessionId: `history-${day}`,
    resourceId: `machine-${day % 3}`,
    from: at(day, 8),
    to: at(day, 16),
    vcpus: 8 + ((day * 7) % 11) * 4,
  }));
  const operator = await apiSignIn(demo.baseUrl, demo.operator, say);
  const sessions = history.map(({ sessionId: id, from: startedAt, to: endedAt }) => ({
    ...{ id, userId: member.email, userName: member.email, startedAt, endedAt },
  }));
  const attachments = history.map(({ sessionId, resourceId, from, to }) => ({
    ...{ sessionId, resourceId, from, to },
  }));
  await operator.call("POST", "/v1/sessions/import", {
    body: { tenantId: tenant?.id, sessions, attachments },
  });
  const events = history.flatMap(({ sessionId, resourceId, from, vcpus }) =>
    [
      ["cpu", vcpus],
      ["memory", vcpus * 4],
    ].map(([meter, value]) => ({
      ...{ specversion: "1.0", id: `${sessionId}-${meter}`, source: "/history", type: `usage.${meter}` },
      ...{ subject: resourceId, time: from, data: { value: String(value), sessionId } },
    })),
  );
  const session = await apiSignIn(demo.baseUrl, member, say);
  for (let from = 0; from < events.length; from += 100) {
    const batch = events.slice(from, from + 100);
    await session.call("POST", "/v1/usage", {
      ...{ body: batch, mediaType: "application/cloudevents-batch+json" },
    });
  }
}

/** What a member does on an ordinary day, and one thing that they may not. */
async function work(): Promise<void> {
  const session = await apiSignIn(demo.baseUrl, member, say);
  const machine = { vcpus: 4, memoryGiB: 16, image: "debian-13" };
  await session.call("POST", "/v1/resources", { body: { type: "vm", name: "build-1", spec: machine } });
  await session.call("POST", "/v1/resources", {
    body: { type: "volume", name: "artifacts", spec: { sizeGiB: 200 } },
  });
  const group = { template: machine, desired: 2, min: 1, max: 6 };
  await session.call("POST", "/v1/resources", {
    body: { type: "instance_group", name: "workers", spec: group },
  });
  for (let count = 0; count < 6; count++) await session.send("GET", "/v1/users");
}

function codeOf({ totpSecret }: DemoUser): string {
  return speakeasy.totp({ secret: totpSecret ?? "", encoding: "base32" });
}
