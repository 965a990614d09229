import { useState } from "preact/hooks";
import { send } from "../api.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Form, SelectField, TextField } from "../parts/form.tsx";
import { saveFile } from "../save-file.ts";

const FORMATS = [
  ["jsonl", "JSON Lines, with its proof"],
  ["csv", "CSV"],
  ["ocsf", "OCSF 1.3"],
] as const;

/** Saves a range of the log as one file, however many pages it comes in. */
export function ExportActivity(props: {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}) {
  const [isOpen, setOpen] = useState(false);
  const [pages, setPages] = useState(0);
  const close = () => setOpen(false);
  const save = async (format: string, query: { from: string | undefined; to: string | undefined }) => {
    const parts = await allPages({ format, ...query }, setPages);
    saveFile(`activity.${format === "csv" ? "csv" : "jsonl"}`, new Blob(parts));
    close();
  };
  return (
    <>
      <button type="button" class="secondary outline" onClick={() => setOpen(true)}>
        Export
      </button>
      {isOpen && (
        <Dialog title="Export the activity" close={close}>
          <Form
            label="Export"
            cancel={close}
            send={(filled) =>
              save(filled.text("format"), { from: filled.optional("from"), to: filled.optional("to") })
            }
          >
            <SelectField label="Format" name="format" options={FORMATS} />
            <div class="columns">
              <TextField
                label="From (UTC)"
                name="from"
                value={props.from ?? ""}
                placeholder="The beginning"
              />
              <TextField label="To (UTC)" name="to" value={props.to ?? ""} placeholder="Now" />
            </div>
            {pages > 0 && <p role="status">{pages} pages read</p>}
          </Form>
        </Dialog>
      )}
    </>
  );
}

async function allPages(
  query: Readonly<Record<string, string | undefined>>,
  progress: (pages: number) => void,
): Promise<string[]> {
  const parts: string[] = [];
  let answer = await send("GET", "/v1/activity/export", { query: { ...query, limit: 1000 } });
  parts.push(await answer.text());
  let next = nextOf(answer);
  while (next !== undefined) {
    progress(parts.length);
    answer = await send("GET", next);
    parts.push(await answer.text());
    next = nextOf(answer);
  }
  return parts;
}

/** The next page, as the `Link` header has it (RFC 8288). */
function nextOf(answer: Response): string | undefined {
  return /<([^>]+)>;\s*rel="next"/.exec(answer.headers.get("link") ?? "")?.[1];
}
