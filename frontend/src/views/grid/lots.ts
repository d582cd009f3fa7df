/** 自动分配批次与库位 Which lines ask for lots or bins, and the lines after the server shared them. */
import type { SuggestedLine } from "../../api/shapes";
import type { JsonObject } from "../../api/json";
import { recompute } from "../../meta/amounts";
import { isEmpty, isRef, toWire } from "../../meta/values";
import { type Line, type LineSetup, basisOf, newLine, setValue } from "../record/lines";

/** Lines that have a quantity and a place, but no lot yet where the item is kept by lot, or no bin where the book has some. */
export function asksForLot(line: Line, place: number | null, bins: boolean): boolean {
  const { item, source_place: own } = line.values;
  if (!isRef(item) || !(Number(line.values.quantity ?? 0) > 0) || !(isRef(own) || place !== null))
    return false;
  if (item.tracking === "lot" && isEmpty(line.values.lot)) return true;
  return bins && item.tracking !== "serial" && !(isRef(own) && isRef(own.warehouse));
}

/** A line as the server takes it. */
export const askedLine = (line: Line, place: number | null): JsonObject => ({
  item: toWire(line.values.item),
  unit: toWire(line.values.unit),
  quantity: toWire(line.values.quantity),
  source_place: isRef(line.values.source_place) ? line.values.source_place.id : place,
  ...(isRef(line.values.lot) && { lot: line.values.lot.id }),
  ...(line.id !== null && { line: line.id }),
});

/** The line with the price that makes its amount, where an amount was typed and no price. */
function pricedLine(line: Line, setup: LineSetup): Line {
  const basis = basisOf(line.values, setup.basis);
  const [price, amount] = [`unit_price_${basis}`, `amount_${basis}`];
  const known = setup.fields.some(({ name }) => name === price);
  if (!known || !isEmpty(line.values[price]) || isEmpty(line.values[amount])) return line;
  return {
    ...line,
    values: { ...line.values, [price]: recompute(line.values, amount, basis)[price] ?? null },
  };
}

/** The line in the unit of the answer, its price with it, where that is not its own. */
function inUnit(line: Line, unit: JsonObject | null, setup: LineSetup): Line {
  const field = setup.fields.find(({ kind }) => kind === "unit");
  if (!unit || !field) return line;
  return setValue(line, field, { id: unit.id ?? null, label: unit.label ?? null }, unit, setup);
}

/**
 * Each asking line becomes one line for each lot and bin, in the answer's unit; what none gives stays on a line without. The
 * amounts of the parts are those of their quantities at the line's price.
 */
export function sharedLines(
  lines: readonly Line[],
  answers: ReadonlyMap<string, SuggestedLine>,
  setup: LineSetup,
): Line[] {
  const counted = setup.fields.find(({ name }) => name === "quantity");
  return lines.flatMap((line) => {
    const answer = answers.get(line.key);
    if (!counted || !answer || answer.lots.length === 0) return [line];
    const priced = inUnit(pricedLine(line, setup), answer.unit, setup);
    const parts = [...answer.lots];
    if (Number(answer.missing) > 0) parts.push({ lot: null, place: null, quantity: answer.missing });
    return parts.map(({ lot, place, quantity }, at) => {
      const part = setValue(priced, counted, quantity, null, setup);
      const values = {
        ...part.values,
        lot: lot ?? part.values.lot ?? null,
        ...(place && { source_place: place }),
      };
      return at === 0 ? { ...part, values } : { ...newLine(), values };
    });
  });
}
