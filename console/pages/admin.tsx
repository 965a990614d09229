import type { ComponentType } from "preact";
import type { Me } from "../documents.ts";
import { may, type PageProps } from "../pages.tsx";
import { Page } from "../parts/page.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { linkTo } from "../router.ts";
import { SupportGrants } from "./admin-grants.tsx";
import { ApiKeys } from "./admin-keys.tsx";
import { Policy } from "./admin-policy.tsx";
import { RateCard } from "./admin-rate-card.tsx";
import { Roles } from "./admin-roles.tsx";
import { Tenants } from "./admin-tenants.tsx";
import { Users } from "./admin-users.tsx";
import { Workflows } from "./admin-workflows.tsx";

interface Part {
  readonly name: string;
  readonly title: string;
  readonly content: ComponentType<PageProps>;
  /** Any of these lets somebody see it. */
  readonly actions: readonly string[];
}

const PARTS: readonly Part[] = [
  { name: "users", title: "Users", content: Users, actions: ["user:list"] },
  { name: "roles", title: "Roles", content: Roles, actions: ["role:list"] },
  { name: "policy", title: "Policy", content: Policy, actions: ["tenant:read"] },
  { name: "keys", title: "API keys", content: ApiKeys, actions: ["apikey:list"] },
  { name: "workflows", title: "Workflows", content: Workflows, actions: ["workflow:read"] },
  { name: "grants", title: "Support grants", content: SupportGrants, actions: ["session:list"] },
  { name: "rate-card", title: "Rate card", content: RateCard, actions: ["ratecard:read"] },
  { name: "tenants", title: "Tenants", content: Tenants, actions: ["tenant:list"] },
];

/** Everything that is set up once and looked at now and then. */
export function AdminPage({ me, path }: PageProps) {
  const parts = PARTS.filter(({ actions }) => may(me, ...actions));
  const current = parts.find(({ name }) => name === path[0]) ?? parts[0];
  return (
    <Page title="Administration" intro={introOf(me)}>
      <Tabs
        label="Administration"
        current={current?.name ?? ""}
        tabs={parts.map(({ name, title }) => ({ name, title, link: linkTo(`/admin/${name}`) }))}
      />
      {current !== undefined && <current.content me={me} path={path.slice(1)} key={current.name} />}
    </Page>
  );
}

function introOf({ tenant }: Me): string {
  return `Who may do what in ${tenant.name}, and under which rules. Your own factors are under Your account.`;
}
