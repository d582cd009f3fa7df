/** 下推 What of a document can still be taken over, line by line, and what of it the user wants. */
import { isObject } from "../../api/check";
import type { LineProgress } from "../../api/shapes";
import type { Json } from "../../api/json";
import { readDecimal, toDecimal } from "../../meta/numbers";
import type { RecordMeta } from "../../meta/types";

export interface OpenLine {
  id: number;
  item: Json;
  unit: Json;
  /** In the unit of the line. */
  quantity: string;
  done: string;
  open: string;
}

export interface ChosenLine {
  id: number;
  quantity: string;
}

const PLACES = 6;

/** The purpose a conversion serves: as declared, else the only one there is; null where that cannot be told. */
export function purposeOf(
  meta: RecordMeta,
  target: string,
  progress: readonly LineProgress[],
): string | null {
  const declared = meta.conversions.find((entry) => entry.target === target)?.purpose ?? null;
  const known = new Set(progress.flatMap(({ purposes }) => Object.keys(purposes)));
  if (declared !== null) return known.has(declared) ? declared : null;
  const [only] = known;
  return known.size === 1 && only !== undefined ? only : null;
}

/** The lines with something open for this purpose; the server counts in base units, a clerk in those of the line. */
export function openLines(
  lines: Json | undefined,
  progress: readonly LineProgress[],
  purpose: string,
): OpenLine[] {
  const rows = (Array.isArray(lines) ? lines : []).filter(isObject);
  return progress.flatMap(({ line, quantity: base, purposes }) => {
    const row = rows.find(({ id }) => id === line);
    const [part, own, inBase] = [purposes[purpose], toDecimal(row?.quantity), toDecimal(base)];
    const open = toDecimal(part?.open);
    if (!row || !part || !own || !inBase || !open || inBase.isZero() || open.lte(0)) return [];
    const inLine = (value: string) =>
      (toDecimal(value)?.times(own).div(inBase).toDecimalPlaces(PLACES) ?? own).toString();
    return [
      {
        id: line,
        item: row.item ?? null,
        unit: row.unit ?? null,
        quantity: own.toString(),
        done: inLine(part.done),
        open: inLine(part.open),
      },
    ];
  });
}

/** Whether a text is a quantity that can be asked for; an empty one leaves the line out. */
export function isQuantity(text: string): boolean {
  return text.trim() === "" || (readDecimal(text)?.gte(0) ?? false);
}

/** What is wanted: "all" where everything open is, null where nothing is or a text is no quantity. */
export function chosenLines(
  open: readonly OpenLine[],
  texts: Record<number, string>,
): ChosenLine[] | "all" | null {
  const textOf = (line: OpenLine) => texts[line.id] ?? line.open;
  if (!open.every((line) => isQuantity(textOf(line)))) return null;
  const chosen = open.flatMap((line) => {
    const quantity = readDecimal(textOf(line));
    return quantity && quantity.gt(0) ? [{ id: line.id, quantity: quantity.toString() }] : [];
  });
  if (chosen.length === 0) return null;
  const everything = open.every((line) =>
    chosen.some(({ id, quantity }) => id === line.id && quantity === line.open),
  );
  return everything ? "all" : chosen;
}
