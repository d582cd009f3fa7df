/** Values of fields: how a ref, a document link and an empty cell look, are compared and are written. */
import dayjs from "dayjs";
import { isObject } from "../api/check";
import type { Json, JsonObject } from "../api/json";
import type { FieldMeta } from "./types";

export type Values = Record<string, Json>;

export interface Ref extends JsonObject {
  id: number;
  code: string;
  label: string;
}

export const isRef = (value: unknown): value is Ref => isObject(value) && typeof value.id === "number";

export const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);

export const textOf = (value: Json | undefined): string => {
  if (value === null || value === undefined) return "";
  if (isObject(value)) {
    const label = value.label ?? value.display_name ?? value.name ?? value.number ?? value.code;
    return typeof label === "string" ? label : "";
  }
  return String(value);
};

/** A value as it is written: of a ref its id, of the rest itself. */
export const toWire = (value: Json | undefined): Json => {
  if (value === undefined || value === "") return null;
  return isRef(value) ? value.id : value;
};

/** The same for every purpose of a form: two refs are equal when they name the same thing. */
export const sameValue = (left: Json | undefined, right: Json | undefined): boolean =>
  JSON.stringify(toWire(left)) === JSON.stringify(toWire(right));

/** What a new record starts with; "@first" is resolved where the options are known. */
export function defaultOf(field: FieldMeta, today: string): Json {
  if (field.default === "@today") return today;
  if (field.default === "@last_month_end")
    return dayjs(today).startOf("month").subtract(1, "day").format("YYYY-MM-DD");
  if (typeof field.default === "string" && field.default.startsWith("@")) return null;
  return field.default ?? null;
}

/** The values that picking an option sets on the same line or header. */
export function fillsOf(field: FieldMeta, option: JsonObject | null): Values {
  if (!option) return {};
  const filled: Values = {};
  for (const [target, source] of Object.entries(field.fills)) {
    const value = option[source];
    if (!isEmpty(value)) filled[target] = value as Json;
  }
  return filled;
}
