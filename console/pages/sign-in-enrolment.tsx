import { useState } from "preact/hooks";
import { postOpenly } from "../api.ts";
import type { FactorType, NewFactor, Tokens, VerifiedFactor } from "../documents.ts";
import { FactorSetUp, RecoveryCodes } from "../parts/factor-set-up.tsx";
import { SignInCard } from "./sign-in-card.tsx";
import type { GoOn } from "./sign-in-credentials.tsx";

/** The tenant demands a second factor, and there is none yet: it is set up before the sign-in is complete. */
export function Enrolment(props: {
  readonly challengeToken: string;
  readonly goOn: GoOn;
  readonly restart: () => void;
}) {
  const { challengeToken, goOn } = props;
  const [complete, setComplete] = useState<{ codes: readonly string[]; tokens: Tokens }>();
  if (complete !== undefined) {
    return (
      <SignInCard title="Keep your recovery codes">
        <RecoveryCodes codes={complete.codes} done={() => void goOn(async () => complete.tokens)} />
      </SignInCard>
    );
  }
  return (
    <SignInCard title="Set up a second factor">
      <p>Your organisation asks for one beside the password. It takes a minute.</p>
      <FactorSetUp
        add={(type, details) => postOpenly<NewFactor>("/v1/me/factors", { type, ...details }, challengeToken)}
        send={(id) => postOpenly(`/v1/me/factors/${id}/send`, undefined, challengeToken)}
        verify={async (id, proof) => {
          const verified = await postOpenly<VerifiedFactor>(
            `/v1/me/factors/${id}/verify`,
            proof,
            challengeToken,
          );
          setComplete({ codes: verified.recoveryCodes ?? [], tokens: tokensOf(verified) });
        }}
        types={["totp", "passkey", "sms"] satisfies readonly FactorType[]}
      />
      <p class="under">
        <button type="button" class="link" onClick={props.restart}>
          Begin again
        </button>
      </p>
    </SignInCard>
  );
}

function tokensOf({ accessToken, expiresIn, session }: VerifiedFactor): Tokens {
  if (accessToken === undefined || expiresIn === undefined || session === undefined) {
    throw new Error("Your factor is set up. Sign in again to use it.");
  }
  return { status: "active", accessToken, expiresIn, session };
}
