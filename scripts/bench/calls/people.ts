import speakeasy from "speakeasy";
import { type BenchAnswer, type BenchProduct, type BenchRequest, PASSWORD, TOTP_SECRET } from "../product.ts";

/** What a person does to sign in and go on, through the handlers. */
export interface People {
  readonly login: (email: string) => Promise<BenchAnswer>;
  readonly secondFactor: (challengeToken: string) => Promise<BenchAnswer>;
  readonly refresh: (refreshToken: string) => Promise<BenchAnswer>;
  readonly logout: (token: string) => Promise<BenchAnswer>;
  /** One authorised request: the session that it is of. */
  readonly current: (token: string) => Promise<BenchAnswer>;
  readonly revokeAll: (token: string, exceptCurrent: boolean) => Promise<BenchAnswer>;
}

/** Makes it for a product. */
export function people(product: BenchProduct): People {
  return {
    login: (email) =>
      product.call(
        "functions/auth/login",
        "POST /v1/auth/login",
        post("/v1/auth/login", { email, password: PASSWORD }),
      ),
    secondFactor: (challengeToken) =>
      product.call(
        "functions/auth/verify-mfa",
        "POST /v1/auth/mfa",
        post("/v1/auth/mfa", {
          challengeToken,
          code: speakeasy.totp({ secret: TOTP_SECRET, encoding: "base32" }),
        }),
      ),
    refresh: (refreshToken) =>
      product.call(
        "functions/auth/refresh",
        "POST /v1/auth/refresh",
        post("/v1/auth/refresh", { refreshToken }),
      ),
    logout: (token) =>
      product.call("functions/auth/index", "POST /v1/auth/logout", {
        ...{ method: "POST", path: "/v1/auth/logout", token },
      }),
    current: (token) =>
      product.call("functions/sessions/index", "GET /v1/sessions/{sessionId}", {
        ...{ method: "GET", path: "/v1/sessions/current", token, pathParameters: { sessionId: "current" } },
      }),
    revokeAll: (token, exceptCurrent) =>
      product.call("functions/sessions/index", "POST /v1/sessions/revoke", {
        ...post("/v1/sessions/revoke", { exceptCurrent }),
        token,
      }),
  };
}

function post(path: string, body: object): BenchRequest {
  return { method: "POST", path, body };
}
