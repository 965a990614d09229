import { useEffect, useState } from "preact/hooks";
import type { LiveMessage } from "../../client/live-feed.ts";
import { get, post } from "../api.ts";
import type { Page as ListPage } from "../documents.ts";
import { formatClock } from "../format.ts";
import { onLive } from "../live.ts";
import { Form, TextField } from "../parts/form.tsx";
import { Empty, Loaded } from "../parts/page.tsx";
import { useLoad } from "../parts/use-load.ts";
import type { Guidance } from "../support.ts";

/** How what was said is read, said and heard: in one's own session, or in one that is looked at. */
export interface Channel {
  readonly read: (path: string) => Promise<ListPage<Guidance>>;
  readonly say: (path: string, body: { readonly text: string }) => Promise<Guidance>;
  readonly hear: (heard: (message: LiveMessage) => void) => () => void;
}

const OWN: Channel = { read: get, say: post, hear: onLive };

/** What the user of a session and its agents have said to each other, with a line to say more. */
export function Conversation(props: { readonly sessionId: string; readonly channel?: Channel }) {
  const { sessionId, channel = OWN } = props;
  const path = `/v1/sessions/${sessionId}/guidance`;
  const messages = useLoad(() => channel.read(path), path);
  const [turn, setTurn] = useState(0);
  const { change } = messages;
  const add = (message: Guidance) =>
    change((page) =>
      page.items.some(({ id }) => id === message.id) ? page : { ...page, items: [...page.items, message] },
    );
  useEffect(
    () =>
      channel.hear((message) => {
        if (message.type === "guidance" && message.data.sessionId === sessionId) add(message.data);
      }),
    [channel, sessionId],
  );
  return (
    <div class="card">
      <Loaded of={messages} what="what was said">
        {({ items }) => (items.length === 0 ? <Empty>Nothing yet.</Empty> : <Said items={items} />)}
      </Loaded>
      <Form
        label="Send"
        name="Guidance"
        key={turn}
        send={async (filled) => {
          add(await channel.say(path, { text: filled.text("text") }));
          setTurn(turn + 1);
        }}
      >
        <TextField label="Say something" name="text" required autofocus={turn > 0} />
      </Form>
    </div>
  );
}

function Said({ items }: { readonly items: readonly Guidance[] }) {
  return (
    <ol class="said" aria-live="polite">
      {items.map(({ id, from, text, createdAt }) => (
        <li key={id} class={from.type}>
          <small class="muted">
            {from.name}, <time dateTime={createdAt}>{formatClock(createdAt)}</time>
          </small>
          <p>{text}</p>
        </li>
      ))}
    </ol>
  );
}
