import type { SessionMiddleware, SessionRequest } from "express-session";

/** What came of a request: the cookie that the answer set, and the session that it was of. */
export interface ExpressAnswer {
  readonly setCookie: string | undefined;
  readonly sessionId: string;
}

/** Takes one request through express-session, to the end of its answer. */
export function requestThrough(
  middleware: SessionMiddleware,
  cookie: string | undefined,
): Promise<ExpressAnswer> {
  return new Promise((resolve, reject) => {
    const request: SessionRequest = {
      ...{ url: "/", originalUrl: "/", connection: {} },
      headers: cookie === undefined ? {} : { cookie },
    };
    const response = responseUntil((setCookie) =>
      resolve({ setCookie: setCookie?.split(";")[0], sessionId: request.sessionID ?? "" }),
    );
    middleware(request, response, (error) => {
      if (error !== undefined) reject(error);
      else if (request.sessionID === undefined) reject(new Error("There is no session."));
      else response.end();
    });
  });
}

/** As little of a response as the middleware needs. */
function responseUntil(done: (setCookie: string | undefined) => void) {
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
