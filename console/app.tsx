import { SignIn } from "./pages/sign-in.tsx";
import { Confirmation } from "./parts/confirm.tsx";
import { NoticeList } from "./parts/notice-list.tsx";
import { Shell } from "./parts/shell.tsx";
import { StepUpDialog } from "./parts/step-up-dialog.tsx";
import { reachable } from "./reachability.ts";
import { type Identity, identity, tryCookie } from "./session.ts";
import { useStore } from "./store.ts";

/** The whole page: what is before the sign-in, or what is behind it. */
export function App() {
  const who = useStore(identity);
  const isReachable = useStore(reachable);
  return (
    <>
      {!isReachable && (
        <p class="offline" role="alert">
          The service cannot be reached. What you see may be old; the console goes on when it is back.
        </p>
      )}
      <Body who={who} />
      <StepUpDialog />
      <Confirmation />
      <NoticeList />
    </>
  );
}

function Body({ who }: { readonly who: Identity }) {
  switch (who.status) {
    case "starting":
      return (
        <main class="starting">
          <p aria-busy="true">Loading the console</p>
        </main>
      );
    case "unreachable":
      return <Unreached />;
    case "signed-out":
      return <SignIn why={who.why} />;
    case "signed-in":
      return <Shell me={who.me} />;
  }
}

function Unreached() {
  return (
    <main class="starting">
      <h1>The service does not answer</h1>
      <p>
        This page is here, but the service behind it is not. Your session is not lost: try again in a moment.
      </p>
      <button type="button" onClick={() => void tryCookie()}>
        Try again
      </button>
    </main>
  );
}
