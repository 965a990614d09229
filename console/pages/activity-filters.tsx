import type { Activity } from "../documents.ts";
import { type Filled, Form, SelectField, TextField } from "../parts/form.tsx";
import { go, linkTo } from "../router.ts";

const NAMES = [
  "action",
  "outcome",
  "userId",
  "resource",
  "sessionId",
  "taskId",
  "workflowRunId",
  "source",
  "from",
  "to",
] as const;

/** What the log is narrowed to, by the names that the API has for it. */
export type Filters = Readonly<Partial<Record<(typeof NAMES)[number], string>>>;

/** Reads the filters from an address. */
export function filtersOf(query: URLSearchParams): Filters {
  return Object.fromEntries(NAMES.flatMap((name) => (query.get(name) ? [[name, query.get(name)]] : [])));
}

/** Whether a record that has just come is one of those that are looked for. */
export function isOf(record: Activity, filters: Filters): boolean {
  const { resource, workflow } = record;
  const has: Readonly<Partial<Record<keyof Filters, string | null | undefined>>> = {
    action: record.action,
    outcome: record.outcome,
    userId: record.actor.id,
    resource: resource && `${resource.type}/${resource.id}`,
    sessionId: record.sessionId,
    taskId: record.taskId,
    workflowRunId: workflow?.runId,
    source: record.source,
  };
  const isWithin =
    (filters.from === undefined || Date.parse(record.time) >= Date.parse(filters.from)) &&
    (filters.to === undefined || Date.parse(record.time) < Date.parse(filters.to));
  return (
    isWithin &&
    NAMES.every((name) => name === "from" || name === "to" || !filters[name] || filters[name] === has[name])
  );
}

/** The filters as a form; the address has them, so that a view can be sent to somebody. */
export function ActivityFilters({ filters }: { readonly filters: Filters }) {
  return (
    <div class="filters">
      <Form
        label="Filter"
        name="Filters"
        send={async (filled) => go(linkTo("/activity", filledFilters(filled)))}
      >
        <TextField label="Action" name="action" value={filters.action ?? ""} placeholder="volume:create" />
        <SelectField
          label="Outcome"
          name="outcome"
          value={filters.outcome ?? ""}
          options={[["", "Any"], "success", "denied", "error"]}
        />
        <TextField label="User id" name="userId" value={filters.userId ?? ""} placeholder="usr_…" />
        <TextField label="On" name="resource" value={filters.resource ?? ""} placeholder="vm/res_…" />
        <TextField label="Session id" name="sessionId" value={filters.sessionId ?? ""} placeholder="ses_…" />
        <TextField label="Task" name="taskId" value={filters.taskId ?? ""} />
        <SelectField
          label="Source"
          name="source"
          value={filters.source ?? ""}
          options={[["", "Any"], "api", "ingest", "system"]}
        />
        <TextField
          label="From (UTC)"
          name="from"
          value={filters.from ?? ""}
          placeholder="2026-11-24T10:00:00Z"
        />
        <TextField label="To (UTC)" name="to" value={filters.to ?? ""} placeholder="2026-11-25T00:00:00Z" />
      </Form>
      {Object.keys(filters).length > 0 && (
        <p class="more-filters">
          <a href={linkTo("/activity")}>Clear the filters</a>
        </p>
      )}
    </div>
  );
}

function filledFilters(filled: Filled): Filters {
  return Object.fromEntries(
    NAMES.flatMap((name) => {
      const value = filled.optional(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
