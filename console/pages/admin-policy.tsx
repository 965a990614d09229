import { get, put } from "../api.ts";
import { say } from "../notices.ts";
import { may, type PageProps } from "../pages.tsx";
import { AreaField, CheckField, type Filled, Form, SelectField, TextField } from "../parts/form.tsx";
import { Loaded, Section } from "../parts/page.tsx";
import { useLoad } from "../parts/use-load.ts";
import { listOf } from "../typed.ts";

interface TenantPolicy {
  readonly idleTimeoutSeconds: number;
  readonly absoluteTimeoutSeconds: number;
  readonly maxConcurrentSessions: number;
  readonly onSessionLimit: string;
  readonly mfa: string;
  readonly allowedFactors: readonly string[];
  readonly stepUpMaxAgeSeconds: number;
  readonly sensitiveActions: readonly string[];
  readonly ipAllowList: readonly string[];
  readonly onSessionEnd: string;
  readonly activityRetentionDays: number;
}

const NUMBERS = [
  ["idleTimeoutSeconds", "Idle timeout (seconds)", "10 to 86,400"],
  ["absoluteTimeoutSeconds", "Longest session (seconds)", "60 to 2,592,000"],
  ["maxConcurrentSessions", "Sessions at once", "1 to 100, for each user"],
  ["stepUpMaxAgeSeconds", "A factor counts for (seconds)", "For sensitive actions"],
  ["activityRetentionDays", "Activity is kept (days)", "Counted from when it was received"],
] as const;

const FACTORS = [
  ["totp", "Authenticator app"],
  ["sms", "Text message"],
  ["passkey", "Passkey"],
] as const;

/** The tenant's rules for sessions. They hold for running sessions from their next request on. */
export function Policy({ me }: PageProps) {
  const policy = useLoad(() => get<TenantPolicy>("/v1/tenant/policy"));
  const save = async (filled: Filled) => {
    const next = await put<TenantPolicy>("/v1/tenant/policy", policyOf(filled));
    policy.change(() => next);
    say("The policy holds for every session from its next request on.");
  };
  return (
    <Section title="Policy" intro="A change applies to running sessions from their next request on.">
      <Loaded of={policy} what="the policy">
        {(data) => (
          <fieldset disabled={!may(me, "tenant:update")}>
            <Form label="Save the policy" name="Policy" send={save}>
              <PolicyFields policy={data} />
            </Form>
          </fieldset>
        )}
      </Loaded>
    </Section>
  );
}

function PolicyFields({ policy }: { readonly policy: TenantPolicy }) {
  return (
    <>
      <div class="columns">
        {NUMBERS.map(([name, label, hint]) => (
          <TextField
            key={name}
            label={label}
            name={name}
            hint={hint}
            type="number"
            value={String(policy[name])}
            required
          />
        ))}
        <Choices policy={policy} />
      </div>
      <fieldset>
        <legend>Factors that may be used</legend>
        {FACTORS.map(([type, label]) => (
          <CheckField
            key={type}
            label={label}
            name="allowedFactors"
            value={type}
            checked={policy.allowedFactors.includes(type)}
          />
        ))}
      </fieldset>
      <div class="columns">
        <AreaField
          label="Sensitive actions, one a line"
          name="sensitiveActions"
          rows={6}
          value={policy.sensitiveActions.join("\n")}
          hint="They ask for a factor again."
        />
        <AreaField
          label="Allowed addresses (CIDR), one a line"
          name="ipAllowList"
          rows={6}
          value={policy.ipAllowList.join("\n")}
          hint="Empty: from everywhere."
        />
      </div>
    </>
  );
}

function Choices({ policy }: { readonly policy: TenantPolicy }) {
  return (
    <>
      <SelectField
        label="When no more sessions are allowed"
        name="onSessionLimit"
        value={policy.onSessionLimit}
        options={[
          ["evict_oldest", "End the one used least lately"],
          ["deny", "Refuse the new one"],
          ["ask", "Let the user choose"],
        ]}
      />
      <SelectField
        label="When a session ends, its resources"
        name="onSessionEnd"
        value={policy.onSessionEnd}
        options={[
          ["keep", "Keep running, uncharged"],
          ["stop", "Are stopped"],
        ]}
      />
      <SelectField
        label="Second factor"
        name="mfa"
        value={policy.mfa}
        options={[
          ["optional", "Optional"],
          ["required", "Required of everybody"],
        ]}
      />
    </>
  );
}

function policyOf(filled: Filled): Record<string, unknown> {
  return {
    ...Object.fromEntries(NUMBERS.map(([name]) => [name, Number(filled.text(name))])),
    onSessionLimit: filled.text("onSessionLimit"),
    onSessionEnd: filled.text("onSessionEnd"),
    mfa: filled.text("mfa"),
    allowedFactors: filled.all("allowedFactors"),
    sensitiveActions: listOf(filled.text("sensitiveActions")),
    ipAllowList: listOf(filled.text("ipAllowList")),
  };
}
