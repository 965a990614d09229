import { describe, expect, test } from "@jest/globals";
import { checkLock, type Intent } from "../../../lib/resource/lock.ts";
import type { Operation } from "../../../lib/resource/resource.ts";
import { begun } from "../../../lib/resource/transitions.ts";
import { vm } from "./builders.ts";

const HOLDER = { sessionId: "ses_holder", requestId: "req_1", ip: "", userAgent: "" };

function outcome(
  pending: Operation["kind"] | undefined,
  intent: Intent,
  who: { readonly own: boolean; readonly alive: boolean },
): string {
  const operation = { kind: pending ?? "stop" } as Operation;
  const resource = pending === undefined ? vm() : begun(vm(), operation, { by: HOLDER, atMs: 0 });
  try {
    checkLock(resource, {
      intent,
      sessionId: who.own ? "ses_holder" : "ses_other",
      isHolderAlive: who.alive,
    });
    return "goes on";
  } catch (error) {
    return (error as { code: string }).code;
  }
}

const OWN = { own: true, alive: true };
const OTHER = { own: false, alive: true };
const AFTER_DEATH = { own: false, alive: false };

describe("an operation under way", () => {
  test.each<[Operation["kind"], Intent, typeof OWN, string]>([
    ["create", "delete", OWN, "goes on"],
    ["create", "describe", OWN, "goes on"],
    ["create", "resize", OWN, "conflict"],
    ["create", "delete", OTHER, "conflict"],
    ["create", "describe", OTHER, "conflict"],
    ["create", "delete", AFTER_DEATH, "goes on"],
    ["create", "describe", AFTER_DEATH, "goes on"],
    ["create", "start", AFTER_DEATH, "conflict"],
    ["resize", "delete", OWN, "goes on"],
    ["resize", "describe", OWN, "conflict"],
    ["resize", "stop", OWN, "conflict"],
    ["resize", "delete", OTHER, "conflict"],
    ["resize", "stop", AFTER_DEATH, "goes on"],
    ["resize", "describe", AFTER_DEATH, "conflict"],
  ])("to %s: %s by %j %s", (pending, intent, who, expected) => {
    expect(outcome(pending, intent, who)).toBe(expected);
  });

  test("tells who holds the lock, since when, and for what", () => {
    const resource = begun(vm(), { kind: "stop" }, { by: HOLDER, atMs: 1_800_000_000_000 });
    expect(() =>
      checkLock(resource, { intent: "start", sessionId: "ses_other", isHolderAlive: true }),
    ).toThrow(
      expect.objectContaining({
        members: { operation: "stop", since: "2027-01-15T08:00:00.000Z", heldBySessionId: "ses_holder" },
      }),
    );
  });
});

test("nothing under way locks nobody out", () => {
  expect(outcome(undefined, "resize", OTHER)).toBe("goes on");
});
