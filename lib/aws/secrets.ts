import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { readFile } from "node:fs/promises";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { AppError } from "../errors.ts";
import type { PublicJwk } from "../session/token.ts";
import type { EpochMs } from "../time.ts";
import { PATIENCE } from "./patience.ts";
import { parseSecretsDocument, type SigningKeyEntry } from "./secrets-document.ts";

/** A signing key, ready for use. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly publicJwk: PublicJwk;
  /** It signs from here on; it is published and verifies from the moment it is in the document. */
  readonly activeFromMs: EpochMs;
  /** From here on it neither signs nor verifies. */
  readonly retiredAtMs: EpochMs;
}

/** The secrets of the deployment. Symmetric keys come newest first: the first makes, all of them check. */
export interface Secrets {
  readonly signingKeys: readonly SigningKey[];
  readonly sealingKeys: readonly Buffer[];
  readonly refreshKeys: readonly Buffer[];
  readonly codeKeys: readonly Buffer[];
  readonly factorKeys: readonly Buffer[];
}

/** Where secrets come from. */
export interface SecretsSource {
  /** The secrets as they were at most 60 s ago. @throws AppError `unavailable` */
  current(): Promise<Secrets>;
  /** Reads again because something unknown turned up, at most once in 10 s. @throws AppError `unavailable` */
  reloaded(): Promise<Secrets>;
}

/** What a source needs. */
export interface SecretsSourceDeps {
  readonly readText: () => Promise<string>;
  readonly now: () => EpochMs;
}

// A rotation publishes a key 10 min before it signs and keeps it 10 min after: 60 s are well inside.
const FRESH_MS = 60_000;
const RELOAD_INTERVAL_MS = 10_000;
// Retirement goes by the clock, so old secrets stay safe to use while the store does not answer.
const STALE_MS = 15 * 60_000;

/** Keeps secrets in memory for 60 s, and for 15 min while their store does not answer. */
export function secretsSource(deps: SecretsSourceDeps): SecretsSource {
  let kept: { readonly text: string; readonly secrets: Secrets; readonly readAtMs: EpochMs } | undefined;
  let reading: Promise<Secrets> | undefined;

  const read = async (): Promise<Secrets> => {
    const nowMs = deps.now();
    try {
      const text = await deps.readText();
      // Turning text into keys costs more than comparing it.
      kept = { text, secrets: kept?.text === text ? kept.secrets : importSecrets(text), readAtMs: nowMs };
      return kept.secrets;
    } catch (cause) {
      if (kept !== undefined && nowMs < kept.readAtMs + STALE_MS) return kept.secrets;
      throw new AppError("unavailable", "The secrets cannot be read now.", { cause, retryAfterSeconds: 1 });
    }
  };
  const youngerThan = async (ageMs: number): Promise<Secrets> => {
    if (kept !== undefined && deps.now() < kept.readAtMs + ageMs) return kept.secrets;
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };

  return { current: () => youngerThan(FRESH_MS), reloaded: () => youngerThan(RELOAD_INTERVAL_MS) };
}

/** Where a deployment keeps its secrets document; exactly one of the two is given. */
export interface SecretsLocation {
  /** The name of an SSM SecureString: environment variable `SECRETS_PARAMETER`. */
  readonly parameter?: string | undefined;
  /** The path of a file, for local runs: environment variable `SECRETS_FILE`. */
  readonly file?: string | undefined;
}

/** The secrets of this deployment. */
export function deploymentSecrets(location: SecretsLocation, now: () => EpochMs): SecretsSource {
  const { parameter, file } = location;
  if (file !== undefined) return secretsSource({ readText: () => readFile(file, "utf8"), now });
  if (parameter !== undefined) return secretsSource({ readText: () => readParameter(parameter), now });
  throw new Error("Neither SECRETS_PARAMETER nor SECRETS_FILE says where the secrets are.");
}

let ssm: SSMClient | undefined;

async function readParameter(name: string): Promise<string> {
  ssm ??= new SSMClient({ maxAttempts: 2, requestHandler: PATIENCE });
  const answer = await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
  if (answer.Parameter?.Value === undefined) throw new Error("The secrets parameter has no value.");
  return answer.Parameter.Value;
}

function importSecrets(text: string): Secrets {
  const document = parseSecretsDocument(text);
  const bytes = (keys: readonly string[]) => keys.map((key) => Buffer.from(key, "base64url"));
  return {
    signingKeys: document.signingKeys.map(importSigningKey),
    sealingKeys: bytes(document.sealingKeys),
    refreshKeys: bytes(document.refreshKeys),
    codeKeys: bytes(document.codeKeys),
    factorKeys: bytes(document.factorKeys),
  };
}

function importSigningKey(entry: SigningKeyEntry): SigningKey {
  const privateKey = createPrivateKey({ key: { ...entry.privateKeyJwk }, format: "jwk" });
  const { kty, crv, x, y } = entry.privateKeyJwk;
  return {
    kid: entry.kid,
    privateKey,
    publicKey: createPublicKey(privateKey),
    publicJwk: { kty, crv, x, y, kid: entry.kid, alg: "ES256", use: "sig" },
    activeFromMs: entry.activeFromMs,
    retiredAtMs: entry.retiredAtMs ?? Number.POSITIVE_INFINITY,
  };
}
