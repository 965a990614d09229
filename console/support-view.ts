import type { LiveMessage } from "../client/live-feed.ts";
import { post, withToken } from "./api.ts";
import type { Tokens } from "./documents.ts";

/** An agent's look at a user's session, by a session of its own. */
export interface SupportView {
  get<T>(path: string, query?: Readonly<Record<string, string | undefined>>): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  /** Calls back with what happens in the user's session until the returned function is called. */
  listen(heard: (message: LiveMessage) => void): Promise<() => void>;
}

/** A token that is about to expire is renewed by beginning anew. */
const EARLY_MS = 30_000;

/**
 * Begins to look through a grant. Its token stays in this closure, and the refresh token that comes with it is not kept
 * at all: in a cookie it would take the place of the agent's own session.
 */
export function supportView(grantId: string): SupportView {
  let held: Promise<{ readonly token: string; readonly untilMs: number }> | undefined;
  const begin = async () => {
    const started = await post<Pick<Tokens, "accessToken" | "expiresIn">>(
      "/v1/support/sessions",
      { grantId },
      { inBody: true },
    );
    return { token: started.accessToken, untilMs: Date.now() + started.expiresIn * 1000 };
  };
  // A grant has one session at a time: whoever needs its token at once shares the one beginning.
  const token = async (): Promise<string> => {
    held ??= begin();
    const mine = held;
    try {
      const { token: present, untilMs } = await mine;
      if (Date.now() < untilMs - EARLY_MS) return present;
    } catch (error) {
      if (held === mine) held = undefined;
      throw error;
    }
    if (held === mine) held = undefined;
    return await token();
  };
  const view: SupportView = {
    get: async (path, query) => await withToken(await token(), "GET", { path, query: query ?? {} }),
    post: async (path, body) => await withToken(await token(), "POST", { path, body }),
    listen: async (heard) => {
      const { url } = await view.post<{ url: string }>("/v1/live/tickets", {});
      const socket = new WebSocket(url);
      socket.addEventListener("message", ({ data }) => heard(JSON.parse(String(data)) as LiveMessage));
      return () => socket.close();
    },
  };
  return view;
}
