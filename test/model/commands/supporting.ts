import { drawFaults } from "../fault-plan.ts";
import { endNow, livenessOf, type ModelSession } from "../model.ts";
import { act, demand, nowOf, type Run, type Step, say, send, wait } from "../run.ts";
import { isStrong, someSession, stepUp } from "./signing-in.ts";

const AGENTS_IP = "198.51.100.20";

/**
 * A user lets a support agent look at a session, who looks, until the user ends it, its time is over, or the session that is
 * looked at ends: from then on the agent sees nothing.
 */
export async function support(step: Step): Promise<void> {
  const { run, faults } = step;
  const session = someSession(step, ({ person }) => typeof person.user?.totpSecret === "string");
  if (session === undefined || session.person.roles.includes("read-only")) return;
  if (!isStrong(session, nowOf(run)) && !(await stepUp(run, session))) return;
  const terms = { sessionId: session.id, access: "view", expiresInSeconds: 600, reason: "It hangs." };
  say(step, `${session.id} lets an agent look`);
  const granted = await act(run, session, {
    method: "POST",
    path: "/v1/support/grants",
    body: terms,
    faults,
  });
  if (granted.is !== "taken") return;
  demand(granted.status === 201, () => `A grant was answered ${granted.status} ${granted.text}`);
  const grantId: string = granted.body.id;
  const agent = await agentToken(run);
  const opening = { method: "POST", path: "/v1/support/sessions", body: { grantId }, ip: AGENTS_IP } as const;
  const opened = await send(run, { ...opening, home: undefined, token: agent });
  demand(opened.status === 201, () => `A granted look was answered ${opened.status} ${opened.text}`);
  const peek = async () =>
    await send(run, {
      ...({
        method: "GET",
        path: `/v1/sessions/${session.id}`,
        ip: AGENTS_IP,
        home: session.person.home,
      } as const),
      token: opened.body.accessToken,
    });
  const seen = await peek();
  demand(
    seen.status === 200 && seen.body.id === session.id,
    () => `A look was answered ${seen.status} ${seen.text}`,
  );
  await endLook(step, session, grantId);
  const after = await peek();
  demand(after.status === 401, () => `A look that is over was answered ${after.status} ${after.text}`);
}

/** Ends a look in one of the ways that it can end in. */
async function endLook({ run, chance }: Step, session: ModelSession, grantId: string): Promise<void> {
  const ending = chance.one(["grant", "session", "time"] as const);
  say({ run }, `  the look ends with the ${ending}`);
  if (ending === "time") return wait(run, 600_000);
  if (ending === "session") {
    const told = await act(run, session, { method: "POST", path: "/v1/auth/logout" });
    if (told.is === "taken") endNow(session, "logged_out", nowOf(run));
    return;
  }
  const asked = { method: "DELETE", path: `/v1/support/grants/${grantId}` } as const;
  let told = await act(run, session, { ...asked, faults: drawFaults(chance) });
  if (told.is === "unknown") told = await act(run, session, asked);
  if (told.is === "over") demand(livenessOf(session, nowOf(run)) === "over", () => "It cannot be over.");
  else demand(told.status === 204, () => `Ending a grant was answered ${told.status} ${told.text}`);
}

/** A fresh session of the agent's. */
async function agentToken(run: Run): Promise<string> {
  const { email, password } = run.agent;
  const told = await run.scene.app.request("POST", "/v1/auth/login", {
    body: { email, password },
    ip: AGENTS_IP,
  });
  demand(told.status === 200, () => `The agent could not sign in: ${told.text}`);
  return told.body.accessToken;
}
