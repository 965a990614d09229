import { router } from "../../lib/http/router.ts";
import { handler as acceptInvitation } from "./accept-invitation.ts";
import { handler as changePassword } from "./change-password.ts";
import { handler as logout } from "./logout.ts";
import { handler as offerPasskey } from "./offer-passkey.ts";
import { handler as replaceSession } from "./replace-session.ts";
import { handler as requestPasswordReset } from "./request-password-reset.ts";
import { handler as resetPassword } from "./reset-password.ts";
import { handler as sendMfaCode } from "./send-mfa-code.ts";
import { handler as signInWithPasskey } from "./sign-in-with-passkey.ts";
import { handler as stepUp } from "./step-up.ts";

export const handler = router([
  acceptInvitation,
  changePassword,
  logout,
  offerPasskey,
  replaceSession,
  requestPasswordReset,
  resetPassword,
  sendMfaCode,
  signInWithPasskey,
  stepUp,
]);
