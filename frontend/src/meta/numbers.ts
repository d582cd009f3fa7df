/** Decimal strings: shown with thousands, read with whatever a person or Excel puts in. */
import { Decimal as Base } from "decimal.js";

export const Decimal = Base.clone({
  precision: 40,
  rounding: Base.ROUND_HALF_UP,
  toExpNeg: -30,
  toExpPos: 30,
});
export type Decimal = Base;

/** A decimal of a value, or null where there is none. */
export function toDecimal(value: unknown): Decimal | null {
  if (typeof value !== "string" && typeof value !== "number") return null;
  if (value === "") return null;
  try {
    const decimal = new Decimal(value);
    return decimal.isFinite() ? decimal : null;
  } catch {
    return null;
  }
}

/** The sum of what can be read as a number. */
export const sum = (values: readonly unknown[]): Decimal =>
  values.reduce<Decimal>((total, value) => total.plus(toDecimal(value) ?? 0), new Decimal(0));

/** With thousands; at least `least` and at most `most` decimals. */
export function formatDecimal(value: unknown, least: number, most: number): string {
  const decimal = toDecimal(value);
  if (!decimal) return "";
  const rounded = decimal.toDecimalPlaces(most);
  const fixed = rounded.toFixed(Math.max(least, rounded.decimalPlaces()));
  const [whole = "", fraction] = fixed.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

const WIDE = /[０-９．，－＋％]/g;

/** Full-width digits and signs of a Chinese keyboard as plain ones. */
export const narrow = (text: string): string =>
  text.replace(WIDE, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0));

/** Reads what a person typed or Excel copied: thousands, currency signs, (12) for −12; null if it is no number. */
export function readDecimal(text: string): Decimal | null {
  let cleaned = narrow(text)
    .trim()
    .replace(/[\s,¥$￥]/g, "");
  if (/^\(.*\)$/.test(cleaned)) cleaned = `-${cleaned.slice(1, -1)}`;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(cleaned)) return null;
  return toDecimal(cleaned);
}
