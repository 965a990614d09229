import { adopt, get, post } from "../api.ts";
import type { Factor, Page, Tokens } from "../documents.ts";
import { PasskeyButton } from "../pages/sign-in-passkey.tsx";
import { canUsePasskeys, signWithPasskey } from "../passkeys.ts";
import { linkTo } from "../router.ts";
import { stepUpRequest } from "../step-up.ts";
import { useStore } from "../store.ts";
import { ActionButton } from "./action-button.tsx";
import { Dialog } from "./dialog.tsx";
import { CodeField, Form, SelectField } from "./form.tsx";
import { Loaded } from "./page.tsx";
import { useLoad } from "./use-load.ts";

/** Asks for a factor again, where what is being done is sensitive (RFC 9470). */
export function StepUpDialog() {
  const request = useStore(stepUpRequest);
  if (request === undefined) return null;
  const accept = (tokens: Tokens) => {
    adopt(tokens);
    request.answer(true);
  };
  return (
    <Dialog title="Verify that it is you" close={() => request.answer(false)}>
      <p>What you are about to do is sensitive. It needs a factor that was verified a moment ago.</p>
      <StepUpForm accept={accept} cancel={() => request.answer(false)} />
    </Dialog>
  );
}

function StepUpForm(props: { readonly accept: (tokens: Tokens) => void; readonly cancel: () => void }) {
  const factors = useLoad(() => get<Page<Factor>>("/v1/me/factors"));
  return (
    <Loaded of={factors} what="your factors">
      {({ items }) => <Factors {...props} factors={items.filter(({ verified }) => verified)} />}
    </Loaded>
  );
}

function Factors(props: {
  readonly factors: readonly Factor[];
  readonly accept: (tokens: Tokens) => void;
  readonly cancel: () => void;
}) {
  const { factors, accept, cancel } = props;
  if (factors.length === 0) {
    return (
      <p>
        You have no second factor yet. <a href={linkTo("/account")}>Add one under Your account</a>, then try
        again.
      </p>
    );
  }
  const codes = factors.filter(({ type }) => type !== "passkey");
  return (
    <>
      {factors.length > codes.length && canUsePasskeys() && (
        <PasskeyButton run={async () => accept(await byPasskey())} />
      )}
      <Form
        label="Verify"
        cancel={cancel}
        send={async (filled) => accept(await byCode(filled.optional("factor"), filled.compact("code")))}
      >
        {codes.length > 1 && (
          <SelectField
            label="Verify with"
            name="factor"
            options={codes.map(({ id, type, label }) => [
              id,
              `${type === "sms" ? "Text message" : "App"}: ${label}`,
            ])}
          />
        )}
        {codes
          .filter(({ type }) => type === "sms")
          .map(({ id, label }) => (
            <ActionButton
              key={id}
              kind="quiet"
              run={() => post(`/v1/me/factors/${id}/send`)}
              done="It is on its way."
            >
              Send a text message to {label}
            </ActionButton>
          ))}
        <CodeField />
      </Form>
    </>
  );
}

function byCode(factorId: string | undefined, code: string): Promise<Tokens> {
  return post<Tokens>("/v1/auth/step-up", { ...(factorId === undefined ? {} : { factorId }), code });
}

async function byPasskey(): Promise<Tokens> {
  const { passkeyToken, options } = await post<{
    passkeyToken: string;
    options: PublicKeyCredentialRequestOptionsJSON;
  }>("/v1/auth/passkey/options", {});
  const credential = await signWithPasskey(options);
  return await post<Tokens>("/v1/auth/step-up", { passkeyToken, credential });
}
