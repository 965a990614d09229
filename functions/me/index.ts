import { router } from "../../lib/http/router.ts";
import { handler as addFactor } from "./add-factor.ts";
import { handler as listFactors } from "./list-factors.ts";
import { handler as read } from "./read.ts";
import { handler as removeFactor } from "./remove-factor.ts";
import { handler as replaceRecoveryCodes } from "./replace-recovery-codes.ts";
import { handler as sendFactorCode } from "./send-factor-code.ts";
import { handler as verifyFactor } from "./verify-factor.ts";

export const handler = router([
  addFactor,
  listFactors,
  read,
  removeFactor,
  replaceRecoveryCodes,
  sendFactorCode,
  verifyFactor,
]);
