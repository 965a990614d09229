import type { SessionChoice } from "../../client/problem.ts";
import { formatDevice } from "../format.ts";
import { ActionButton } from "../parts/action-button.tsx";
import { Ago } from "../parts/time.tsx";
import { SignInCard } from "./sign-in-card.tsx";

/** No more sessions are allowed: one of those there are makes room. */
export function ChooseSession(props: {
  readonly sessions: readonly SessionChoice[];
  readonly choose: (sessionId: string) => Promise<void>;
  readonly restart: () => void;
}) {
  return (
    <SignInCard title="Which session should end?">
      <p>You are signed in on as many devices as you may. End one of them to sign in here.</p>
      <ul class="choices">
        {props.sessions.map(({ id, device, ip, lastSeenAt }) => (
          <li key={id}>
            <div>
              <strong>{formatDevice(device)}</strong>
              <br />
              <small>
                {ip}, last seen <Ago at={lastSeenAt} />
              </small>
            </div>
            <ActionButton
              run={() => props.choose(id)}
              label={`End and sign in: ${formatDevice(device)}, ${ip}`}
            >
              End and sign in
            </ActionButton>
          </li>
        ))}
      </ul>
      <p class="under">
        <button type="button" class="link" onClick={props.restart}>
          Begin again
        </button>
      </p>
    </SignInCard>
  );
}
