import { createContext } from "preact";
import { useContext } from "preact/hooks";

/** Who is who, by id, as far as the viewer may know. */
export const UserNames = createContext<ReadonlyMap<string, string>>(new Map());

/** A person by their address or name, and by their id where nothing else is known. */
export function UserName({ id, name }: { readonly id: string; readonly name?: string | undefined }) {
  const names = useContext(UserNames);
  const shown = names.get(id) ?? name;
  return shown === undefined ? <code>{id}</code> : <span title={id}>{shown}</span>;
}
