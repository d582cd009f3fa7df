/** 序列号 Serial numbers as text: read from what is pasted or scanned, run on from a first one, checked against each other. */
import type { Json } from "../api/json";

const SEPARATORS = /[\n\r\t,，;；、]+/;

/** The numbers in a text: one a line, or between commas or tabs. */
export const readSerials = (text: string): string[] =>
  text
    .split(SEPARATORS)
    .map((part) => part.trim().replace(/\s+/g, " "))
    .filter((part) => part !== "");

export const serialsOf = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((part): part is string => typeof part === "string") : [];

/** `count` numbers from a first one on: its last digits run, as wide as they are (`A098` → `A099`, `A100`). */
export function runningSerials(first: string, count: number): string[] {
  const found = /^(.*?)(\d+)(\D*)$/.exec(first.trim());
  if (!found || !Number.isInteger(count) || count < 1) return [];
  const [, prefix = "", digits = "", suffix = ""] = found;
  const start = BigInt(digits);
  return Array.from(
    { length: count },
    (_, at) => `${prefix}${String(start + BigInt(at)).padStart(digits.length, "0")}${suffix}`,
  );
}

/** Numbers that occur more than once, and those that are in `others` already. */
export function repeatedSerials(numbers: readonly string[], others: ReadonlySet<string>): string[] {
  const seen = new Set<string>();
  const again = new Set<string>();
  for (const number of numbers) {
    if (seen.has(number) || others.has(number)) again.add(number);
    seen.add(number);
  }
  return [...again];
}
