import { checkVersion, rewrite } from "../../../lib/identity/rewrite.ts";

test("a write that somebody else was quicker than is tried again", async () => {
  let attempts = 0;
  const done = await rewrite(async () => (++attempts < 3 ? undefined : "done"));
  expect([done, attempts]).toEqual(["done", 3]);
});

test("a document that never stands still is given up as a conflict", async () => {
  await expect(rewrite(async () => undefined)).rejects.toMatchObject({ code: "conflict" });
});

test("a refusal is not tried again", async () => {
  let attempts = 0;
  const refused = rewrite(async () => {
    attempts++;
    throw new Error("no");
  });
  await expect(refused).rejects.toThrow("no");
  expect(attempts).toBe(1);
});

test.each([
  [undefined, true],
  [3, true],
  [2, false],
  [4, false],
])("a client that has seen version %s may write version 3: %s", (expected, mayWrite) => {
  const check = () => checkVersion({ version: 3 }, expected);
  if (mayWrite) expect(check).not.toThrow();
  else expect(check).toThrow(expect.objectContaining({ code: "precondition.failed" }));
});
