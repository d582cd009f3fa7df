/** 自动分配批次 Which lines ask for lots, and the lines after the server shared them. */
import type { SuggestedLine } from "../../api/shapes";
import type { JsonObject } from "../../api/json";
import { isEmpty, isRef, toWire } from "../../meta/values";
import { type Line, newLine } from "../record/lines";

/** Lines of items kept by lot that have a quantity and a place, but no lot yet. */
export const asksForLot = (line: Line, place: number | null): boolean =>
  isRef(line.values.item) &&
  line.values.item.tracking === "lot" &&
  isEmpty(line.values.lot) &&
  Number(line.values.quantity ?? 0) > 0 &&
  (isRef(line.values.source_place) || place !== null);

/** A line as the server takes it. */
export const askedLine = (line: Line, place: number | null): JsonObject => ({
  item: toWire(line.values.item),
  unit: toWire(line.values.unit),
  quantity: toWire(line.values.quantity),
  source_place: isRef(line.values.source_place) ? line.values.source_place.id : place,
});

/** Each asking line becomes one line a lot; what no lot gives stays on a line without one. */
export function sharedLines(lines: readonly Line[], answers: ReadonlyMap<string, SuggestedLine>): Line[] {
  return lines.flatMap((line) => {
    const answer = answers.get(line.key);
    if (!answer || answer.lots.length === 0) return [line];
    const parts = answer.lots.map(({ lot, quantity }) => ({ lot: lot as JsonObject | null, quantity }));
    if (Number(answer.missing) > 0) parts.push({ lot: null, quantity: answer.missing });
    return parts.map(({ lot, quantity }, at) => {
      const values = { ...line.values, lot, quantity };
      return at === 0 ? { ...line, values } : { ...newLine(), values };
    });
  });
}
