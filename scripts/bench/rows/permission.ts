/** Row 6: permission decisions of a user with 50 roles and 200 statements, beside CASL, casbin and Cedar. */
import { compileRoles } from "../../../lib/access/compile-roles.ts";
import { decide } from "../../../lib/access/decide.ts";
import { inThisProcess, interleaved } from "../interleave.ts";
import { casbinDecider } from "../peers/casbin.ts";
import { caslDecider } from "../peers/casl.ts";
import { cedarDecider } from "../peers/cedar.ts";
import { type Decider, permissionQueries, permissionRoles, type Query } from "../permission-case.ts";
import { type Row, rounded, shown } from "../row.ts";

const LIMIT_NAME = "one map look-up";

const TARGETS: ReadonlyMap<string, number> = new Map([
  ["CASL", 3],
  ["casbin", 1000],
  ["Cedar WASM", 1000],
]);

/** @throws Error where two of them decide one query differently */
export async function measure(): Promise<readonly Row[]> {
  const roles = permissionRoles();
  const queries = permissionQueries(roles);
  const deciders = new Map<string, Decider>([
    ["ours", ownDecider(roles)],
    ["CASL", caslDecider(roles)],
    ["casbin", await casbinDecider(roles)],
    ["Cedar WASM", cedarDecider(roles)],
    [LIMIT_NAME, lookUp(queries)],
  ]);
  const allowed = agreeing(queries, deciders);
  const tookNs = await interleaved(
    [...deciders].map(([name, decider]) =>
      inThisProcess(name, (times) => decideInTurn(decider, queries, times)),
    ),
  );
  const perSecond = (name: string): number => 1e9 / (tookNs.get(name) ?? Number.NaN);
  return [...TARGETS].map(([peer, atLeast]) => {
    const ratio = perSecond("ours") / perSecond(peer);
    return {
      name: `6. permission decisions a second (50 roles, 200 statements; ${allowed} of 500 queries allowed by all)`,
      figure: shown(perSecond("ours")),
      peer: `${peer}: ${shown(perSecond(peer))}`,
      ratio: rounded(ratio),
      target: `≥ ${atLeast.toLocaleString("en")}×`,
      limit: `${LIMIT_NAME}: ${shown(perSecond(LIMIT_NAME))}`,
      reached: ratio >= atLeast,
    };
  });
}

function decideInTurn(decider: Decider, queries: readonly Query[], times: number): number {
  let allowed = 0;
  for (let done = 0; done < times; ) {
    for (const query of queries) {
      if (decider(query)) allowed++;
      if (++done >= times) break;
    }
  }
  return allowed;
}

function ownDecider(roles: ReturnType<typeof permissionRoles>): Decider {
  const policy = compileRoles(roles);
  const context = { nowMs: 0 };
  return ({ action, resource }) => decide(policy, { action, resource, context }).allowed;
}

/** What no decider can be quicker than: an answer that is there, looked up by one of the two strings. */
function lookUp(queries: readonly Query[]): Decider {
  const answers = new Map(queries.map(({ resource }) => [resource, true]));
  return ({ resource }) => answers.get(resource) ?? false;
}

function agreeing(queries: readonly Query[], deciders: ReadonlyMap<string, Decider>): number {
  let allowed = 0;
  for (const query of queries) {
    const answers = [...deciders]
      .filter(([name]) => name !== LIMIT_NAME)
      .map(([name, decider]) => [name, decider(query)] as const);
    if (new Set(answers.map(([, answer]) => answer)).size > 1) {
      throw new Error(`${query.action} on ${query.resource} is decided differently: ${answers.join("; ")}.`);
    }
    if (answers[0]?.[1] === true) allowed++;
  }
  return allowed;
}
