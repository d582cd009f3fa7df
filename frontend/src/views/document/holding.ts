/** 逐行占用 Which lines of an order a command can be asked of, up to how much, and what of it is chosen. */
import type { Holding, Part } from "../../api/shapes";
import { readDecimal } from "../../meta/numbers";

/** What is typed of each line: a quantity, and the line it goes to. */
export interface Typed {
  quantity?: string | undefined;
  taker?: number | undefined;
}
export interface Asked {
  /** Whether more is to be held back, rather than what is held back let go of or handed over. */
  more: boolean;
  toLine: boolean;
}

/** The most that can be asked of a line: what is open and not held back, or what is held; of what goes to a line, what that lacks. */
export function mostOf(line: Holding, asked: Asked, typed: Typed = {}): string {
  if (!asked.toLine) return asked.more ? line.room : line.held;
  const taker = line.takers.find((one) => one.line === typed.taker);
  return taker && Number(taker.room) < Number(line.held) ? taker.room : line.held;
}

/** The lines of which anything can be asked. */
export const offered = (lines: readonly Holding[], asked: Asked): Holding[] =>
  lines.filter((line) => Number(mostOf(line, asked)) > 0 && (!asked.toLine || line.takers.length > 0));

/** What stands there before anybody types: all of it, of more no more than what is available; nothing that goes nowhere yet. */
export function quantityOf(line: Holding, asked: Asked, typed: Typed = {}): string {
  if (typed.quantity !== undefined) return typed.quantity;
  if (asked.toLine && typed.taker === undefined) return "";
  const most = mostOf(line, asked, typed);
  if (!asked.more || line.available === null || Number(line.available) >= Number(most)) return most;
  return Number(line.available) > 0 ? line.available : "";
}

/** Whether a text is a quantity that can be asked of a line; an empty one leaves it out. */
export function fits(text: string, line: Holding, asked: Asked, typed: Typed = {}): boolean {
  if (text.trim() === "") return true;
  const quantity = readDecimal(text);
  return quantity !== null && quantity.gte(0) && quantity.lte(mostOf(line, asked, typed));
}

/** What is asked for; null where nothing is, or something typed does not fit. */
export function partsOf(
  lines: readonly Holding[],
  asked: Asked,
  typed: Record<number, Typed>,
): Part[] | null {
  const parts: Part[] = [];
  for (const line of lines) {
    const own = typed[line.line] ?? {};
    const text = quantityOf(line, asked, own);
    if (!fits(text, line, asked, own)) return null;
    const quantity = readDecimal(text);
    if (!quantity || quantity.lte(0)) continue;
    if (asked.toLine && own.taker === undefined) return null;
    parts.push({
      line: line.line,
      quantity: quantity.toString(),
      ...(own.taker !== undefined && { taker: own.taker }),
    });
  }
  return parts.length > 0 ? parts : null;
}
