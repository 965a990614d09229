import { useState } from "preact/hooks";
import { postOpenly } from "../api.ts";
import type { OfferedFactor, Tokens } from "../documents.ts";
import { ActionButton } from "../parts/action-button.tsx";
import { CodeField, Form, SelectField, TextField } from "../parts/form.tsx";
import { canUsePasskeys } from "../passkeys.ts";
import { SignInCard } from "./sign-in-card.tsx";
import { type GoOn, passkeySignIn } from "./sign-in-credentials.tsx";
import { PasskeyButton } from "./sign-in-passkey.tsx";

const RECOVERY = "recovery";

/** The second factor of a sign-in: a code of whatever kind, or a passkey. */
export function SecondFactor(props: {
  readonly challengeToken: string;
  readonly factors: readonly OfferedFactor[];
  readonly goOn: GoOn;
  readonly restart: () => void;
}) {
  const { challengeToken, factors, goOn } = props;
  const withCodes = factors.filter(({ type }) => type !== "passkey");
  const [chosen, setChosen] = useState(withCodes[0]?.id ?? RECOVERY);
  const hasPasskey = factors.some(({ type }) => type === "passkey") && canUsePasskeys();
  return (
    <SignInCard title="Verify that it is you">
      {hasPasskey && (
        <>
          <PasskeyButton run={() => goOn(() => passkeySignIn(challengeToken))} />
          <p class="or">or with a code</p>
        </>
      )}
      <Form
        label="Verify"
        name="Second factor"
        send={(filled) => goOn(() => verify(props, chosen, filled.compact("code")))}
      >
        <SelectField
          label="Verify with"
          name="factor"
          value={chosen}
          onChange={setChosen}
          options={[...withCodes.map(choiceOf), [RECOVERY, "One of your recovery codes"]]}
        />
        <SendCode challengeToken={challengeToken} factor={withCodes.find(({ id }) => id === chosen)} />
        {chosen === RECOVERY ? (
          <TextField label="Code" name="code" required autofocus hint="Each of these works once." />
        ) : (
          <CodeField key={chosen} />
        )}
      </Form>
      <p class="under">
        <button type="button" class="link" onClick={props.restart}>
          Begin again
        </button>
      </p>
    </SignInCard>
  );
}

function choiceOf({ id, type, label }: OfferedFactor): readonly [string, string] {
  return [id, type === "totp" ? `Authenticator app: ${label}` : `Text message: ${label}`];
}

/** A text message is sent when one asks for it: nobody's phone is to ring for a mistyped choice. */
function SendCode(props: { readonly challengeToken: string; readonly factor: OfferedFactor | undefined }) {
  const { challengeToken, factor } = props;
  if (factor?.type !== "sms") return null;
  return (
    <ActionButton
      run={() => postOpenly("/v1/auth/mfa/send", { challengeToken, factorId: factor.id })}
      done="A text message is on its way."
    >
      Send me a text message
    </ActionButton>
  );
}

function verify(
  { challengeToken }: { readonly challengeToken: string },
  chosen: string,
  code: string,
): Promise<Tokens> {
  const factor = chosen === RECOVERY ? {} : { factorId: chosen };
  return postOpenly<Tokens>("/v1/auth/mfa", { challengeToken, ...factor, code });
}
