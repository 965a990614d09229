import { post } from "../api.ts";
import type { SupportRequest } from "../support.ts";
import { ActionButton } from "./action-button.tsx";

/** Lets an agent look who has asked for it, or does not. */
export function Answer(props: { readonly request: SupportRequest; readonly done: () => void }) {
  const answer = (verb: string) => async () => {
    await post(`/v1/support/requests/${props.request.id}/${verb}`);
    props.done();
  };
  return (
    <div class="actions">
      <ActionButton kind="main" run={answer("approve")} done="The agent may look now.">
        Approve
      </ActionButton>
      <ActionButton run={answer("deny")}>Deny</ActionButton>
    </div>
  );
}
