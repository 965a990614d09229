import type { Device } from "./documents.ts";

const dateTime = new Intl.DateTimeFormat(undefined, {
  year: "numeric",
  month: "short",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

/** A moment, in the reader's own zone. */
export function formatTime(text: string | undefined): string {
  return text === undefined ? "–" : dateTime.format(Date.parse(text));
}

/** The hour of a moment of today. */
export function formatClock(text: string): string {
  return clock.format(Date.parse(text));
}

/** A day of a bill: those are in UTC. */
export function formatDay(text: string): string {
  return day.format(Date.parse(text));
}

const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
] as const;

/** How far away a moment is: "3 minutes ago", "in 2 hours". */
export function formatAway(text: string, nowMs: number): string {
  const awayMs = Date.parse(text) - nowMs;
  const [unit, unitMs] = UNITS.find(([, size]) => Math.abs(awayMs) >= size) ?? ["second", 1000];
  return relative.format(Math.trunc(awayMs / unitMs), unit);
}

/** A length of time in its two largest units: "29 min 40 s". Never below zero. */
export function formatLength(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  const shown = first === -1 ? parts.slice(3) : parts.slice(first, first + 2);
  return shown.map(([count, unit]) => `${count} ${unit}`).join(" ");
}

/** An amount with its currency, written as the API has it: money is never a float here either. */
export function formatMoney(amount: string, currency: string): string {
  const [, sign = "", whole = "", rest = ""] = /^(-?)(\d+)(.*)$/.exec(amount) ?? [];
  return `${sign}${whole.replaceAll(/\B(?=(\d{3})+$)/g, ",")}${rest} ${currency}`;
}

/** A quantity without the zeros at its end. */
export function formatQuantity(quantity: string): string {
  return quantity.includes(".") ? quantity.replace(/\.?0+$/, "") : quantity;
}

/** "Chrome 156 on Linux". */
export function formatDevice({ browser, os, name }: Device): string {
  const shown = `${browser} on ${os}`;
  return name === undefined ? shown : `${name} (${shown})`;
}

/** An API's word as a person's: `idle_expired` is "idle expired". */
export function formatWord(word: string): string {
  return word.replaceAll("_", " ");
}

/** A value of a record's change, as it was. */
export function formatValue(value: unknown): string {
  if (value === undefined) return "–";
  return typeof value === "string" ? value : JSON.stringify(value);
}
