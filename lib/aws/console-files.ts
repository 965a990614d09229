import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** From where a function runs: `scripts/build-console.ts` writes there, and the package has it at the same place. */
const DIRECTORY = "console/dist";

/** The built files of the console, beside the function's code. */
export function consoleFiles(directory = DIRECTORY) {
  return {
    /** The bytes of a file in base64; `undefined` for one that is not there, or whose name is more than a name. */
    read: async (name: string): Promise<string | undefined> => {
      if (!/^[\w-]+(\.[\w-]+)+$/.test(name)) return undefined;
      try {
        return await readFile(join(directory, name), "base64");
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
  };
}

function isMissing(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === "ENOENT";
}
