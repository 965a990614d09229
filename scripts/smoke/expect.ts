import type { SmokeAnswer } from "./http-client.ts";

/** What was found is not what a working service answers. */
export class Unexpected extends Error {
  override readonly name = "Unexpected";
}

/** Holds an answer to its status, and to its problem code where one is given. @throws Unexpected */
export function expectAnswer(answer: SmokeAnswer, status: number, code?: string): void {
  const found = answer.at("code");
  if (answer.status !== status || (code !== undefined && found !== code)) {
    const wanted = code === undefined ? status : `${status} ${code}`;
    throw new Unexpected(`answered ${answer.status} ${String(found ?? "")}`.trim().concat(`, not ${wanted}`));
  }
  if (code !== undefined && answer.headers.get("content-type") !== "application/problem+json") {
    throw new Unexpected(`the refusal is ${answer.headers.get("content-type")}, not a problem document`);
  }
}

/** Holds what was found to what is wanted. @throws Unexpected */
export function expectThat(isSo: boolean, otherwise: string): void {
  if (!isSo) throw new Unexpected(otherwise);
}

/** Reads a text out of an answer. @throws Unexpected */
export function textAt(answer: SmokeAnswer, ...path: readonly string[]): string {
  const value = answer.at(...path);
  if (typeof value !== "string") throw new Unexpected(`the answer has no ${path.join(".")}`);
  return value;
}
