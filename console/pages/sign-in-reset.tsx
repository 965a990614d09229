import { useState } from "preact/hooks";
import { postOpenly } from "../api.ts";
import type { SignInAnswer } from "../documents.ts";
import { say } from "../notices.ts";
import { Form, TextField } from "../parts/form.tsx";
import { go, linkTo } from "../router.ts";
import { SignInCard } from "./sign-in-card.tsx";

/** Asks for a letter with a token, and takes the token. */
export function AskForReset({ back }: { readonly back: () => void }) {
  const [isSent, setSent] = useState(false);
  if (isSent) return <EnterToken back={back} />;
  return (
    <SignInCard title="Set a new password">
      <p>We send a letter to your address, good for 30 minutes.</p>
      <Form
        label="Send the letter"
        send={async (filled) => {
          await postOpenly("/v1/auth/password-reset", { email: filled.text("email") });
          setSent(true);
        }}
      >
        <TextField label="Email" name="email" type="email" autocomplete="username" required autofocus />
      </Form>
      <Back back={back} />
    </SignInCard>
  );
}

function EnterToken({ back }: { readonly back: () => void }) {
  return (
    <SignInCard title="Look into your mail">
      <p>
        If there is an account with that address, a letter is on its way. Enter the token that it carries.
      </p>
      <Form
        label="Continue"
        send={async (filled) => go(linkTo("/reset-password", { token: filled.text("token") }))}
      >
        <TextField label="Token from the letter" name="token" required autofocus />
      </Form>
      <Back back={back} />
    </SignInCard>
  );
}

/** Sets a password with the token of a letter: of a reset, or of an invitation, which signs in as well. */
export function NewPassword(props: {
  readonly token: string;
  readonly purpose: "reset" | "invitation";
  readonly done: (answer: SignInAnswer | undefined) => void;
}) {
  const { token, purpose } = props;
  const isReset = purpose === "reset";
  return (
    <SignInCard title={isReset ? "Set a new password" : "Welcome"}>
      {isReset ? <p>All of your sessions end with it.</p> : <p>Choose a password, and you are in.</p>}
      <Form
        label={isReset ? "Set the password" : "Accept the invitation"}
        send={async (filled) => {
          const password = filled.exact("password");
          const given = filled.optional("token") ?? token;
          const answer = isReset
            ? await postOpenly<undefined>("/v1/auth/password-reset/confirm", {
                token: given,
                newPassword: password,
              })
            : await postOpenly<SignInAnswer>("/v1/auth/invitation/accept", { token: given, password });
          if (isReset) say("Your new password is set. Sign in with it.");
          props.done(answer);
        }}
      >
        {token === "" && <TextField label="Token from the letter" name="token" required autofocus />}
        <TextField
          label="New password"
          name="password"
          type="password"
          autocomplete="new-password"
          hint="At least 15 characters; a sentence is easiest to remember."
          required
          autofocus={token !== ""}
        />
      </Form>
      <Back back={() => go(linkTo("/"))} />
    </SignInCard>
  );
}

function Back({ back }: { readonly back: () => void }) {
  return (
    <p class="under">
      <button type="button" class="link" onClick={back}>
        Back to sign in
      </button>
    </p>
  );
}
