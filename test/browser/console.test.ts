import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import type { DemoUser } from "../../scripts/local/accounts.ts";
import { newPerson, openBrowser, signIn } from "./support/person.ts";
import { chromium, type Stack, startStack } from "./support/stack.ts";

if (chromium === undefined) {
  process.stderr.write(
    "The console's tests are skipped: there is no Chromium. Install it with `apt-get install chromium`.\n",
  );
}

const inBrowser = chromium === undefined ? describe.skip : describe;
const HOSTILE = `<img src=x onerror="document.title='taken'"><b>bold</b>`;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

inBrowser("the console", () => {
  let stack: Stack;
  let browser: Browser;
  let owner: { readonly page: Page; readonly failures: string[] };

  const user = (tenant: number, place: number): DemoUser => {
    const found = stack.demo.tenants[tenant]?.users[place];
    if (found === undefined) throw new Error("There is no such user.");
    return found;
  };

  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), openBrowser()]);
    owner = await newPerson(browser, stack.demo.baseUrl);
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });

  test("lets in with password and code, and keeps no token where a script could read it", async () => {
    const { page } = owner;
    await page.goto("/#/activity?outcome=success");
    await page.getByLabel("Email").fill(user(0, 0).email);
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("That email and password do not match.").waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await signIn(page, user(0, 0));
    // Where one wanted to go is where one comes.
    await page.getByRole("heading", { name: "Activity" }).waitFor();
    const kept = "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])";
    expect(await page.evaluate(kept)).toBe('[{},{},""]');
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({
      name: "__Host-refresh",
      httpOnly: true,
      secure: true,
      sameSite: "Strict",
    });
  });

  test("shows names and user agents of others as text, as they come in", async () => {
    const { page } = owner;
    await page.goto("/#/sessions");
    await page.getByText("this device").first().waitFor();
    await page.getByText("Live", { exact: true }).waitFor();
    const userAgent = `Mozilla/5.0 ${HOSTILE}`;
    const token = await stack.tokenOf(user(0, 1), userAgent);
    await page
      .getByRole("cell", { name: user(0, 1).email })
      .first()
      .waitFor();
    await page.goto("/#/resources");
    await page.getByRole("heading", { name: "Resources" }).waitFor();
    const spec = { vcpus: 2, memoryGiB: 4, image: HOSTILE };
    const body = { type: "vm", name: HOSTILE, spec };
    await stack.call("POST", "/v1/resources", { token, body, userAgent });
    await page.getByRole("link", { name: HOSTILE }).waitFor();
    await page.goto("/#/activity?action=vm:create");
    await page.getByRole("cell", { name: "vm:create" }).first().waitFor();
    await page.getByRole("cell").getByRole("link").first().click();
    await page.getByRole("heading", { name: "Record" }).waitFor();
    await page.getByText(userAgent).waitFor();
    expect(await page.title()).toBe("Record – Active Session");
    expect(await page.locator("#main img, #main b").count()).toBe(0);
  });

  test.each([
    "sessions",
    "activity",
    "alerts",
    "resources",
    "billing",
    "billing/usage",
    "admin/users",
    "admin/policy",
    "support",
    "account",
  ])("%s has no serious finding of axe, and fits a phone", async (path) => {
    const { page, failures } = owner;
    await page.goto(`/#/${path}`);
    await page.locator("#main h1").waitFor();
    await page.locator("#main [aria-busy=true]").first().waitFor({ state: "detached" });
    expect(await seriousFindings(page)).toEqual([]);
    await page.setViewportSize({ width: 375, height: 700 });
    const overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 1280, height: 800 });
    expect(failures).toEqual([]);
  });

  test("is as readable in the dark", async () => {
    const { page } = owner;
    await page.emulateMedia({ colorScheme: "dark" });
    await page.goto("/#/alerts/rules");
    await page.getByRole("button", { name: "Save the rules" }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: "light" });
  });

  test("signs in with a passkey in one tap, and steps up with it", async () => {
    const { page } = await newPerson(browser, stack.demo.baseUrl);
    await withAuthenticator(page);
    await page.goto("/#/account");
    await signIn(page, user(0, 1));
    await page.getByRole("button", { name: "Add a factor" }).click();
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("button", { name: "I have kept them" }).click();
    await page.getByRole("cell", { name: "Passkey", exact: true }).first().waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Continue with a passkey" }).click();
    await page.getByRole("button", { name: "Remove Passkey" }).click();
    await page.getByRole("button", { name: "Remove", exact: true }).last().click();
    await page.getByText("You have none").waitFor();
    await page.context().close();
  });

  test("goes back to the sign-in by itself when its session is ended elsewhere", async () => {
    const { page } = await newPerson(browser, stack.demo.baseUrl);
    await page.goto("/");
    await signIn(page, user(1, 1));
    await page.getByText("Live", { exact: true }).waitFor();
    const token = await stack.tokenOf(user(1, 1));
    await stack.call("POST", "/v1/sessions/revoke", { token, body: { exceptCurrent: true } });
    await page.getByText("This session was ended from somewhere else.").waitFor();
    await page.getByLabel("Email").waitFor();
    await page.context().close();
  });

  test("goes on in two tabs that begin at once, and after the network was away", async () => {
    const { page } = await newPerson(browser, stack.demo.baseUrl);
    await page.goto("/#/sessions");
    await signIn(page, user(1, 2));
    const other = await page.context().newPage();
    const tabs = [page, other];
    await Promise.all([page.reload(), other.goto("/#/account")]);
    await Promise.all(tabs.map((tab) => tab.reload()));
    await Promise.all(tabs.map((tab) => tab.getByRole("button", { name: "Sign out" }).waitFor()));
    await page.context().setOffline(true);
    await other.getByText("The service cannot be reached. What you see may be old").waitFor();
    await other.getByRole("link", { name: "Resources" }).click();
    await page.context().setOffline(false);
    await other.getByText("The service cannot be reached").first().waitFor({ state: "detached" });
    await other.getByRole("link", { name: "Active sessions" }).click();
    await other.getByText("this device").first().waitFor();
    await page.context().close();
  });

  test("asks before a session goes idle, and comes back to where one was after it", async () => {
    const { page } = await newPerson(browser, stack.demo.baseUrl);
    await page.clock.install();
    await page.goto("/#/account");
    await signIn(page, user(1, 2));
    await page.getByRole("heading", { name: "Your account" }).waitFor();
    await page.clock.fastForward(28.2 * 60_000);
    await page.getByRole("button", { name: "Stay signed in" }).click();
    await page.getByText("Are you still there?").waitFor({ state: "detached" });
    await page.clock.fastForward(31 * 60_000);
    await page.getByText("nothing was done for a while").waitFor();
    await signIn(page, user(1, 2));
    await page.getByRole("heading", { name: "Your account" }).waitFor();
    await page.context().close();
  });

  test("asks nothing by itself while it is only looked at", async () => {
    const { page } = owner;
    await page.goto("/#/activity");
    await page.getByRole("cell", { name: "activity:list" }).first().waitFor();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    const token = await stack.tokenOf(user(0, 2));
    await stack.call("GET", "/v1/support/grants", { token });
    await page.getByRole("cell", { name: "support:list" }).first().waitFor();
    expect(asked).toEqual([]);
  });

  test("tries a role out before anybody has it", async () => {
    const { page } = owner;
    await page.goto("/#/admin/roles");
    await page.getByRole("button", { name: "Make a role" }).click();
    await page.getByLabel("Actions, one a line").fill("volume:*");
    await page.getByLabel("Action", { exact: true }).fill("volume:delete");
    await page.getByRole("button", { name: "Ask" }).click();
    await page.getByRole("status").getByText("allowed").waitFor();
    await page.keyboard.press("Escape");
    expect(owner.failures).toEqual([]);
  });
});

/** What axe finds that keeps somebody out. */
async function seriousFindings(page: Page): Promise<readonly string[]> {
  // Through the protocol: the page's policy lets no other script in.
  if ((await page.evaluate("typeof axe")) === "undefined") await page.evaluate(axe);
  const { violations } = (await page.evaluate("axe.run()")) as AxeResults;
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n")}`);
}

/** An authenticator in the machine that knows its user, by the browser's own protocol. */
async function withAuthenticator(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}
