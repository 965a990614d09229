const { subscribe } = require("node:diagnostics_channel");
const { WebSocketServer } = require("ws");

/** The largest frame that API Gateway takes: a larger one closes the connection with 1009. */
const FRAME_BYTES_MAX = 32_768;

/** What the gateway reads nothing into, and no endpoint takes: a body without a type of its own is refused as of this. */
const NO_TYPE = "application/octet-stream";

/**
 * Hands requests to the local gateway such that its functions see what API Gateway would show them. By itself it
 * calls a body without a content type JSON, takes a path with a slash at its end or with dot segments for the path
 * without them, answers what it cannot decode in a form of its own, and lets any other origin in with credentials. It
 * reads JSON on its way, and hands a text over without its quotes, and `null`, `false` and `0` as no body at all.
 */
module.exports = function levelGateway(httpPort) {
  levelSockets();
  subscribe("http.server.request.start", ({ request }) => {
    if (request.socket.localPort !== httpPort) return;
    request.url = literalPath(request.url);
    // Functions read the raw headers and still see it.
    delete request.headers.origin;
    if (hasBody(request)) hideContentType(request);
  });
};

/** The path such that decoding and resolving it leaves it as it came. */
function literalPath(url) {
  const [path, ...query] = url.split(/(?=\?)/);
  const decodable = isDecodable(path) ? path : path.replaceAll("%", "%25");
  const undotted = decodable
    .split("/")
    .map((segment) => (/^(\.|%2e){1,2}$/i.test(segment) ? segment.replace(/\.|%2e/gi, "%252e") : segment))
    .join("/");
  // One slash at the end is taken off again.
  const slashed = undotted.length > 1 && undotted.endsWith("/") ? `${undotted}/` : undotted;
  return slashed + query.join("");
}

function isDecodable(path) {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

function hasBody({ headers }) {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/** Functions read the raw headers and still see a body's type, or `NO_TYPE` where it has none. */
function hideContentType({ headers, rawHeaders }) {
  if (!headers["content-type"]) showContentType(rawHeaders, NO_TYPE);
  headers["content-type"] = NO_TYPE;
}

function showContentType(rawHeaders, type) {
  const at = rawHeaders.findIndex((name, index) => index % 2 === 0 && /^content-type$/i.test(name));
  if (at === -1) rawHeaders.push("content-type", type);
  else rawHeaders[at + 1] = type;
}

function levelSockets() {
  const { completeUpgrade } = WebSocketServer.prototype;
  WebSocketServer.prototype.completeUpgrade = function levelled(...upgrade) {
    this.options.maxPayload = FRAME_BYTES_MAX;
    const connected = upgrade.pop();
    const hearErrors = (webSocket, request) => {
      // A frame that is none, or too large, closes its own connection; unheard, it would end the whole run.
      webSocket.on("error", () => webSocket.close());
      connected(webSocket, request);
    };
    return completeUpgrade.call(this, ...upgrade, hearErrors);
  };
}
