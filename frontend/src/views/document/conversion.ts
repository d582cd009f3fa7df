/** 下推 What can still be taken over, line by line, of one document or several, and what of it the user wants. */
import type { OpenLine, OpenSource } from "../../api/shapes";
import { readDecimal } from "../../meta/numbers";

export interface ChosenLine {
  id: number;
  quantity: string;
}

/** What is asked of the server: further documents, and lines with quantities where not everything goes on. */
export interface Choice {
  also: number[];
  lines: ChosenLine[] | null;
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

/** What of these documents, the first being the one that is converted, is wanted; null where nothing is. */
export function choiceOf(documents: readonly OpenSource[], texts: Record<number, string>): Choice | null {
  const chosen = chosenLines(
    documents.flatMap(({ lines }) => lines),
    texts,
  );
  if (chosen === null) return null;
  const named = new Set(chosen === "all" ? [] : chosen.map(({ id }) => id));
  const others = documents
    .slice(1)
    .filter(({ lines }) => chosen === "all" || lines.some(({ id }) => named.has(id)));
  return { also: others.map(({ id }) => id), lines: chosen === "all" ? null : chosen };
}
