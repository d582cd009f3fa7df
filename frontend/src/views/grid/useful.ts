/** Which cells Enter stops at: what must be filled, and the numbers a clerk types; the rest is a Tab away. */
import { basisOf } from "../record/lines";
import type { Line } from "../record/lines";
import type { Basis } from "../../meta/amounts";
import type { FieldMeta } from "../../meta/types";
import { isEmpty, isRef } from "../../meta/values";

const PRICE_OF: Record<string, Basis> = { unit_price_net: "net", unit_price_gross: "gross" };

export function isUseful(
  line: Line | undefined,
  field: FieldMeta,
  fields: readonly FieldMeta[],
  header: Basis,
): boolean {
  if (field.readonly || !line) return false;
  if (line.unresolved[field.name]) return true;
  if (field === fields.find((other) => !other.readonly) || field.kind === "document") return true;
  const basis = PRICE_OF[field.name];
  if (basis) return basis === basisOf(line.values, header);
  if (field.kind === "quantity") return field.required || field.name === "quantity";
  const filled = fields.some((other) => field.name in other.fills);
  if (filled) return isEmpty(line.values[field.name]) && field.required;
  if (field.kind === "lot") return isRef(line.values.item) && line.values.item.tracking === "lot";
  if (field.kind === "serials") return isRef(line.values.item) && line.values.item.tracking === "serial";
  return field.required;
}
