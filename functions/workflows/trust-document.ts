import * as z from "zod";
import { TRUST_CLAIMS_MAX, TRUST_RULES_MAX, type TrustDocument as Trust } from "../../lib/workflow/trust.ts";
import { RoleNames } from "./api-key-document.ts";

/** The name of a claim, as it stands in the token. */
const ClaimName = z.string().regex(/^[A-Za-z0-9_.:/-]{1,128}$/, "must be a claim's name");

const Claims = z
  .record(ClaimName, z.string().min(1).max(256))
  .refine(
    (claims) => Object.keys(claims).length <= TRUST_CLAIMS_MAX,
    `must have at most ${TRUST_CLAIMS_MAX} members`,
  )
  .meta({
    description:
      "Patterns by the name of a claim; all must match. `*` stands for any run of characters, `/` too.",
    examples: [{ repository: "octo-org/octo-repo", ref: "refs/heads/*" }],
  });

const TrustRule = z.strictObject({
  provider: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/, "must be 1 to 64 of a-z 0-9 . _ -")
    .meta({ description: "What records and tokens call the provider.", examples: ["github", "gitlab"] }),
  issuer: z.string().min(1).max(512).meta({
    description: "The `iss` of its tokens, letter by letter. Its keys come from its discovery document.",
  }),
  audience: z.string().min(1).max(256).meta({ description: "The one `aud` of its tokens." }),
  claims: Claims,
  roles: RoleNames,
});

/** A tenant's trust rules, whole. */
export const TrustInput = z.strictObject({ rules: z.array(TrustRule).max(TRUST_RULES_MAX) });

/** A tenant's trust rules as the API shows them. */
export const TrustDocument = z.object({ rules: z.array(TrustRule) }).meta({ id: "WorkflowTrust" });

/** Shows a tenant's rules, in the order in which they are tried. */
export function trustDocument({ rules }: Trust): z.output<typeof TrustDocument> {
  return {
    rules: rules.map(({ provider, issuer, audience, claims, roles }) => ({
      ...{ provider, issuer, audience },
      claims: { ...claims },
      roles: [...roles],
    })),
  };
}
