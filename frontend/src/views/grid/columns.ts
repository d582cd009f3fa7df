/** Widths and places of the grid's columns: declared widths, stretched where the window is wider. */
import { useLayoutEffect, useMemo, useState, type RefObject } from "react";
import { kindOf } from "../../fields";
import type { FieldMeta } from "../../meta/types";

export const NUMBER_WIDTH = 44;

export interface Columns {
  widths: number[];
  lefts: number[];
  total: number;
}

const LEAST_SHARE = 0.7;

/**
 * Columns of words take up what the window has too much or too little, in proportion to their width, but keep
 * seven tenths of it; numbers keep theirs, for a number that is cut off is a wrong number.
 */
export function layout(fields: readonly FieldMeta[], room: number): Columns {
  const declared = fields.map((field) => field.width ?? kindOf(field.kind).width);
  const needed = declared.reduce((total, width) => total + width, NUMBER_WIDTH);
  const elastic = fields.map((field) => kindOf(field.kind).stretches);
  const base = declared.reduce((total, width, index) => total + (elastic[index] ? width : 0), 0);
  const share = base > 0 && room > 0 ? Math.max(LEAST_SHARE, 1 + (room - needed) / base) : 1;
  const widths = declared.map((width, index) => (elastic[index] ? Math.floor(width * share) : width));
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

export function useColumns(fields: readonly FieldMeta[], element: RefObject<HTMLElement | null>): Columns {
  const room = useRoom(element);
  return useMemo(() => layout(fields, room), [fields, room]);
}
