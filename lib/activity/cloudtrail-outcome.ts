import type { Outcome } from "./activity.ts";
import { type JsonObject, textAt } from "./cloudtrail-json.ts";

/**
 * Codes with which AWS refuses for want of permission or of valid credentials, without the prefixes `Client.`
 * and `Server.` (IAM "Common errors", EC2 "Error codes", S3 "Error responses", STS, KMS and CloudTrail
 * references).
 */
const REFUSALS: ReadonlySet<string> = new Set([
  "AccessDenied",
  "AccessDeniedException",
  "AuthFailure",
  "AuthorizationError",
  "AuthorizationErrorException",
  "Blocked",
  "ExpiredToken",
  "ExpiredTokenException",
  "Forbidden",
  "ForbiddenException",
  "IncompleteSignature",
  "InvalidAccessKeyId",
  "InvalidClientTokenId",
  "MissingAuthenticationToken",
  "NotAuthorized",
  "NotAuthorizedException",
  "OperationNotPermitted",
  "OptInRequired",
  "PendingVerification",
  "RequestExpired",
  "SignatureDoesNotMatch",
  "TokenRefreshRequired",
  "Unauthorized",
  "UnauthorizedAccess",
  "UnauthorizedException",
  "UnauthorizedOperation",
  "UnrecognizedClientException",
]);

/** How a call came out: refused for want of permission, failed for another reason, or done. */
export function outcomeOf(errorCode: string | undefined, response: JsonObject): Outcome {
  if (errorCode !== undefined) {
    const code = errorCode.replace(/^(Client|Server)\./, "");
    return REFUSALS.has(code) || /AccessDenied|Unauthori[sz]ed/.test(code) ? "denied" : "error";
  }
  // A failed console sign-in has no error code: its result is in the response under the action's own name.
  return textAt(response, "ConsoleLogin") === "Failure" ? "denied" : "success";
}
