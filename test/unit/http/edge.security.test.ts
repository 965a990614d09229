import { createHash } from "node:crypto";
import { checkEdge, fromViewer } from "../../../lib/http/edge.ts";
import { readRequest } from "../../../lib/http/request.ts";
import { httpEvent } from "../../support/http-event.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const behindEdge = { edgeKey: "the-key-of-the-edge", sha256 };
const direct = { sha256 };

const health = { routeKey: "GET /health", module: "functions/health/index", handlerName: "handler" };
const eventWith = (headers: Readonly<Record<string, string>>) =>
  httpEvent({ method: "GET", path: "/health", headers, ip: "198.51.100.1" }, health, 0);
const requestWith = (headers: Readonly<Record<string, string>>) =>
  readRequest(eventWith(headers), "req_1", 0);

const through = requestWith({ "x-edge-key": "the-key-of-the-edge", "x-edge-viewer": "203.0.113.9" });

describe("the edge before the API", () => {
  test("is not gone round: without its key, or with another, a request is refused", () => {
    for (const headers of [{}, { "x-edge-key": "" }, { "x-edge-key": "a-guess" }]) {
      expect(() => checkEdge(behindEdge, fromViewer(behindEdge, requestWith(headers)))).toThrow(
        expect.objectContaining({ code: "access.denied" }),
      );
    }
    expect(() => checkEdge(behindEdge, fromViewer(behindEdge, through))).not.toThrow();
  });

  test("is demanded by every endpoint, and refuses as a problem document", async () => {
    // Nothing is read from it: health needs no key.
    process.env["SECRETS_FILE"] ??= "none";
    const { createHandler } = await import("../../../functions/health/index.ts");
    const { platform } = await import("../../../lib/aws/platform.ts");
    const handler = createHandler({ ...platform(), edgeKey: "the-key-of-the-edge" });
    expect(await handler(eventWith({}), {})).toMatchObject({
      statusCode: 403,
      headers: { "content-type": "application/problem+json", "x-content-type-options": "nosniff" },
    });
    expect(await handler(eventWith({ "x-edge-key": "the-key-of-the-edge" }), {})).toMatchObject({
      statusCode: 200,
    });
  });

  test("is believed where the viewer is, and nobody else is", () => {
    expect(fromViewer(behindEdge, through).ip).toBe("203.0.113.9");
    const forged = requestWith({ "x-edge-key": "a-guess", "x-edge-viewer": "203.0.113.9" });
    expect(fromViewer(behindEdge, forged).ip).toBe("198.51.100.1");
  });

  test("where there is none, nothing is demanded and no header is believed", () => {
    expect(() => checkEdge(direct, fromViewer(direct, through))).not.toThrow();
    expect(fromViewer(direct, through).ip).toBe("198.51.100.1");
  });
});
