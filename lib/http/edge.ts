import { AppError } from "../errors.ts";
import type { HttpDeps } from "./http-deps.ts";
import type { HttpRequest } from "./request.ts";

/** Added by the edge alone (resources/edge.yml): it replaces what a viewer sent under these names. */
const KEY = "x-edge-key";
const VIEWER = "x-edge-viewer";

type EdgeDeps = Pick<HttpDeps, "edgeKey" | "sha256">;

/**
 * The request as the edge hands it on: marked, and with its viewer's address in the place of the edge's. Whoever has not
 * come through the edge is not believed.
 */
export function fromViewer({ edgeKey, sha256 }: EdgeDeps, request: HttpRequest): HttpRequest {
  const { headers, ip } = request;
  // Digests are compared: how soon they differ tells nothing of the key.
  if (edgeKey === undefined || sha256(headers[KEY] ?? "") !== sha256(edgeKey)) return request;
  return { ...request, isThroughEdge: true, ip: headers[VIEWER] ?? ip };
}

/**
 * Demands that a request has come through the edge, where there is one: its web application firewall is not gone round.
 * @throws AppError `access.denied`
 */
export function checkEdge({ edgeKey }: EdgeDeps, { isThroughEdge }: HttpRequest): void {
  if (edgeKey !== undefined && isThroughEdge !== true) {
    throw new AppError("access.denied", "Requests come through the public address of the service.");
  }
}
