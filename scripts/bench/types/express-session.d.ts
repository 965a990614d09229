/** As much of express-session as is measured; it brings no types. */
declare module "express-session" {
  /** What it reads of a request, and writes to it. */
  interface SessionRequest {
    readonly url: string;
    readonly originalUrl: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly connection: object;
    readonly sessionID?: string;
  }
  type SessionMiddleware = (
    request: SessionRequest,
    response: object,
    next: (error?: unknown) => void,
  ) => void;
  function expressSession(options: object): SessionMiddleware;
  namespace expressSession {
    export type { SessionMiddleware, SessionRequest };
    export class Store {}
  }
  export = expressSession;
}
