import { useCallback, useEffect, useState } from "preact/hooks";
import { get, remove } from "../api.ts";
import type { Me, Page } from "../documents.ts";
import { onLive } from "../live.ts";
import { say } from "../notices.ts";
import { linkTo } from "../router.ts";
import { changesSupport, type Grant, type SupportRequest } from "../support.ts";
import { ActionButton } from "./action-button.tsx";
import { Answer } from "./support-answer.tsx";
import { Left } from "./time.tsx";

interface Shown {
  readonly grants: readonly Grant[];
  readonly requests: readonly SupportRequest[];
}

/** Says on every page that an agent looks at this session, or asks to; and brings what they say. */
export function SupportBanner({ me }: { readonly me: Me }) {
  const [shown, setShown] = useState<Shown>({ grants: [], requests: [] });
  const sessionId = me.session.id;
  const read = useCallback(async () => setShown(await shownOf(me)), [me.user.id, sessionId]);
  useEffect(() => {
    void read();
    return onLive((message) => {
      if (message.type === "guidance" && message.data.from.type === "agent") {
        say(`${message.data.from.name}: ${message.data.text}`);
      }
      if (changesSupport(message)) void read();
    });
  }, [read]);
  return (
    <>
      {shown.requests.map((request) => (
        <section class="looking" aria-label="A request of support" key={request.id}>
          <p>
            <strong>{request.agent.name}</strong> of support asks to look at this session: {request.reason}
          </p>
          <Answer request={request} done={() => void read()} />
        </section>
      ))}
      {shown.grants.map((grant) => (
        <section class="looking" aria-label="Support" key={grant.id}>
          <p>
            <strong>{grant.agent?.name ?? "An agent"}</strong>{" "}
            {grant.supportSessionId === undefined ? "may look" : "is looking"} at this session, for{" "}
            <Left until={grant.expiresAt} /> more. <a href={linkTo("/support")}>Talk with them</a>
          </p>
          <ActionButton
            done="The agent sees nothing any more."
            run={async () => {
              await remove(`/v1/support/grants/${grant.id}`);
              await read();
            }}
          >
            End it now
          </ActionButton>
        </section>
      ))}
    </>
  );
}

/** A banner is no reason for a page to fail: where support cannot be asked, there is none. */
async function shownOf({ user, session, roles }: Me): Promise<Shown> {
  if (roles.includes("support-agent")) return { grants: [], requests: [] };
  const background = { background: true };
  const [grants, requests] = await Promise.all([
    get<Page<Grant>>("/v1/support/grants", background).catch(() => undefined),
    get<Page<SupportRequest>>("/v1/support/requests", background).catch(() => undefined),
  ]);
  const isMine = (one: Grant | SupportRequest) => one.userId === user.id && one.sessionId === session.id;
  return {
    grants: grants?.items.filter((grant) => isMine(grant) && grant.status === "active") ?? [],
    requests: requests?.items.filter((request) => isMine(request) && request.status === "pending") ?? [],
  };
}
