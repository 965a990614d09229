import { useState } from "preact/hooks";
import type { FactorType, NewFactor } from "../documents.ts";
import { canUsePasskeys, createPasskey } from "../passkeys.ts";
import { saveFile } from "../save-file.ts";
import { ActionButton } from "./action-button.tsx";
import { CodeField, Form, SelectField, TextField } from "./form.tsx";

/** How a factor is made and proven: during a sign-in by its challenge, later by the session. */
export interface FactorCalls {
  readonly add: (
    type: FactorType,
    details: { readonly label: string; readonly phone?: string },
  ) => Promise<NewFactor>;
  readonly send: (id: string) => Promise<unknown>;
  readonly verify: (
    id: string,
    proof: { readonly code: string } | { readonly credential: unknown },
  ) => Promise<unknown>;
  readonly types: readonly FactorType[];
}

const NAMES: Readonly<Record<FactorType, string>> = {
  totp: "An authenticator app",
  passkey: "A passkey: fingerprint, face or security key",
  sms: "Text messages to a phone",
};

/** Chooses a kind of factor, makes one and has it proven. */
export function FactorSetUp(calls: FactorCalls) {
  const types = calls.types.filter((type) => type !== "passkey" || canUsePasskeys());
  const [type, setType] = useState<FactorType>(types[0] ?? "totp");
  const [made, setMade] = useState<NewFactor>();
  if (made !== undefined) return <Prove factor={made} calls={calls} />;
  const begin = async (label: string, phone: string | undefined) => {
    const factor = await calls.add(type, { label, ...(phone === undefined ? {} : { phone }) });
    if (factor.options !== undefined) {
      await calls.verify(factor.id, { credential: await createPasskey(factor.options) });
      return;
    }
    if (factor.type === "sms") await calls.send(factor.id);
    setMade(factor);
  };
  return (
    <Form
      label="Continue"
      send={(filled) => begin(filled.text("label"), filled.optional("phone")?.replaceAll(/[\s-]/g, ""))}
    >
      <SelectField
        label="Kind"
        name="type"
        value={type}
        options={types.map((option) => [option, NAMES[option]])}
        onChange={(value) => setType(types.find((option) => option === value) ?? "totp")}
      />
      <TextField
        label="Name"
        name="label"
        value={type === "sms" ? "Phone" : type === "totp" ? "Authenticator" : "Passkey"}
        key={type}
        required
      />
      {type === "sms" && (
        <TextField
          label="Phone number"
          name="phone"
          type="tel"
          autocomplete="tel"
          hint="With its country: +49 151 …"
          required
        />
      )}
    </Form>
  );
}

function Prove({ factor, calls }: { readonly factor: NewFactor; readonly calls: FactorCalls }) {
  return (
    <>
      {factor.type === "totp" ? (
        <Scan factor={factor} />
      ) : (
        <p>
          A text message is on its way.{" "}
          <ActionButton kind="quiet" run={() => calls.send(factor.id)} done="Another one is on its way.">
            Send another
          </ActionButton>
        </p>
      )}
      <Form label="Verify" send={(filled) => calls.verify(factor.id, { code: filled.compact("code") })}>
        <CodeField />
      </Form>
    </>
  );
}

function Scan({ factor }: { readonly factor: NewFactor }) {
  return (
    <div class="scan">
      <p>Scan this with your authenticator app, and enter the six digits that it shows.</p>
      {factor.qrSvg !== undefined && (
        <img
          // As an image: what is in it cannot run.
          src={`data:image/svg+xml,${encodeURIComponent(factor.qrSvg)}`}
          alt="QR code of the secret under it"
          width="200"
          height="200"
        />
      )}
      <p>
        <small>
          No camera? Enter this secret: <code class="secret">{factor.secret}</code>
        </small>
      </p>
    </div>
  );
}

/** Shows recovery codes, the only time. */
export function RecoveryCodes(props: { readonly codes: readonly string[]; readonly done: () => void }) {
  const text = props.codes.join("\n");
  return (
    <>
      <p>
        Each of these signs you in once, when your factor is out of reach. They are not shown again: keep them
        where you keep what matters.
      </p>
      <pre class="codes">{text}</pre>
      <footer class="actions">
        <button
          type="button"
          class="secondary outline"
          onClick={() => saveFile("recovery-codes.txt", new Blob([text], { type: "text/plain" }))}
        >
          Download
        </button>
        <button type="button" onClick={props.done}>
          I have kept them
        </button>
      </footer>
    </>
  );
}
