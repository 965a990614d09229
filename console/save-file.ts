/** Hands a file to the browser to keep. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken it by then, and a blob is kept for as long as its address.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
