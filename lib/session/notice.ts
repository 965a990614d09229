import type { ActivityRecord } from "../activity/activity.ts";

/** What a person is told of their own account, so that they see what somebody else does to it. */
export interface Notice {
  readonly subject: string;
  /** One sentence, without its time and place. */
  readonly what: string;
}

/** What follows from a record: a letter at once, one that depends on who else has signed in, a reset, or nothing. */
export type Consequence =
  | { readonly is: "notice"; readonly notice: Notice }
  | { readonly is: "sign_in" }
  | { readonly is: "reset" };

const PASSWORD_CHANGED: Notice = {
  subject: "Your password was changed",
  what: "The password of your account was changed, and your other sessions were ended.",
};

const BY_ACTION: Readonly<Record<string, Notice>> = {
  "auth:password": PASSWORD_CHANGED,
  "auth:password-reset-confirm": PASSWORD_CHANGED,
  "factor:verify": {
    subject: "A second factor was added",
    what: "A second factor was added to your account.",
  },
  "factor:delete": {
    subject: "A second factor was removed",
    what: "A second factor was removed from your account.",
  },
  "recovery-code:create": {
    subject: "Your recovery codes were replaced",
    what: "The recovery codes of your account were replaced.",
  },
};

const RECOVERY_CODE_USED: Notice = {
  subject: "A recovery code was used",
  what: "One of the recovery codes of your account was used in the place of a second factor.",
};

/** Says what follows from a record; `undefined` for most. Only what a person did for themselves, and did, concerns them. */
export function consequenceOf(record: ActivityRecord): Consequence | undefined {
  const { action, actor, outcome, source, attributes = {} } = record;
  const isOwn = actor.type === "user" && actor.onBehalfOf === undefined && source === "api";
  if (!isOwn || outcome !== "success") return undefined;
  if (action === "session:start") return { is: "sign_in" };
  if (action === "auth:password-reset") return { is: "reset" };
  if (action === "factor:delete" && attributes["verified"] === false) return undefined;
  const notice = attributes["method"] === "recovery_code" ? RECOVERY_CODE_USED : BY_ACTION[action];
  return notice === undefined ? undefined : { is: "notice", notice };
}
