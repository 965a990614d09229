const PLACES = 18;

/** Adds decimal texts exactly. */
export function addDecimals(texts: readonly string[]): string {
  const sum = texts.reduce((total, text) => total + scaled(text), 0n);
  const digits = (sum < 0n ? -sum : sum).toString().padStart(PLACES + 1, "0");
  const fraction = digits.slice(-PLACES).replace(/0+$/, "");
  const places = Math.max(fraction.length, ...texts.map((text) => text.split(".")[1]?.length ?? 0));
  const shown = places === 0 ? "" : `.${fraction.padEnd(places, "0")}`;
  return `${sum < 0n ? "-" : ""}${digits.slice(0, -PLACES)}${shown}`;
}

/** Compares decimal texts; below zero where the first is smaller. */
export function compareDecimals(one: string, other: string): number {
  const difference = scaled(one) - scaled(other);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

function scaled(text: string): bigint {
  const [, sign = "", whole = "0", fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  const value = BigInt(`${whole}${fraction.slice(0, PLACES).padEnd(PLACES, "0")}`);
  return sign === "-" ? -value : value;
}
