const TONES: Readonly<Record<string, string>> = {
  active: "good",
  running: "good",
  success: "good",
  final: "good",
  allowed: "good",
  verified: "good",
  denied: "warn",
  medium: "warn",
  provisioning: "warn",
  acknowledged: "warn",
  invited: "warn",
  draft: "warn",
  pending: "warn",
  error: "bad",
  failed: "bad",
  high: "bad",
  open: "bad",
  disabled: "bad",
  suspended: "bad",
};

/** A state in a word; its colour only repeats what the word says. */
export function Badge({ word, tone }: { readonly word: string; readonly tone?: string }) {
  return <span class={`badge ${tone ?? TONES[word] ?? "plain"}`}>{word.replaceAll("_", " ")}</span>;
}
