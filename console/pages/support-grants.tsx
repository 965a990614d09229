import { remove } from "../api.ts";
import type { Me } from "../documents.ts";
import { ActionButton } from "../parts/action-button.tsx";
import { Badge } from "../parts/badge.tsx";
import { Left } from "../parts/time.tsx";
import { linkTo } from "../router.ts";
import type { Grant } from "../support.ts";

/** Grants as a table, with what can be done about each. */
export function GrantTable(props: {
  readonly items: readonly Grant[];
  readonly me: Me;
  readonly reload: () => void;
  /** For agents: begins to look. */
  readonly look?: (grant: Grant) => void;
}) {
  return (
    <div class="scroll">
      <table class="stacked">
        <caption>Support grants, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Session</th>
            <th scope="col">User</th>
            <th scope="col">Agent</th>
            <th scope="col">May</th>
            <th scope="col">Reason</th>
            <th scope="col">State</th>
            <th scope="col" class="row-action">
              Action
            </th>
          </tr>
        </thead>
        <tbody>
          {props.items.map((grant) => (
            <Row key={grant.id} {...props} grant={grant} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row(props: {
  readonly grant: Grant;
  readonly me: Me;
  readonly reload: () => void;
  readonly look?: (grant: Grant) => void;
}) {
  const { grant, reload, look } = props;
  const { id, sessionId, userName, agent, access, reason, status, endReason, expiresAt } = grant;
  return (
    <tr>
      <td data-label="Session">
        {look === undefined ? (
          <a href={linkTo(`/sessions/${sessionId}`)}>
            <code>{sessionId}</code>
          </a>
        ) : (
          <code>{sessionId}</code>
        )}
      </td>
      <td data-label="User">{userName}</td>
      <td data-label="Agent">{agent?.name ?? "whoever comes first"}</td>
      <td data-label="May">{access === "guide" ? "look and guide" : "look"}</td>
      <td data-label="Reason">{reason}</td>
      <td data-label="State">
        <Badge word={status === "active" ? "active" : (endReason ?? "ended")} />{" "}
        {status === "active" && (
          <small>
            <Left until={expiresAt} /> left
          </small>
        )}
      </td>
      <td data-label="Action" class="row-action">
        {status === "active" && look !== undefined && (
          <button type="button" class="quiet" onClick={() => look(grant)}>
            Look
          </button>
        )}
        {status === "active" && (
          <ActionButton
            kind="danger"
            label={`End the grant for ${sessionId}`}
            done="The grant has ended."
            run={async () => {
              await remove(`/v1/support/grants/${id}`);
              reload();
            }}
          >
            End
          </ActionButton>
        )}
      </td>
    </tr>
  );
}
