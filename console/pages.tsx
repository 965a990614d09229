import type { ComponentType } from "preact";
import type { Me } from "./documents.ts";

/** What a page is given: who looks, and the rest of its path. */
export interface PageProps {
  readonly me: Me;
  readonly path: readonly string[];
}

/** A page of the console. */
export interface PageEntry {
  /** The first segment of its path. */
  readonly name: string;
  readonly title: string;
  readonly load: () => Promise<ComponentType<PageProps>>;
  /** Whether it has anything for this person. */
  readonly isFor: (me: Me) => boolean;
}

const everybody = () => true;

/** Whether somebody may do one of these actions, as far as their roles say by themselves. */
export function may({ permissions }: Pick<Me, "permissions">, ...actions: readonly string[]): boolean {
  return actions.some((action) => permissions.includes(action));
}

/** The pages, in the order in which they are offered. The first is where one starts. */
export const PAGES: readonly PageEntry[] = [
  {
    name: "sessions",
    title: "Active sessions",
    load: async () => (await import("./pages/sessions.tsx")).SessionsPage,
    isFor: everybody,
  },
  {
    name: "activity",
    title: "Activity",
    load: async () => (await import("./pages/activity.tsx")).ActivityPage,
    isFor: everybody,
  },
  {
    name: "alerts",
    title: "Alerts",
    load: async () => (await import("./pages/alerts.tsx")).AlertsPage,
    isFor: (me) => may(me, "alert:list", "alert:read"),
  },
  {
    name: "resources",
    title: "Resources",
    load: async () => (await import("./pages/resources.tsx")).ResourcesPage,
    isFor: (me) => me.permissions.some((permission) => /^(vm|volume|database):list$/.test(permission)),
  },
  {
    name: "billing",
    title: "Usage and billing",
    load: async () => (await import("./pages/billing.tsx")).BillingPage,
    // Whoever makes things may see what they used.
    isFor: (me) => may(me, "invoice:read", "usage:read", "usage:ingest", "vm:create"),
  },
  {
    name: "admin",
    title: "Administration",
    load: async () => (await import("./pages/admin.tsx")).AdminPage,
    isFor: (me) =>
      may(me, "user:list", "role:list", "tenant:read", "apikey:list", "tenant:list", "ratecard:update"),
  },
  {
    name: "support",
    title: "Support",
    load: async () => (await import("./pages/support.tsx")).SupportPage,
    isFor: everybody,
  },
  {
    name: "account",
    title: "Your account",
    load: async () => (await import("./pages/account.tsx")).AccountPage,
    isFor: everybody,
  },
];

/** Finds a page by the first segment of its path. */
export function pageAt(name: string): PageEntry | undefined {
  return PAGES.find((page) => page.name === name);
}
