import { readFileSync } from "node:fs";

test("what npm installs is held to a hash, on every platform", () => {
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
  const unheld = Object.entries<{ integrity?: string; link?: boolean }>(packages)
    .filter(
      ([path, { integrity, link }]) => path !== "" && link !== true && !integrity?.startsWith("sha512-"),
    )
    .map(([path]) => path);
  expect(unheld).toEqual([]);
});
