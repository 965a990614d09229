import { expect, test } from "@jest/globals";
import { credentialsOf } from "../../../lib/http/bearer.ts";

test.each([
  ["Bearer a.b.c", "bearer", "a.b.c"],
  ["bEARER a.b.c", "bearer", "a.b.c"],
  ["challenge x", "challenge", "x"],
])("%j carries %s %s", (authorization, scheme, token) => {
  expect(credentialsOf({ authorization })).toEqual({ scheme, token });
});

test.each(["", " ", " x", "Bearer", "Bearer ", "bearerX", "challengeX", "Basic eDp5", "Bearer\tx", "a.b.c"])(
  "%j is of no form that carries a token",
  (authorization) => {
    expect(() => credentialsOf({ authorization })).toThrow(
      expect.objectContaining({ code: "auth.token_invalid" }),
    );
  },
);
