import type { PageProps } from "../pages.tsx";
import { LoadedList, Section } from "../parts/page.tsx";
import { useList } from "../parts/use-load.ts";
import type { Grant } from "../support.ts";
import { GrantTable } from "./support-grants.tsx";

/** Whom the tenant's people have let look at their sessions. */
export function SupportGrants({ me }: PageProps) {
  const grants = useList<Grant>("/v1/support/grants");
  return (
    <Section
      title="Support grants"
      intro="Who may look at which session, and until when. Every look is on record."
    >
      <LoadedList of={grants} what="the grants" empty="Nobody has let support look at a session.">
        {(items) => <GrantTable items={items} me={me} reload={grants.reload} />}
      </LoadedList>
    </Section>
  );
}
