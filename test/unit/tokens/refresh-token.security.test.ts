// Guarantees: a refresh token cannot be made, changed or moved to another session without the key; theft is told from
// a repeated answer by generation and time alone (attack rows R01, R02, R05, R06).
import { refreshTokens } from "../../../lib/aws/refresh-tokens.ts";
import { rotateSymmetricKey } from "../../../lib/aws/secrets-document.ts";
import { classifyRefresh } from "../../../lib/session/token.ts";
import { deployment, NOW_MS } from "./deployment.ts";

const CLAIMS = {
  tenantId: "ten_01kajq3h5s8zr0d6w2v9x4b7cn",
  userId: "usr_01kajq3h5s8zr0d6w2v9x4b7cp",
  sessionId: "ses_01kajq3h5s8zr0d6w2v9x4b7cq",
  generation: 12,
};

test("gives back what it was made for", async () => {
  const tokens = refreshTokens(deployment());
  const token = await tokens.mint(CLAIMS);
  expect(token).toMatch(
    /^ten_01kajq3h5s8zr0d6w2v9x4b7cn\.usr_01kajq3h5s8zr0d6w2v9x4b7cp\.ses_01kajq3h5s8zr0d6w2v9x4b7cq\.12\.[A-Za-z0-9_-]{43}$/,
  );
  await expect(tokens.parse(token)).resolves.toEqual(CLAIMS);
});

test("R01, R05 the same claims give the same token", async () => {
  const tokens = refreshTokens(deployment());
  const minted = await Promise.all(Array.from({ length: 50 }, () => tokens.mint(CLAIMS)));
  expect(new Set(minted).size).toBe(1);
});

test("R06 refuses a token with any one character changed, removed or added", async () => {
  const tokens = refreshTokens(deployment());
  const token = await tokens.mint(CLAIMS);
  for (let place = 0; place < token.length; place += 1) {
    const rest = token.slice(place + 1);
    for (const instead of ["", "A", "0", ".", "=", `${token[place]}0`]) {
      const changed = token.slice(0, place) + instead + rest;
      if (changed === token) continue;
      await expect(tokens.parse(changed)).rejects.toMatchObject({ code: "refresh.invalid" });
    }
  }
});

test.each([
  ["empty", ""],
  ["long", "x".repeat(10_000)],
  ["spaced", " "],
  ["an id", CLAIMS.sessionId],
])("R06 refuses %s text", async (_name, token) => {
  await expect(refreshTokens(deployment()).parse(token)).rejects.toMatchObject({ code: "refresh.invalid" });
});

test("R06 refuses another spelling of a good code", async () => {
  const tokens = refreshTokens(deployment());
  const token = await tokens.mint(CLAIMS);
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const last = letters.indexOf(token.slice(-1));
  // 32 bytes leave two bits of the last character unused: three more spellings decode alike.
  for (const bits of [1, 2, 3]) {
    const spelled = token.slice(0, -1) + letters.charAt(last + bits);
    await expect(tokens.parse(spelled)).rejects.toMatchObject({ code: "refresh.invalid" });
  }
});

test("refuses a token of another deployment", async () => {
  const token = await refreshTokens(deployment()).mint(CLAIMS);
  await expect(refreshTokens(deployment()).parse(token)).rejects.toMatchObject({ code: "refresh.invalid" });
});

test("takes tokens of the key before the present one, and of none older", async () => {
  const own = deployment();
  const token = await refreshTokens(own).mint(CLAIMS);
  const once = rotateSymmetricKey(own.document, "refreshKeys");
  const twice = rotateSymmetricKey(once, "refreshKeys");
  const after = (document: typeof once) => refreshTokens(deployment({ document }));
  await expect(after(once).parse(token)).resolves.toEqual(CLAIMS);
  await expect(after(twice).parse(token)).rejects.toMatchObject({ code: "refresh.invalid" });
});

describe("R02 tells theft from a repeated answer", () => {
  const chain = { refreshGeneration: 12, refreshRotatedAtMs: NOW_MS };
  test.each([
    ["the present one", 12, NOW_MS, "rotate"],
    ["the present one a month later", 12, NOW_MS + 2_592_000_000, "rotate"],
    ["the one before, at once", 11, NOW_MS, "repeat"],
    ["the one before, in the last millisecond of the grace", 11, NOW_MS + 9999, "repeat"],
    ["the one before, at 10 s sharp", 11, NOW_MS + 10_000, "reused"],
    ["the one before, on a server whose clock runs behind", 11, NOW_MS - 500, "repeat"],
    ["two before, at once", 10, NOW_MS, "reused"],
    ["the first of all", 0, NOW_MS, "reused"],
    ["one that was not given out yet", 13, NOW_MS, "reused"],
  ])("%s", (_name, generation, nowMs, expected) => {
    expect(classifyRefresh(chain, generation, nowMs)).toBe(expected);
  });
});
