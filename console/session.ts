import { adopt, forget, get, post, put, refresh, remove, surround } from "./api.ts";
import type { Me, Session, Tokens } from "./documents.ts";
import { markActive } from "./idle.ts";
import { closeFeed, openFeed } from "./live.ts";
import { say } from "./notices.ts";
import { isUnreachable } from "./problem.ts";
import { setReachable } from "./reachability.ts";
import { go, place } from "./router.ts";
import { askStepUp } from "./step-up.ts";
import { createStore } from "./store.ts";

/** Who is at the screen, as far as is known. */
export type Identity =
  | { readonly status: "starting" }
  | { readonly status: "unreachable" }
  | { readonly status: "signed-out"; readonly why?: string }
  | { readonly status: "signed-in"; readonly me: Me };

export const identity = createStore<Identity>({ status: "starting" });

/** The key of a session's state under which the console keeps where one was. */
const PLACE_KEY = "console";
const PLACE_DELAY_MS = 5000;

const REASONS: Readonly<Record<string, string>> = {
  logged_out: "You signed out.",
  revoked: "This session was ended from somewhere else.",
  idle_expired: "Your session ended because nothing was done for a while. Sign in to go on where you were.",
  absolute_expired: "Your session reached its longest time. Sign in to go on where you were.",
  evicted: "This session was ended to make room for a newer one.",
  refresh_reused: "This session was ended: its credentials were used twice. If that was not you, tell us.",
  user_disabled: "This account is not active any more.",
};

/** The session that was on this page before, to go on from. */
let lastSessionId: string | undefined;

/** Counts how often a session was left: what was asked before it is not shown after it. */
let departures = 0;

const tabs = new BroadcastChannel("active-session");

/** Finds out whether there is a session already, and follows what becomes of it. */
export async function startSession(): Promise<void> {
  surround({ stepUp: askStepUp, sessionEnded: leave, wasActive: markActive, reachable: setReachable });
  tabs.addEventListener("message", ({ data }) => {
    if (data === "signed-in" && identity.get().status === "signed-out") void tryCookie();
    if (data === "signed-out" && identity.get().status === "signed-in") leave("logged_out");
  });
  keepPlace();
  await tryCookie();
}

/** Looks for a session in the refresh cookie. */
export async function tryCookie(): Promise<void> {
  try {
    await refresh();
    await enter();
  } catch (error) {
    if (isUnreachable(error)) identity.set({ status: "unreachable" });
    else if (identity.get().status !== "signed-out") identity.set({ status: "signed-out" });
  }
}

/** Goes on with the tokens of a sign-in. */
export async function signIn(tokens: Pick<Tokens, "accessToken" | "expiresIn">): Promise<void> {
  adopt(tokens);
  await enter();
  tabs.postMessage("signed-in");
}

/** Ends the session, here and on the server. */
export async function signOut(): Promise<void> {
  try {
    await post("/v1/auth/logout");
  } catch (error) {
    if (isUnreachable(error)) throw error;
  }
  tabs.postMessage("signed-out");
  leave("logged_out");
}

/** Ends a session on the server: one's own leads to the sign-in, and another calls `ended`. @throws ActiveSessionError */
export async function endSession({ id }: Session, me: Me, ended: () => void): Promise<void> {
  await remove(`/v1/sessions/${id}`);
  if (id === me.session.id) leave("logged_out");
  else ended();
}

/** Leaves the pages, whatever the reason; a place to come back to is kept in the address. */
export function leave(reason: string): void {
  const before = identity.get();
  departures += 1;
  if (before.status === "signed-in") lastSessionId = before.me.session.id;
  forget();
  closeFeed();
  const why = REASONS[reason];
  identity.set({ status: "signed-out", ...(why === undefined ? {} : { why }) });
}

/** Reads the person anew: after their roles, name or factors have changed, or to stay signed in. */
export async function readMe(): Promise<Me> {
  const asked = departures;
  const me = await get<Me>("/v1/me");
  if (asked === departures) identity.set({ status: "signed-in", me });
  return me;
}

async function enter(): Promise<void> {
  const me = await readMe();
  const sessionId = me.session.id;
  openFeed({ sessionId, ended: leave });
  const before = me.resumable.find((ended) => ended.sessionId === lastSessionId);
  if (before !== undefined) await resume(before.sessionId);
}

/** Brings over what an ended session kept, and goes where one was in it. */
export async function resume(fromSessionId: string): Promise<void> {
  await post("/v1/sessions/current/resume", { fromSessionId });
  const kept = await get<{ hash?: string }>(`/v1/sessions/current/state/${PLACE_KEY}`).catch(() => undefined);
  if (kept?.hash?.startsWith("#/") === true) go(kept.hash);
  say("You are back where you stopped.");
  await readMe();
}

/** Remembers in the session's own state where one is, so that the next session can go on from there. */
function keepPlace(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  place.subscribe(() => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (identity.get().status !== "signed-in") return;
      // It is a convenience: where it fails, nothing is lost but it.
      void put(`/v1/sessions/current/state/${PLACE_KEY}`, { hash: location.hash }).catch(() => undefined);
    }, PLACE_DELAY_MS);
  });
}
