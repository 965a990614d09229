import { get, put } from "../api.ts";
import { say } from "../notices.ts";
import { CheckField, type Filled, Form, SelectField, TextField } from "../parts/form.tsx";
import { Loaded } from "../parts/page.tsx";
import { useLoad } from "../parts/use-load.ts";

interface Rule {
  readonly rule: string;
  readonly enabled: boolean;
  readonly thresholds: Readonly<Record<string, number>>;
  readonly response: string;
  readonly webhook?: string;
}

interface Rules {
  readonly rules: readonly Rule[];
}

const RESPONSES = [
  ["alert", "Alert only"],
  ["step_up", "Alert, and ask for a factor"],
  ["revoke_session", "Alert, and end the session"],
] as const;

/** The rules that alerts come from: on or off, how sensitive, and what is done by itself. */
export function AlertRules() {
  const rules = useLoad(() => get<Rules>("/v1/alert-rules"));
  const save = async (filled: Filled, shown: Rules) => {
    const next = await put<Rules>("/v1/alert-rules", {
      rules: shown.rules.map((rule) => filledRule(filled, rule)),
    });
    rules.change(() => next);
    say("The rules hold from the next record on.");
  };
  return (
    <Loaded of={rules} what="the rules">
      {(data) => (
        <Form label="Save the rules" name="Rules" send={(filled) => save(filled, data)}>
          {data.rules.map((rule) => (
            <details key={rule.rule} class="card">
              <summary>
                <code>{rule.rule}</code> {!rule.enabled && <small class="muted">(off)</small>}
              </summary>
              <CheckField label="Watch for it" name={`${rule.rule}.enabled`} checked={rule.enabled} />
              <div class="columns">
                <SelectField
                  label="What follows"
                  name={`${rule.rule}.response`}
                  value={rule.response}
                  options={RESPONSES}
                />
                {Object.entries(rule.thresholds).map(([name, value]) => (
                  <TextField
                    key={name}
                    label={inWords(name)}
                    name={`${rule.rule}.${name}`}
                    type="number"
                    step="any"
                    value={String(value)}
                    required
                  />
                ))}
                <TextField
                  label="Webhook"
                  name={`${rule.rule}.webhook`}
                  type="url"
                  value={rule.webhook ?? ""}
                  placeholder="https://…"
                />
              </div>
            </details>
          ))}
        </Form>
      )}
    </Loaded>
  );
}

function filledRule(filled: Filled, { rule, thresholds }: Rule): Rule {
  const webhook = filled.optional(`${rule}.webhook`);
  return {
    rule,
    enabled: filled.checked(`${rule}.enabled`),
    response: filled.text(`${rule}.response`),
    thresholds: Object.fromEntries(
      Object.keys(thresholds).map((name) => [name, Number(filled.text(`${rule}.${name}`))]),
    ),
    ...(webhook === undefined ? {} : { webhook }),
  };
}

/** `windowSeconds` is "Window seconds". */
function inWords(name: string): string {
  const words = name.replaceAll(/([A-Z])/g, " $1").toLowerCase();
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
