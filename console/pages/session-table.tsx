import type { Session } from "../documents.ts";
import { formatDevice } from "../format.ts";
import { ActionButton } from "../parts/action-button.tsx";
import { Badge } from "../parts/badge.tsx";
import { Ago, Left } from "../parts/time.tsx";
import { UserName } from "../parts/user-name.tsx";
import { linkTo } from "../router.ts";

/** Sessions as a table: where each one is, since when, and how long it has left. */
export function SessionTable(props: {
  readonly items: readonly Session[];
  readonly caption: string;
  readonly showsUser?: boolean;
  /** Ends one of them; without it they are only shown. */
  readonly end?: (session: Session) => Promise<void>;
}) {
  return (
    <div class="scroll">
      <table class="stacked">
        <caption>{props.caption}</caption>
        <thead>
          <tr>
            {props.showsUser === true && <th scope="col">User</th>}
            <th scope="col">Device</th>
            <th scope="col">Address</th>
            <th scope="col">Began</th>
            <th scope="col">Last seen</th>
            <th scope="col">
              {props.items.some(({ status }) => status === "ended") ? "Ended" : "Expires in"}
            </th>
            {props.end !== undefined && (
              <th scope="col" class="row-action">
                Action
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {props.items.map((session) => (
            <Row key={session.id} session={session} showsUser={props.showsUser === true} end={props.end} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row(props: {
  readonly session: Session;
  readonly showsUser: boolean;
  readonly end: ((session: Session) => Promise<void>) | undefined;
}) {
  const { session, end } = props;
  const { device, ip, current } = session;
  return (
    <tr>
      {props.showsUser && (
        <td data-label="User">
          <UserName id={session.userId} name={session.userName} />
        </td>
      )}
      <td data-label="Device">
        <a href={linkTo(`/sessions/${session.id}`)}>{formatDevice(device)}</a>{" "}
        {current && <Badge word="this device" tone="good" />}
        {session.kind !== "interactive" && <Badge word={session.kind} />}
      </td>
      <td data-label="Address">{ip}</td>
      <td data-label="Began">
        <Ago at={session.createdAt} />
      </td>
      <td data-label="Last seen">{current ? "now" : <Ago at={session.lastSeenAt} />}</td>
      <td data-label={session.status === "ended" ? "Ended" : "Expires in"}>
        <Expiry session={session} />
      </td>
      {end !== undefined && (
        <td data-label="Action" class="row-action">
          <ActionButton
            kind="danger"
            label={`End the session of ${formatDevice(device)}, ${ip}`}
            {...(current
              ? { confirm: "This is the session that you are using: you will have to sign in again." }
              : {})}
            run={() => end(session)}
          >
            End
          </ActionButton>
        </td>
      )}
    </tr>
  );
}

/** When a session is over by itself: at its idle or its absolute end, whichever is nearer. */
export function expiryOf({ idleExpiresAt, absoluteExpiresAt }: Session): string {
  return idleExpiresAt < absoluteExpiresAt ? idleExpiresAt : absoluteExpiresAt;
}

function Expiry({ session }: { readonly session: Session }) {
  if (session.status === "ended") {
    return (
      <>
        {session.endedAt !== undefined && <Ago at={session.endedAt} />}{" "}
        <Badge word={session.endReason ?? "ended"} />
      </>
    );
  }
  return <Left until={expiryOf(session)} />;
}
