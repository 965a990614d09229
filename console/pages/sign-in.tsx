import { useState } from "preact/hooks";
import { ActiveSessionError, type SessionChoice } from "../../client/problem.ts";
import { postOpenly } from "../api.ts";
import type { OfferedFactor, SignInAnswer, Tokens } from "../documents.ts";
import { go, linkTo, place } from "../router.ts";
import { signIn } from "../session.ts";
import { useStore } from "../store.ts";
import { ChooseSession } from "./sign-in-choice.tsx";
import { Credentials } from "./sign-in-credentials.tsx";
import { Enrolment } from "./sign-in-enrolment.tsx";
import { SecondFactor } from "./sign-in-factor.tsx";
import { AskForReset, NewPassword } from "./sign-in-reset.tsx";

/** Where a sign-in stands. */
type Step =
  | { readonly is: "credentials" }
  | {
      readonly is: "factor";
      readonly challengeToken: string;
      readonly factors: readonly OfferedFactor[];
    }
  | { readonly is: "enrolment"; readonly challengeToken: string }
  | { readonly is: "choice"; readonly challengeToken: string; readonly sessions: readonly SessionChoice[] };

/** Everything before there is a session. */
export function SignIn({ why }: { readonly why?: string | undefined }) {
  const { path, query } = useStore(place);
  const [page] = path;
  if (page === "reset-password" && query.has("token")) {
    return <NewPassword token={query.get("token") ?? ""} purpose="reset" done={toSignIn} />;
  }
  if (page === "invitation") {
    return <InvitedPassword token={query.get("token") ?? ""} />;
  }
  if (page === "reset-password") return <AskForReset back={toSignIn} />;
  return <SigningIn why={why} />;
}

function toSignIn(): void {
  go(linkTo("/"));
}

function InvitedPassword({ token }: { readonly token: string }) {
  const [answer, setAnswer] = useState<SignInAnswer>();
  if (answer !== undefined) return <SigningIn first={answer} />;
  return (
    <NewPassword
      token={token}
      purpose="invitation"
      done={(accepted) => {
        toSignIn();
        setAnswer(accepted);
      }}
    />
  );
}

function SigningIn(props: { readonly why?: string | undefined; readonly first?: SignInAnswer }) {
  const [step, setStep] = useState<Step>(() => stepAfter(props.first) ?? { is: "credentials" });
  const goOn = async (ask: () => Promise<SignInAnswer>) => {
    try {
      const answer = await ask();
      const next = stepAfter(answer);
      if (next === undefined && answer.status === "active") await signIn(answer);
      else if (next !== undefined) setStep(next);
    } catch (error) {
      const choice = choiceOf(error);
      if (choice === undefined) throw error;
      setStep(choice);
    }
  };
  const restart = () => setStep({ is: "credentials" });
  switch (step.is) {
    case "credentials":
      return <Credentials why={props.why} goOn={goOn} />;
    case "factor":
      return <SecondFactor {...step} goOn={goOn} restart={restart} />;
    case "enrolment":
      return <Enrolment {...step} goOn={goOn} restart={restart} />;
    case "choice":
      return (
        <ChooseSession
          {...step}
          restart={restart}
          choose={(sessionId) =>
            goOn(() =>
              postOpenly<Tokens>("/v1/auth/replace", { challengeToken: step.challengeToken, sessionId }),
            )
          }
        />
      );
  }
}

function stepAfter(answer: SignInAnswer | undefined): Step | undefined {
  if (answer?.status === "mfa_required") {
    return { is: "factor", challengeToken: answer.challengeToken, factors: answer.factors };
  }
  if (answer?.status === "mfa_enrollment_required") {
    return { is: "enrolment", challengeToken: answer.challengeToken };
  }
  return undefined;
}

/** The tenant lets one choose which session makes room: the refusal says which there are. */
function choiceOf(error: unknown): Step | undefined {
  if (!(error instanceof ActiveSessionError) || error.code !== "session.limit_reached") return undefined;
  const { challengeToken, sessions } = error.problem;
  if (challengeToken === undefined || sessions === undefined) return undefined;
  return { is: "choice", challengeToken, sessions };
}
