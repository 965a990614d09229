import { useState } from "preact/hooks";
import { get, post, remove } from "../api.ts";
import type { Factor, Me, NewFactor, VerifiedFactor } from "../documents.ts";
import { say } from "../notices.ts";
import type { PageProps } from "../pages.tsx";
import { ActionButton } from "../parts/action-button.tsx";
import { Badge } from "../parts/badge.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { FactorSetUp, RecoveryCodes } from "../parts/factor-set-up.tsx";
import { Facts } from "../parts/facts.tsx";
import { Form, TextField } from "../parts/form.tsx";
import { Empty, Loaded, Page, Section } from "../parts/page.tsx";
import { At } from "../parts/time.tsx";
import { useLoad } from "../parts/use-load.ts";
import { readMe } from "../session.ts";

interface Factors {
  readonly items: readonly Factor[];
  readonly recoveryCodesLeft: number;
}

const TYPE_NAMES = { totp: "Authenticator app", sms: "Text message", passkey: "Passkey" } as const;

/** One's own account: who one is here, one's factors and password. */
export function AccountPage({ me }: PageProps) {
  return (
    <Page title="Your account" intro="Who you are here, and how you prove it.">
      <Facts
        of={[
          ["Name", me.user.name],
          ["Email", me.user.email],
          ["Organisation", me.tenant.name],
          ["Roles", me.roles.join(", ")],
          ["User id", <code key="u">{me.user.id}</code>],
          ["Session id", <code key="s">{me.session.id}</code>],
        ]}
      />
      <FactorSection />
      <PasswordSection me={me} />
    </Page>
  );
}

function FactorSection() {
  const factors = useLoad(() => get<Factors>("/v1/me/factors"));
  const [isAdding, setAdding] = useState(false);
  const [codes, setCodes] = useState<readonly string[]>();
  const verified = async (answer: VerifiedFactor) => {
    setAdding(false);
    if (answer.recoveryCodes !== undefined) setCodes(answer.recoveryCodes);
    say(`${answer.label} is set up.`);
    factors.reload();
    await readMe();
  };
  return (
    <Section
      title="Factors"
      intro="What you prove it with beside your password. Sensitive actions ask for one."
      actions={
        <button type="button" onClick={() => setAdding(true)}>
          Add a factor
        </button>
      }
    >
      <Loaded of={factors} what="your factors">
        {(data) => <FactorTable factors={data} reload={factors.reload} showCodes={setCodes} />}
      </Loaded>
      {isAdding && <AddFactor close={() => setAdding(false)} verified={verified} />}
      {codes !== undefined && (
        <Dialog title="Keep your recovery codes" close={() => setCodes(undefined)}>
          <RecoveryCodes codes={codes} done={() => setCodes(undefined)} />
        </Dialog>
      )}
    </Section>
  );
}

function AddFactor(props: {
  readonly close: () => void;
  readonly verified: (answer: VerifiedFactor) => Promise<void>;
}) {
  return (
    <Dialog title="Add a factor" close={props.close}>
      <FactorSetUp
        types={["passkey", "totp", "sms"]}
        add={(type, details) => post<NewFactor>("/v1/me/factors", { type, ...details })}
        send={(id) => post(`/v1/me/factors/${id}/send`)}
        verify={async (id, proof) =>
          await props.verified(await post<VerifiedFactor>(`/v1/me/factors/${id}/verify`, proof))
        }
      />
    </Dialog>
  );
}

function FactorTable(props: {
  readonly factors: Factors;
  readonly reload: () => void;
  readonly showCodes: (codes: readonly string[]) => void;
}) {
  const { items, recoveryCodesLeft } = props.factors;
  if (items.length === 0) {
    return <Empty>You have none: a password alone protects your account. Add a passkey or an app.</Empty>;
  }
  const renew = async () => {
    const { recoveryCodes } = await post<{ recoveryCodes: string[] }>("/v1/me/recovery-codes");
    props.showCodes(recoveryCodes);
    props.reload();
  };
  return (
    <>
      <div class="scroll">
        <table class="stacked">
          <caption>Your factors</caption>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Kind</th>
              <th scope="col">State</th>
              <th scope="col">Added</th>
              <th scope="col" class="row-action">
                Action
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((factor) => (
              <FactorRow key={factor.id} factor={factor} reload={props.reload} />
            ))}
          </tbody>
        </table>
      </div>
      <p class="under-table">
        {recoveryCodesLeft} recovery codes left.{" "}
        <ActionButton kind="quiet" confirm="The codes that you have become void." run={renew}>
          Make new ones
        </ActionButton>
      </p>
    </>
  );
}

function FactorRow({ factor, reload }: { readonly factor: Factor; readonly reload: () => void }) {
  const { id, label, type, phone, verified, createdAt } = factor;
  return (
    <tr>
      <td data-label="Name">{label}</td>
      <td data-label="Kind">
        {TYPE_NAMES[type]} {phone}
      </td>
      <td data-label="State">
        <Badge word={verified ? "verified" : "pending"} />
      </td>
      <td data-label="Added">
        <At at={createdAt} />
      </td>
      <td data-label="Action" class="row-action">
        <ActionButton
          kind="danger"
          label={`Remove ${label}`}
          confirm={`You cannot use ${label} any more after it.`}
          run={async () => {
            await remove(`/v1/me/factors/${id}`);
            reload();
            await readMe();
          }}
        >
          Remove
        </ActionButton>
      </td>
    </tr>
  );
}

function PasswordSection({ me }: { readonly me: Me }) {
  const [turn, setTurn] = useState(0);
  return (
    <Section title="Password" intro="Changing it ends your sessions on every other device.">
      <div class="narrow">
        <Form
          label="Change the password"
          name="Password"
          key={turn}
          send={async (filled) => {
            await post("/v1/auth/password", {
              currentPassword: filled.exact("current"),
              newPassword: filled.exact("next"),
            });
            say("Your password is changed, and your other sessions have ended.");
            setTurn(turn + 1);
          }}
        >
          <input type="email" name="email" value={me.user.email} autocomplete="username" hidden readOnly />
          <TextField
            label="Present password"
            name="current"
            type="password"
            autocomplete="current-password"
            required
          />
          <TextField
            label="New password"
            name="next"
            type="password"
            autocomplete="new-password"
            hint="At least 15 characters, or 8 where a second factor is demanded."
            required
          />
        </Form>
      </div>
    </Section>
  );
}
