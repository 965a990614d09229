import { useState } from "preact/hooks";
import { explain } from "../problem.ts";

/** The one tap for a passkey, with what went wrong under it. */
export function PasskeyButton(props: { readonly run: () => Promise<unknown> }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(undefined);
  const use = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await props.run();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <button
        type="button"
        class="secondary outline block"
        aria-busy={busy}
        disabled={busy}
        onClick={() => void use()}
      >
        Continue with a passkey
      </button>
      {error !== undefined && (
        <p class="form-error" role="alert">
          {explain(error)}
        </p>
      )}
    </>
  );
}
