import { isIncluded, leafHash, merkleTree, toHex } from "../../../lib/activity/merkle.ts";
import { sha256 } from "./sealing.ts";

/** The inputs of the reference tests of Certificate Transparency, and the roots over the first 1, 2, … of them. */
const INPUTS = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
];
const ROOTS = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];
const LEAVES = INPUTS.map((hex) => sha256(Buffer.from(`00${hex}`, "hex")));

test.each(ROOTS.map((root, index) => ({ size: index + 1, root })))(
  "a tree of $size leaves has the root of RFC 6962",
  ({ size, root }) => {
    expect(toHex(merkleTree(sha256, LEAVES.slice(0, size)).root)).toBe(root);
  },
);

test("a tree of no leaves has the hash of nothing", () => {
  expect(toHex(merkleTree(sha256, []).root)).toBe(
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  );
});

test("a leaf is SHA-256 over 0x00 and the record as RFC 8785 JSON, whatever the order of its members", () => {
  // printf '\x00{"a":1,"b":"\xc3\xa9"}' | sha256sum
  const expected = "3b2b3affc6d65f601c4b54e2549660669c530296ea51c7b35dc32f3ccf700989";
  expect(toHex(leafHash(sha256, { b: "é", a: 1 }))).toBe(toHex(leafHash(sha256, { a: 1, b: "é" })));
  expect(toHex(leafHash(sha256, { b: "é", a: 1 }))).toBe(expected);
});

test("every leaf of every size up to 33 is proven at its own place, and at no other", () => {
  const leaves = Array.from({ length: 33 }, (_, n) => sha256(Uint8Array.of(n)));
  for (let treeSize = 1; treeSize <= leaves.length; treeSize += 1) {
    const inside = leaves.slice(0, treeSize);
    const { root, pathOf } = merkleTree(sha256, inside);
    for (const [leafIndex, leaf] of inside.entries()) {
      const path = pathOf(leafIndex);
      expect(isIncluded(sha256, root, { leaf, leafIndex, treeSize, path })).toBe(true);
      expect(isIncluded(sha256, root, { leaf, leafIndex: leafIndex + 1, treeSize, path })).toBe(false);
      expect(isIncluded(sha256, root, { leaf: sha256(leaf), leafIndex, treeSize, path })).toBe(false);
    }
  }
});

test("a path of the wrong length proves nothing", () => {
  const leaves = LEAVES.slice(0, 5);
  const { root, pathOf } = merkleTree(sha256, leaves);
  const [leaf] = leaves;
  const path = pathOf(0);
  if (leaf === undefined) throw new Error("no leaf");
  expect(isIncluded(sha256, root, { leaf, leafIndex: 0, treeSize: 5, path: path.slice(0, -1) })).toBe(false);
  expect(isIncluded(sha256, root, { leaf, leafIndex: 0, treeSize: 5, path: [...path, root] })).toBe(false);
  expect(isIncluded(sha256, root, { leaf, leafIndex: 0.5, treeSize: 5, path })).toBe(false);
});
