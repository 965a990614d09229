import { createStore } from "./store.ts";

/** Where one is: `#/activity/act_…?outcome=denied` is `["activity", "act_…"]` with its query. */
export interface Place {
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

/** Where one is now. It lives in the fragment, so that every place is the same page to the server. */
export const place = createStore(placeOf(location.hash));

addEventListener("hashchange", () => place.set(placeOf(location.hash)));

/** Reads a fragment. */
function placeOf(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?");
  return { path: path.split("/").filter(Boolean).map(decoded), query: new URLSearchParams(query) };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Writes a place as a link; what is empty in the query is left out. */
export function linkTo(path: string, query: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value ? [[name, value]] : []));
  return given.length === 0 ? `#${path}` : `#${path}?${new URLSearchParams(given)}`;
}

/** Goes somewhere. */
export function go(link: string): void {
  location.hash = link;
}
