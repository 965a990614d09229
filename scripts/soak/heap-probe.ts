// Loaded into the functions' process beside them (`--import`): at SIGUSR2 it collects garbage and writes what is left.
import { appendFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** The memory behind a buffer that was collected is given back beside the program, and by the next collection at last. */
const GIVEN_BACK_AFTER_MS = 300;

const file = process.env["SOAK_HEAP_FILE"];
if (file !== undefined) {
  setFlagsFromString("--expose-gc");
  const collectGarbage: () => void = runInNewContext("gc");
  process.on("SIGUSR2", () => {
    collectGarbage();
    setTimeout(() => {
      collectGarbage();
      appendFileSync(file, `${JSON.stringify(process.memoryUsage())}\n`);
    }, GIVEN_BACK_AFTER_MS);
  });
}
