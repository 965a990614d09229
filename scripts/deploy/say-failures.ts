const LOCAL = "The stack of npm start is --stage local.";

/** Has a failure that its user can put right end the script with a line of it, and any other as it would by itself. */
export function sayFailures(usage: string): void {
  process.on("uncaughtException", (thrown: Error & { readonly code?: unknown }) => {
    console.error(remedyOf(thrown, usage) ?? thrown.stack);
    process.exit(1);
  });
}

function remedyOf({ name, message, code }: Error & { readonly code?: unknown }, usage: string) {
  if (String(code).startsWith("ERR_PARSE_ARGS")) return `${message}\n${usage}`;
  if (code === "EEXIST") return `${message}: what is there is not written over.`;
  if (name === "CredentialsProviderError") return `No AWS credentials were found: ${message}. ${LOCAL}`;
  if (name === "ResourceNotFoundException")
    return `There is no such stage here, as it has no tables. ${LOCAL}`;
  return undefined;
}
