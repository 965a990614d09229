import * as z from "zod";
import type { SignedIn } from "../session/continue-sign-in.ts";
import type { IssueTokensDeps } from "../session/issue-tokens.ts";
import type { EpochMs } from "../time.ts";
import { FactorType } from "./factor-document.ts";
import { json, type Reply } from "./reply.ts";
import type { SessionTransport } from "./session-transport.ts";
import { TokensDocument, tokensReply } from "./tokens-document.ts";

/** What a sign-in answers once the password was right: tokens, or what is still asked for (contract section 2). */
export const SignedInDocument = z.discriminatedUnion("status", [
  TokensDocument,
  z.object({
    status: z.literal("mfa_required"),
    challengeToken: z.string(),
    expiresIn: z.number(),
    factors: z.array(z.object({ id: z.string(), type: FactorType, label: z.string() })),
  }),
  z.object({ status: z.literal("mfa_enrollment_required"), challengeToken: z.string() }),
]);

/** Answers with how a sign-in goes on. */
export async function signedInReply(
  deps: IssueTokensDeps,
  outcome: SignedIn,
  { transport, nowMs }: { readonly transport: SessionTransport; readonly nowMs: EpochMs },
): Promise<Reply> {
  switch (outcome.status) {
    case "active": {
      const { session, account } = outcome;
      return await tokensReply(deps, { session, tenant: account.tenant, transport, nowMs });
    }
    case "mfa_required": {
      const { status, challengeToken, expiresInSeconds, factors } = outcome;
      return json({ status, challengeToken, expiresIn: expiresInSeconds, factors });
    }
    case "mfa_enrollment_required":
      return json({ status: outcome.status, challengeToken: outcome.challengeToken });
  }
}
