import { get } from "./api.ts";
import type { Me, Page, User } from "./documents.ts";
import { may } from "./pages.tsx";

/** Addresses of the tenant's people by their ids, as far as one may see them; the latest 200 are enough for a page. */
export async function userNames(me: Me): Promise<ReadonlyMap<string, string>> {
  const own = [me.user.id, me.user.email] as const;
  if (!may(me, "user:list")) return new Map([own]);
  const { items } = await get<Page<User>>("/v1/users", { query: { limit: 200 }, background: true });
  return new Map([own, ...items.map(({ id, email }) => [id, email] as const)]);
}
