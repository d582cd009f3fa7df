/** Widths and places of columns: as declared, stretched where the window is wider, drawn in where it is narrower. */
import { useLayoutEffect, useMemo, useState, type RefObject } from "react";
import type { Json, JsonObject } from "../../api/json";
import { kindOf } from "../../fields";
import { alertsOf, shownOf } from "../../meta/alerts";
import type { FieldMeta } from "../../meta/types";
import { textOf } from "../../meta/values";

export const NUMBER_WIDTH = 44;

export interface Columns {
  widths: number[];
  lefts: number[];
  total: number;
}

const LEAST_SHARE = 0.5;
/** Where there is no way but to scroll, words are not squeezed for nothing. */
const SCROLLED_SHARE = 0.8;
const LEAST_WORDS = 64;
/** Room for an everyday number, so that columns do not move while one is typed. */
const EVERYDAY: Record<string, number> = { money: 84, price: 80, quantity: 68 };
const LEAST_TIGHT = 52;
const DIGIT = 7.6;
const SIGN = 4;
const WIDE = 13.5;
const PADDING = 18;
const MOST_ROWS = 400;
/** Letters of a tag beside those of a cell; its edges and the gap before it; the most a column is widened for tags. */
const TAG_SCALE = 0.85;
const TAG_EDGE = 18;
const MOST_MARKED = 380;

/** What a text takes on screen, near enough to lay out by. */
export function textWidth(text: string): number {
  let width = 0;
  for (const letter of text) {
    if (letter > "\u2e7f") width += WIDE;
    else width += letter === "." || letter === "," ? SIGN : DIGIT;
  }
  return width;
}

/** What a number takes, out of its plain decimal: thousands and the decimals of money are added as they are shown. */
function numberWidth(value: string, money: boolean): number {
  const [whole = "", fraction = ""] = value.split(".");
  const decimals = Math.max(money ? 2 : 0, fraction.replace(/0+$/, "").length);
  return (
    whole.length * DIGIT + Math.floor(whole.length / 3) * SIGN + (decimals ? SIGN + decimals * DIGIT : 0)
  );
}

/** The least a column of numbers needs, so that neither its head nor any number in it is cut. */
export function tightWidth(field: FieldMeta, values: readonly (Json | undefined)[]): number {
  const money = field.kind === "money" || field.kind === "price";
  const suffix = kindOf(field.kind).align === "right" && !money ? DIGIT : 0;
  let widest = textWidth(field.label) + (field.required ? 8 : 0);
  for (const value of values.slice(0, MOST_ROWS)) {
    if (typeof value === "string" && /^-?\d/.test(value))
      widest = Math.max(widest, numberWidth(value, money) + suffix);
  }
  return Math.max(EVERYDAY[field.kind] ?? LEAST_TIGHT, Math.ceil(widest + PADDING));
}

/** What the widest words with alerts beside them take, so that neither is cut where there is room. */
export function markedWidth(rows: readonly JsonObject[], name: string, most: number): number {
  let widest = 0;
  for (const row of rows.slice(0, MOST_ROWS)) {
    const [shown, rest] = shownOf(alertsOf(row), most);
    if (shown.length === 0) continue;
    const tags = [...shown.map(({ label }) => label), ...(rest.length > 0 ? [`+${rest.length}`] : [])];
    const beside = tags.reduce((total, tag) => total + textWidth(tag) * TAG_SCALE + TAG_EDGE, 0);
    widest = Math.max(widest, textWidth(textOf(row[name])) + beside + PADDING);
  }
  return Math.min(MOST_MARKED, Math.ceil(widest));
}

/** Whether a column is measured by what stands in it: numbers, and nothing else. */
const isMeasured = (field: FieldMeta): boolean => kindOf(field.kind).align === "right";

/** What each column of numbers needs, with the sum below it; 0 for columns of words. */
export function measure(
  fields: readonly FieldMeta[],
  valuesOf: (name: string) => readonly (Json | undefined)[],
): number[] {
  return fields.map((field) => (isMeasured(field) ? tightWidth(field, valuesOf(field.name)) : 0));
}

/** The widths of words in a narrow window: in proportion, but none below what can be read. */
function squeeze(widths: number[], elastic: readonly boolean[], deficit: number): number[] {
  const base = widths.reduce((total, width, index) => total + (elastic[index] ? width : 0), 0);
  if (base === 0) return widths;
  const share = deficit > base * (1 - LEAST_SHARE) ? SCROLLED_SHARE : 1 - deficit / base;
  return widths.map((width, index) =>
    elastic[index] ? Math.max(Math.min(width, LEAST_WORDS), Math.floor(width * share)) : width,
  );
}

/**
 * Where the window has too much, columns of words take it, each up to `most` times its width. Where it has too
 * little, columns of numbers first give what nothing in them needs, then words give up to half, if that is enough: a
 * number is never cut, for a number that is cut off is a wrong number.
 */
export function fit(
  fields: readonly FieldMeta[],
  declared: readonly number[],
  needs: readonly number[],
  room: number,
  most = Infinity,
): number[] {
  const wanted = declared.map((width, index) => Math.max(width, needs[index] ?? 0));
  const elastic = fields.map((field) => kindOf(field.kind).stretches);
  const spare = room - wanted.reduce((total, width) => total + width, 0);
  if (room <= 0 || spare === 0) return wanted;
  if (spare > 0) {
    const base = wanted.reduce((total, width, index) => total + (elastic[index] ? width : 0), 0);
    return wanted.map((width, index) =>
      elastic[index] ? Math.min(width * most, width + Math.floor((spare * width) / base)) : width,
    );
  }
  const slack = wanted.map((width, index) => {
    const field = fields[index];
    return field && isMeasured(field) ? width - Math.min(width, needs[index] ?? width) : 0;
  });
  const given = slack.reduce((total, width) => total + width, 0);
  const part = given > 0 ? Math.min(1, -spare / given) : 0;
  const drawn = wanted.map((width, index) => width - Math.ceil((slack[index] ?? 0) * part));
  const deficit = drawn.reduce((total, width) => total + width, 0) - room;
  return deficit > 0 ? squeeze(drawn, elastic, deficit) : drawn;
}

/** The columns of the line grid in this room. */
export function layout(fields: readonly FieldMeta[], room: number, needs: readonly number[] = []): Columns {
  const declared = fields.map((field) => field.width ?? kindOf(field.kind).width);
  const widths = fit(fields, declared, needs, room > 0 ? room - NUMBER_WIDTH : 0);
  const lefts: number[] = [];
  let left = NUMBER_WIDTH;
  for (const width of widths) {
    lefts.push(left);
    left += width;
  }
  return { widths, lefts, total: left };
}

/** The width an element has now. */
export function useRoom(element: RefObject<HTMLElement | null>): number {
  const [room, setRoom] = useState(0);
  useLayoutEffect(() => {
    const node = element.current;
    if (!node) return;
    setRoom(node.clientWidth);
    if (typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(() => node.clientWidth > 0 && setRoom(node.clientWidth));
    observer.observe(node);
    return () => observer.disconnect();
  }, [element]);
  return room;
}

/** The columns now; `needs` are compared by value, so that typing moves nothing until a number needs more. */
export function useColumns(
  fields: readonly FieldMeta[],
  element: RefObject<HTMLElement | null>,
  needs: readonly number[],
): Columns {
  const room = useRoom(element);
  const key = needs.join();
  return useMemo(
    () => layout(fields, room, key === "" ? [] : key.split(",").map(Number)),
    [fields, room, key],
  );
}
