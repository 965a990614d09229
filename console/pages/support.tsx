import { useEffect, useState } from "preact/hooks";
import { post } from "../api.ts";
import type { Me } from "../documents.ts";
import { onLive } from "../live.ts";
import { say } from "../notices.ts";
import type { PageProps } from "../pages.tsx";
import { Badge } from "../parts/badge.tsx";
import { type Filled, Form, SelectField, TextField } from "../parts/form.tsx";
import { LoadedList, Page, Section } from "../parts/page.tsx";
import { Answer } from "../parts/support-answer.tsx";
import { Ago } from "../parts/time.tsx";
import { type ListLoading, useList } from "../parts/use-load.ts";
import { go, linkTo } from "../router.ts";
import { changesSupport, type Grant, type SupportRequest } from "../support.ts";
import { Conversation } from "./support-conversation.tsx";
import { GrantTable } from "./support-grants.tsx";
import { Look } from "./support-look.tsx";

/** Help: letting an agent look and answering them, or for agents asking for a look and looking. */
export function SupportPage({ me, path }: PageProps) {
  const isAgent = me.roles.includes("support-agent");
  const [grantId] = path;
  if (isAgent && grantId !== undefined) return <Look grantId={grantId} key={grantId} />;
  return isAgent ? <ForAgents me={me} /> : <ForUsers me={me} />;
}

const LENGTHS = [
  ["900", "15 minutes"],
  ["3600", "1 hour"],
  ["14400", "4 hours"],
] as const;

const ACCESS = [
  ["guide", "Look, and talk with me"],
  ["view", "Look only"],
] as const;

function ForUsers({ me }: { readonly me: Me }) {
  const grants = useList<Grant>("/v1/support/grants");
  const requests = useList<SupportRequest>("/v1/support/requests");
  useSupportChanges(grants, requests);
  return (
    <Page
      title="Support"
      intro="An agent sees nothing of yours unless you let them, changes nothing, and every look is on record."
    >
      <LoadedList of={requests} what="the requests" empty="No agent has asked to look at your sessions.">
        {(items) => <Requests items={items} me={me} reload={requests.reload} />}
      </LoadedList>
      <Section title="Let an agent look at this session">
        <GrantForm done={grants.reload} />
      </Section>
      <Section title="Whom you have let look">
        <LoadedList of={grants} what="the grants" empty="Nobody.">
          {(items) => <GrantTable items={items} me={me} reload={grants.reload} />}
        </LoadedList>
      </Section>
      <Section title="What was said in this session">
        <Conversation sessionId={me.session.id} />
      </Section>
    </Page>
  );
}

/** Requests and grants come and go with the feed. */
function useSupportChanges(...lists: ReadonlyArray<Pick<ListLoading<unknown>, "reload">>): void {
  const [turn, setTurn] = useState(0);
  useEffect(
    () =>
      onLive((message) => {
        if (changesSupport(message)) setTurn((before) => before + 1);
      }),
    [],
  );
  useEffect(() => {
    if (turn > 0) for (const { reload } of lists) reload();
  }, [turn]);
}

function GrantForm({ done }: { readonly done: () => void }) {
  const [turn, setTurn] = useState(0);
  const send = async (filled: Filled) => {
    const agentEmail = filled.optional("agentEmail");
    await post("/v1/support/grants", {
      ...(agentEmail === undefined ? {} : { agentEmail }),
      sessionId: "current",
      access: filled.text("access"),
      expiresInSeconds: Number(filled.text("expiresInSeconds")),
      reason: filled.text("reason"),
    });
    say("The agent may look now. You can end it at any time.");
    setTurn(turn + 1);
    done();
  };
  return (
    <Form label="Let them look" name="Grant" send={send} key={turn}>
      <div class="columns">
        <TextField
          label="Email of the agent"
          name="agentEmail"
          type="email"
          hint="Empty: whoever comes first."
        />
        <SelectField label="They may" name="access" options={ACCESS} />
        <SelectField label="For" name="expiresInSeconds" options={LENGTHS} value="3600" />
        <TextField label="Reason" name="reason" required />
      </div>
    </Form>
  );
}

function Requests(props: {
  readonly items: readonly SupportRequest[];
  readonly me: Me;
  readonly reload: () => void;
}) {
  return (
    <Section title="Requests">
      <ul class="choices">
        {props.items.map((request) => (
          <RequestItem key={request.id} request={request} {...props} />
        ))}
      </ul>
    </Section>
  );
}

function RequestItem(props: {
  readonly request: SupportRequest;
  readonly me: Me;
  readonly reload: () => void;
}) {
  const { request, me, reload } = props;
  const isMine = request.userId === me.user.id;
  return (
    <li>
      <div>
        <strong>{isMine ? request.agent.name : request.userName}</strong> <Badge word={request.status} />
        <br />
        {request.reason} <small class="muted">({request.sessionId})</small>{" "}
        <small>
          <Ago at={request.createdAt} />
        </small>
      </div>
      {isMine && request.status === "pending" && <Answer request={request} done={reload} />}
    </li>
  );
}

function ForAgents({ me }: { readonly me: Me }) {
  const grants = useList<Grant>("/v1/support/grants");
  const requests = useList<SupportRequest>("/v1/support/requests");
  const refresh = () => {
    grants.reload();
    requests.reload();
  };
  return (
    <Page title="Support" intro="You see a session when its user has let you, and change nothing in it.">
      <Section title="Ask for a look">
        <AskForm done={requests.reload} />
      </Section>
      <Section
        title="Grants"
        intro="Users answer in their own time: what they have answered is here when you look again."
        actions={
          <button type="button" class="secondary outline" onClick={refresh}>
            Refresh
          </button>
        }
      >
        <LoadedList of={grants} what="the grants" empty="Nobody has let you look yet.">
          {(items) => (
            <GrantTable
              items={items}
              me={me}
              reload={grants.reload}
              look={({ id }) => go(linkTo(`/support/${id}`))}
            />
          )}
        </LoadedList>
      </Section>
      <LoadedList of={requests} what="your requests" empty="You have asked nobody yet.">
        {(items) => <Requests items={items} me={me} reload={requests.reload} />}
      </LoadedList>
    </Page>
  );
}

function AskForm({ done }: { readonly done: () => void }) {
  const [turn, setTurn] = useState(0);
  const send = async (filled: Filled) => {
    await post("/v1/support/requests", {
      sessionId: filled.text("sessionId"),
      access: filled.text("access"),
      expiresInSeconds: Number(filled.text("expiresInSeconds")),
      reason: filled.text("reason"),
    });
    say("The user is asked. They have an hour to answer.");
    setTurn(turn + 1);
    done();
  };
  return (
    <Form label="Ask" name="Request" send={send} key={turn}>
      <div class="columns">
        <TextField
          label="Session id"
          name="sessionId"
          placeholder="ses_…"
          hint="The user tells it to you."
          required
        />
        <SelectField
          label="You would like to"
          name="access"
          options={[
            ["guide", "Look, and guide"],
            ["view", "Look only"],
          ]}
        />
        <SelectField label="For" name="expiresInSeconds" options={LENGTHS} value="3600" />
        <TextField label="Reason" name="reason" required />
      </div>
    </Form>
  );
}
