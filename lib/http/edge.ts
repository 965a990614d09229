import { AppError } from "../errors.ts";
import type { HttpDeps } from "./http-deps.ts";
import type { HttpRequest } from "./request.ts";

/** Added by the edge alone (resources/edge.yml): it replaces what a viewer sent under these names. */
const KEY = "x-edge-key";
const VIEWER = "x-edge-viewer";

type EdgeDeps = Pick<HttpDeps, "edgeKey" | "sha256">;

/** The request with its viewer's address in the place of the edge's. Whoever has not come through the edge is not believed. */
export function fromViewer(deps: EdgeDeps, request: HttpRequest): HttpRequest {
  const ip = request.headers[VIEWER];
  return deps.edgeKey === undefined || ip === undefined || !isThroughEdge(deps, request)
    ? request
    : { ...request, ip };
}

/**
 * Demands that a request has come through the edge, where there is one: its web application firewall is not gone round.
 * @throws AppError `access.denied`
 */
export function checkEdge(deps: EdgeDeps, request: HttpRequest): void {
  if (deps.edgeKey !== undefined && !isThroughEdge(deps, request)) {
    throw new AppError("access.denied", "Requests come through the public address of the service.");
  }
}

/** Digests are compared: how soon they differ tells nothing of the key. */
function isThroughEdge({ edgeKey = "", sha256 }: EdgeDeps, { headers }: HttpRequest): boolean {
  return sha256(headers[KEY] ?? "") === sha256(edgeKey);
}
