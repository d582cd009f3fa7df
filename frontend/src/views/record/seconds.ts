/** Second quantities: goods sold by weight and counted by head. What is typed suggests the other by the usual ratio. */
import type { Json, JsonObject } from "../../api/json";
import { Decimal, toDecimal } from "../../meta/numbers";
import type { FieldMeta } from "../../meta/types";
import { type Values, isEmpty } from "../../meta/values";

export type Beside = "quantity" | "second_quantity";

/** What is usual of a line's item, and which of its two quantities a person typed. */
export interface Usual {
  /** Base units in one second unit; null where no ratio is known. */
  ratio: string | null;
  decimals: number;
  /** Base units in one unit of the line. */
  factor: string;
  typed: Record<Beside, boolean>;
}

const isBeside = (name: string): name is Beside => name === "quantity" || name === "second_quantity";

/** The usual of a line after one field was set: another item starts anew, another unit has another factor. */
export function usualAfter(
  usual: Usual | undefined,
  field: FieldMeta,
  value: Json,
  option: JsonObject | null,
): Usual | undefined {
  if (field.ref === "items") {
    if (typeof option?.second_decimals !== "number") return undefined;
    const ratio = toDecimal(option.second_factor)?.toString() ?? null;
    const typed = { quantity: false, second_quantity: false };
    return { ratio, decimals: Math.min(option.second_decimals, 6), factor: "1", typed };
  }
  if (!usual) return undefined;
  if (field.kind === "unit") return { ...usual, factor: toDecimal(option?.factor)?.toString() ?? "1" };
  if (!isBeside(field.name)) return usual;
  return { ...usual, typed: { ...usual.typed, [field.name]: !isEmpty(value) } };
}

/** What follows in the two quantities and the unit beside them from one field that was set. */
export function follow(
  usual: Usual | undefined,
  field: FieldMeta,
  values: Values,
  option: JsonObject | null,
): Values {
  if (field.ref === "items" && option && !usual) return { second_unit: null, second_quantity: null };
  if (!usual) return {};
  const unit: Values = field.ref === "items" ? { second_unit: option?.second_unit ?? null } : {};
  if (field.name === "second_quantity" && !usual.typed.quantity) {
    const heads = toDecimal(values.second_quantity);
    if (!heads || !usual.ratio) return unit;
    const quantity = heads.times(usual.ratio).div(usual.factor);
    return { ...unit, quantity: quantity.toDecimalPlaces(6, Decimal.ROUND_HALF_UP).toString() };
  }
  const follows = field.ref === "items" || field.kind === "unit" || field.name === "quantity";
  if (!follows || usual.typed.second_quantity) return unit;
  const quantity = toDecimal(values.quantity);
  if (!quantity || quantity.isZero() || !usual.ratio) return { ...unit, second_quantity: null };
  const step = new Decimal(10).pow(-usual.decimals);
  const heads = quantity
    .times(usual.factor)
    .div(usual.ratio)
    .toDecimalPlaces(usual.decimals, Decimal.ROUND_HALF_UP);
  return { ...unit, second_quantity: Decimal.max(heads, step).toString() };
}
