import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import jwt from "jsonwebtoken";

/** A CI provider of a test: it publishes keys on this machine and signs whatever claims it is told. */
export interface CiIssuer {
  readonly url: string;
  /** How often its keys were asked for. */
  readonly asked: { count: number };
  /** A token as GitHub Actions gives them, with some claims changed; `undefined` takes one away. */
  github(claims?: Readonly<Record<string, unknown>>): string;
  /** A token as GitLab gives them. */
  gitlab(claims?: Readonly<Record<string, unknown>>): string;
  /** Signs anything, with the issuer's own key unless another is given. */
  sign(claims: Readonly<Record<string, unknown>>, options?: SignOptions): string;
  /** Puts a new key in the place of the old one. */
  rotate(): void;
  stop(): Promise<void>;
}

/** How to sign otherwise. */
export interface SignOptions {
  readonly key?: KeyObject | string;
  readonly algorithm?: jwt.Algorithm;
  readonly header?: Readonly<Record<string, unknown>>;
}

/** The `aud` that a test's rules ask for. */
export const AUDIENCE = "https://sessions.example.com";

/** Starts an issuer on a port of its own. `now` is the test's clock. */
export async function startCiIssuer(now: () => number): Promise<CiIssuer> {
  const asked = { count: 0 };
  let issued = 0;
  let current = newKey();
  const server = createServer((request, response) => {
    asked.count += 1;
    const documents: Readonly<Record<string, unknown>> = {
      "/.well-known/openid-configuration": { issuer: url, jwks_uri: `${url}/jwks` },
      "/jwks": { keys: [current.jwk] },
    };
    const document = documents[request.url ?? ""];
    response.writeHead(document === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(document ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const sign: CiIssuer["sign"] = (claims, { key, algorithm = "RS256", header = {} } = {}) =>
    jwt.sign(JSON.stringify(claims), key ?? current.privateKey, {
      algorithm,
      header: { alg: algorithm, typ: "JWT", kid: current.kid, ...header },
    });
  const signed = (usual: Readonly<Record<string, unknown>>, claims: Readonly<Record<string, unknown>>) => {
    const iat = Math.floor(now() / 1000);
    issued += 1;
    return sign({
      ...{ iss: url, aud: AUDIENCE, iat, nbf: iat, exp: iat + 300, jti: `token-${issued}` },
      ...usual,
      ...claims,
    });
  };
  return {
    url,
    asked,
    sign,
    // https://docs.github.com/actions/reference/security/oidc
    github: (claims = {}) =>
      signed(
        {
          sub: "repo:octo-org/octo-repo:ref:refs/heads/main",
          repository: "octo-org/octo-repo",
          repository_owner: "octo-org",
          ref: "refs/heads/main",
          workflow: "deploy",
          run_id: "1658821493",
          run_attempt: "1",
          actor: "octocat",
          event_name: "push",
        },
        claims,
      ),
    // https://docs.gitlab.com/ci/secrets/id_token_authentication
    gitlab: (claims = {}) =>
      signed(
        {
          sub: "project_path:my-group/my-project:ref_type:branch:ref:main",
          project_path: "my-group/my-project",
          namespace_path: "my-group",
          ref: "main",
          ref_type: "branch",
          ref_protected: "true",
          pipeline_id: "574",
          job_id: "302",
        },
        claims,
      ),
    rotate: () => {
      current = newKey();
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

let keys = 0;

function newKey() {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  keys += 1;
  const kid = `key-${keys}`;
  return {
    kid,
    privateKey: createPrivateKey(privateKey.export({ type: "pkcs8", format: "pem" })),
    jwk: { ...publicKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" },
  };
}
