import { PLATFORM_TENANT_ID } from "../../../lib/identity/tenant.ts";
import type { TestTenant } from "../../support/accounts.ts";
import type { SignedIn, TestApp } from "../../support/app.ts";

/** Where agents sit. */
export const AGENTS_IP = "198.51.100.20";

/** A tenant with a user who has a second factor, and the platform's agents. */
export interface Scene {
  readonly tenant: TestTenant;
  readonly platform: TestTenant;
  /** Whose session is looked at. */
  readonly user: SignedIn;
  readonly agent: SignedIn;
  readonly agentEmail: string;
}

/** Sets the scene for a test file: one tenant of the platform's own, with agents. */
export async function setScene(app: TestApp): Promise<Scene> {
  const platform = await app.tenant({ id: PLATFORM_TENANT_ID });
  const tenant = await app.tenant();
  const user = await app.signIn(await tenant.addUser(["member"], { totp: true }));
  const agent = await addAgent(app, platform);
  return { tenant, platform, user, agent, agentEmail: agent.user.email };
}

/** One more agent, signed in from an office of their own. */
export async function addAgent(app: TestApp, platform: TestTenant): Promise<SignedIn> {
  return await app.signIn(await platform.addUser(["support-agent"]), { ip: AGENTS_IP });
}

/** What a grant is made of, where a test does not say otherwise. */
export function terms(user: SignedIn, more: object = {}): object {
  return { sessionId: user.sessionId, access: "view", expiresInSeconds: 600, reason: "It hangs.", ...more };
}

/** A grant that its user has just given; its id. */
export async function grant(user: SignedIn, more: object = {}): Promise<string> {
  const answer = await user.request("POST", "/v1/support/grants", { body: terms(user, more) });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body.id;
}

/** The support session of an agent through a grant. */
export async function look(app: TestApp, agent: SignedIn, grantId: string): Promise<SignedIn> {
  const answer = await agent.request("POST", "/v1/support/sessions", { body: { grantId } });
  if (answer.status !== 201) throw new Error(answer.text);
  const { accessToken, refreshToken, session } = answer.body;
  return {
    ...agent,
    ...{ accessToken, refreshToken, sessionId: session.id },
    request: (method, path, options) =>
      app.request(method, path, { ip: AGENTS_IP, ...options, token: accessToken }),
  };
}
