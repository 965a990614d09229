import * as z from "zod";
import { OAuthError } from "../../lib/workflow/oauth-error.ts";

/** The media type of what OAuth's endpoints take. */
export const FORM = ["application/x-www-form-urlencoded"];

/** How a client shows itself in the form. */
export const ClientForm = {
  client_id: z.string().max(256).optional().describe("An API key's id."),
  client_secret: z.string().max(256).optional(),
};

/** A form that is about one token. */
export const TokenForm = z.object({
  token: z.string().max(16_384).optional(),
  token_type_hint: z.string().max(64).optional().describe("Not needed: tokens tell what they are."),
  ...ClientForm,
});

/** Gives a member that the form has to have. @throws OAuthError `invalid_request` */
export function needed(name: string, value: string | undefined): string {
  if (value === undefined) throw new OAuthError("invalid_request", `${name} is missing.`);
  return value;
}
