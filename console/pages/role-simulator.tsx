import { useState } from "preact/hooks";
import { post } from "../api.ts";
import { Badge } from "../parts/badge.tsx";
import { CheckField, type Filled, Form, SelectField, TextField } from "../parts/form.tsx";
import { type Statement, statementWords } from "../roles.ts";

interface Decision {
  readonly decision: boolean;
  readonly reason: string;
  readonly explain: string;
  readonly statement?: Statement;
}

/** Asks what statements would decide, with nothing stored. */
export function RoleSimulator({ statements }: { readonly statements: () => readonly Statement[] }) {
  const [asked, setAsked] = useState<{ readonly action: string; readonly decision: Decision }>();
  const ask = async (filled: Filled) => {
    const action = filled.text("action");
    const request = { action, resource: filled.text("resource"), context: contextOf(filled) };
    const answer = await post<{ decisions: readonly Decision[] }>("/v1/roles/simulate", {
      statements: statements(),
      requests: [request],
    });
    const [decision] = answer.decisions;
    if (decision !== undefined) setAsked({ action, decision });
  };
  return (
    <section class="simulator">
      <h3>Simulator</h3>
      <Form label="Ask" name="Simulator" send={ask}>
        <div class="columns">
          <TextField label="Action" name="action" placeholder="volume:delete" required />
          <TextField label="On" name="resource" value="volume/res_1" required />
          <TextField label="From address" name="ip" placeholder="192.0.2.1" />
          <TextField label="Seconds since a factor" name="mfaAgeSeconds" type="number" min="0" />
          <SelectField
            label="Session"
            name="sessionKind"
            options={[["", "Any"], "interactive", "workflow", "support"]}
          />
        </div>
        <CheckField label="The caller made it" name="owner" />
      </Form>
      {asked !== undefined && (
        <p role="status">
          <code>{asked.action}</code>{" "}
          <Badge
            word={asked.decision.decision ? "allowed" : "denied"}
            tone={asked.decision.decision ? "good" : "bad"}
          />{" "}
          {asked.decision.explain}
          {asked.decision.statement !== undefined && (
            <>
              {" "}
              <code>{statementWords(asked.decision.statement)}</code>
            </>
          )}
        </p>
      )}
    </section>
  );
}

function contextOf(filled: Filled): Record<string, unknown> {
  const age = filled.optional("mfaAgeSeconds");
  const ip = filled.optional("ip");
  const sessionKind = filled.optional("sessionKind");
  return {
    ...(ip === undefined ? {} : { ip }),
    ...(sessionKind === undefined ? {} : { sessionKind }),
    ...(age === undefined ? {} : { mfaAgeSeconds: Number(age) }),
    ...(filled.checked("owner") ? { owner: true } : {}),
  };
}
