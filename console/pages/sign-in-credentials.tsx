import { postOpenly } from "../api.ts";
import type { SignInAnswer, Tokens } from "../documents.ts";
import { Form, TextField } from "../parts/form.tsx";
import { canUsePasskeys, signWithPasskey } from "../passkeys.ts";
import { linkTo } from "../router.ts";
import { SignInCard } from "./sign-in-card.tsx";
import { PasskeyButton } from "./sign-in-passkey.tsx";

/** Takes the answer of a step, and goes to the next one or in. */
export type GoOn = (ask: () => Promise<SignInAnswer>) => Promise<void>;

/** Email and password, or a passkey alone. */
export function Credentials(props: { readonly why?: string | undefined; readonly goOn: GoOn }) {
  return (
    <SignInCard title="Sign in">
      {props.why !== undefined && (
        <p class="hint" role="status">
          {props.why}
        </p>
      )}
      <Form
        label="Sign in"
        name="Sign in"
        send={(filled) =>
          props.goOn(() =>
            postOpenly<SignInAnswer>("/v1/auth/login", {
              email: filled.text("email"),
              password: filled.exact("password"),
            }),
          )
        }
      >
        <TextField
          label="Email"
          name="email"
          type="email"
          autocomplete="username webauthn"
          required
          autofocus
        />
        <TextField
          label="Password"
          name="password"
          type="password"
          autocomplete="current-password"
          required
        />
      </Form>
      {canUsePasskeys() && (
        <>
          <p class="or">or</p>
          <PasskeyButton run={() => props.goOn(() => passkeySignIn())} />
        </>
      )}
      <p class="under">
        <a href={linkTo("/reset-password")}>Forgot your password?</a>
      </p>
    </SignInCard>
  );
}

/** Signs in with a passkey: alone, or as the second factor of the sign-in whose challenge is given. */
export async function passkeySignIn(challengeToken?: string): Promise<Tokens> {
  const { passkeyToken, options } = await postOpenly<{
    passkeyToken: string;
    options: PublicKeyCredentialRequestOptionsJSON;
  }>("/v1/auth/passkey/options", challengeToken === undefined ? {} : { challengeToken });
  const credential = await signWithPasskey(options);
  return await postOpenly<Tokens>("/v1/auth/passkey", { passkeyToken, credential });
}
