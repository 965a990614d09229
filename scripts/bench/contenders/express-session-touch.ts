import expressSession, { type SessionRequest } from "express-session";

/** express-session loading a session from its memory store and touching it at the end of the answer. */
export async function prepare(): Promise<() => Promise<void>> {
  const middleware = expressSession({
    ...{ secret: "a secret of the measurement", resave: false, saveUninitialized: true },
    cookie: { maxAge: 1_800_000 },
  });
  const answer = (cookie: string | undefined): Promise<string | undefined> =>
    new Promise((resolve, reject) => {
      const request: SessionRequest = {
        ...{ url: "/", originalUrl: "/", connection: {} },
        headers: cookie === undefined ? {} : { cookie },
      };
      const response = fakeResponse((setCookie) => resolve(setCookie?.split(";")[0]));
      middleware(request, response, (error) => {
        if (error !== undefined) reject(error);
        else if (request.sessionID === undefined) reject(new Error("There is no session."));
        else response.end();
      });
    });
  const cookie = await answer(undefined);
  if (cookie === undefined) throw new Error("express-session gave no cookie.");
  return async () => {
    await answer(cookie);
  };
}

/** As little of a response as the middleware needs. */
function fakeResponse(done: (setCookie: string | undefined) => void) {
  const headers = new Map<string, string>();
  const response = {
    getHeader: (name: string) => headers.get(name.toLowerCase()),
    setHeader: (name: string, value: string | readonly string[]) => {
      headers.set(name.toLowerCase(), [value].flat().join("; "));
      return response;
    },
    writeHead: () => response,
    _implicitHeader: () => {
      response.writeHead();
    },
    end: () => {
      response.writeHead();
      done(headers.get("set-cookie"));
      return response;
    },
    write: () => true,
  };
  return response;
}
