/** The file that is rolled up: the second argument of the process. */
export function usageFile(): string {
  const [, , , path] = process.argv;
  if (path === undefined) throw new Error("Which file is to be rolled up?");
  return path;
}
