import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Me } from "../documents.ts";
import { feedState } from "../live.ts";
import { PAGES, pageAt } from "../pages.tsx";
import { linkTo, place } from "../router.ts";
import { signOut } from "../session.ts";
import { useStore } from "../store.ts";
import { userNames } from "../user-names.ts";
import { ActionButton } from "./action-button.tsx";
import { IdleWarning } from "./idle-warning.tsx";
import { Page } from "./page.tsx";
import { SupportBanner } from "./support-banner.tsx";
import { useLoad } from "./use-load.ts";
import { UserNames } from "./user-name.tsx";

const NOBODY: ReadonlyMap<string, string> = new Map();

/** Everything behind the sign-in: the pages one may see, whose session it is, and the page itself. */
export function Shell({ me }: { readonly me: Me }) {
  const { path } = useStore(place);
  const { data: names = NOBODY } = useLoad(() => userNames(me), me.user.id);
  return (
    <div class="shell">
      <button type="button" class="skip" onClick={() => document.getElementById("main")?.focus()}>
        Skip to the content
      </button>
      <Navigation me={me} current={path[0] ?? "sessions"} />
      <div class="column">
        <TopBar me={me} />
        <main id="main" tabIndex={-1}>
          <UserNames.Provider value={names}>
            <SupportBanner me={me} />
            <CurrentPage me={me} path={path} />
          </UserNames.Provider>
        </main>
      </div>
      <IdleWarning session={me.session} />
    </div>
  );
}

function Navigation({ me, current }: { readonly me: Me; readonly current: string }) {
  const seen = PAGES.filter(({ isFor }) => isFor(me));
  return (
    <aside class="side">
      <p class="brand">
        <img src="/console/icon.svg" alt="" width="24" height="24" /> Active Session
      </p>
      <nav aria-label="Pages">
        <ul>
          {seen.map(({ name, title }) => (
            <li key={name}>
              <a href={linkTo(`/${name}`)} aria-current={name === current ? "page" : undefined}>
                {title}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </aside>
  );
}

const FEED_WORDS = { live: "Live", connecting: "Connecting", off: "Not live" } as const;

function TopBar({ me }: { readonly me: Me }) {
  const feed = useStore(feedState);
  return (
    <header class="top">
      <div class="who">
        <strong>{me.tenant.name}</strong>
        <span>{me.user.email}</span>
        <span class="muted roles">{me.roles.join(", ")}</span>
      </div>
      <span class={`feed ${feed}`}>{FEED_WORDS[feed]}</span>
      <ActionButton kind="plain" run={signOut}>
        Sign out
      </ActionButton>
    </header>
  );
}

function CurrentPage({ me, path }: { readonly me: Me; readonly path: readonly string[] }) {
  const page = pageAt(path[0] ?? "sessions");
  if (page === undefined) return <Missing />;
  return (
    <Lazily key={page.name} load={page.load}>
      {(Content) => <Content me={me} path={path.slice(1)} />}
    </Lazily>
  );
}

type Content = Awaited<ReturnType<(typeof PAGES)[number]["load"]>>;

/** A page's script is fetched when the page is opened first. */
function Lazily(props: {
  readonly load: () => Promise<Content>;
  readonly children: (content: Content) => ComponentChildren;
}) {
  const [content, setContent] = useState<{ readonly page: Content }>();
  const [isLost, setLost] = useState(false);
  const { load } = props;
  useEffect(() => {
    load().then(
      (page) => setContent({ page }),
      () => setLost(true),
    );
  }, [load]);
  if (isLost) {
    return (
      <Page title="This page could not be loaded">
        <p>The console may have been updated meanwhile, or the service is away.</p>
        <button type="button" onClick={() => location.reload()}>
          Load the console again
        </button>
      </Page>
    );
  }
  return content === undefined ? <p aria-busy="true">Loading</p> : props.children(content.page);
}

function Missing() {
  return (
    <Page title="There is no such page">
      <p>
        Go to <a href={linkTo("/sessions")}>your active sessions</a>.
      </p>
    </Page>
  );
}
