import { router } from "../../lib/http/router.ts";
import { handler as create } from "./create.ts";
import { handler as remove } from "./delete.ts";
import { handler as list } from "./list.ts";
import { handler as read } from "./read.ts";
import { handler as replace } from "./replace.ts";
import { handler as simulate } from "./simulate.ts";

export const handler = router([list, create, simulate, read, replace, remove]);
