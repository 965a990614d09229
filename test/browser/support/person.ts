import { type Browser, type BrowserContextOptions, chromium as driver, type Page } from "playwright-core";
import type { DemoUser } from "../../../scripts/local/accounts.ts";
import { chromium, codeOf } from "./stack.ts";

/** Opens the system's browser; as root it runs without its sandbox. */
export async function openBrowser(): Promise<Browser> {
  return await driver.launch({
    ...(chromium === undefined ? {} : { executablePath: chromium }),
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
}

/** A page of somebody who has not been here before; what its scripts fail with ends up in `failures`. */
export async function newPerson(
  browser: Browser,
  baseURL: string,
  options: BrowserContextOptions = {},
): Promise<{ readonly page: Page; readonly failures: string[] }> {
  const context = await browser.newContext({ baseURL, locale: "en-GB", ...options });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  const failures: string[] = [];
  page.on("pageerror", (error) => failures.push(error.stack ?? error.message));
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) failures.push(message.text());
  });
  return { page, failures };
}

/** Signs in as a person does; `steps` chooses a code of the app that was not used yet. */
export async function signIn(page: Page, user: DemoUser, steps = 0): Promise<void> {
  await page.getByLabel("Email").fill(user.email);
  await page.getByLabel("Password").fill(user.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  if (user.totpSecret !== null) {
    await page.getByLabel("Code").fill(codeOf(user, steps));
    await page.getByRole("button", { name: "Verify" }).click();
  }
  await page.getByRole("button", { name: "Sign out" }).waitFor();
}
