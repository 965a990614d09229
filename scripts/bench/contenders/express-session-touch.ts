import expressSession from "express-session";
import { requestThrough } from "../peers/express-requests.ts";

/** express-session loading a session from its memory store and touching it at the end of the answer. */
export async function prepare(): Promise<() => Promise<void>> {
  const middleware = expressSession({
    ...{ secret: "a secret of the measurement", resave: false, saveUninitialized: true },
    cookie: { maxAge: 1_800_000 },
  });
  const { setCookie } = await requestThrough(middleware, undefined);
  if (setCookie === undefined) throw new Error("express-session gave no cookie.");
  return async () => {
    await requestThrough(middleware, setCookie);
  };
}
