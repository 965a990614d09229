import type { Invoke } from "./streams.ts";

/** Calls functions through serverless-offline's Lambda port, by the names that they have on the stage `local`. */
export function invokeThrough(lambdaPort: number): Invoke {
  return async (functionKey, event) => {
    const url = `http://127.0.0.1:${lambdaPort}/2015-03-31/functions/active-session-local-${functionKey}/invocations`;
    const answer = await fetch(url, { method: "POST", body: JSON.stringify(event, bytesAsBase64) });
    const text = await answer.text();
    if (!answer.ok || answer.headers.has("x-amz-function-error")) {
      throw new Error(`${functionKey} failed: ${text.slice(0, 500)}`);
    }
    return text === "" ? null : JSON.parse(text);
  };
}

function bytesAsBase64(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value;
}
