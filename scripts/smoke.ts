/**
 * Tries a running service from outside, after a deploy: `npm run smoke -- --url https://… [--json]`. Who signs in is in
 * SMOKE_EMAIL, SMOKE_PASSWORD and, where there is an authenticator, SMOKE_TOTP_SECRET. Ends with 0 when all is as it
 * should be, else with 1. Needs nothing but Node: no container, no credentials of AWS.
 */
import { parseArgs } from "node:util";
import { runSmoke, type StepOutcome } from "./smoke/run-smoke.ts";

const { values } = parseArgs({
  options: {
    url: { type: "string", default: "http://localhost:3000" },
    json: { type: "boolean", default: false },
  },
});
const { SMOKE_EMAIL: email, SMOKE_PASSWORD: password, SMOKE_TOTP_SECRET: totpSecret } = process.env;
const hasUser = email !== undefined && password !== undefined;

const report = await runSmoke({
  url: new URL(values.url).origin,
  ...(hasUser ? { user: { email, password, ...(totpSecret === undefined ? {} : { totpSecret }) } } : {}),
  now: Date.now,
  ...(values.json ? {} : { onStep: printStep }),
});
if (values.json) console.log(JSON.stringify(report));
else console.log(report.ok ? `${report.url} works.` : `${report.url} does not work.`);
process.exitCode = report.ok ? 0 : 1;

function printStep({ name, outcome, durationMs, detail = "" }: StepOutcome): void {
  const columns = [outcome.padEnd(8), name.padEnd(20), `${Math.round(durationMs)} ms`.padStart(8), detail];
  console.log(columns.join("  ").trimEnd());
}
