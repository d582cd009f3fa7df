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

/** Extra room goes to the columns of words, in proportion to their width; never to numbers. */
export function layout(fields: readonly FieldMeta[], room: number): Columns {
  const declared = fields.map((field) => field.width ?? kindOf(field.kind).width);
  const needed = declared.reduce((total, width) => total + width, NUMBER_WIDTH);
  const stretchable = fields.map((field) => kindOf(field.kind).stretches);
  const base = declared.reduce((total, width, index) => total + (stretchable[index] ? width : 0), 0);
  const extra = Math.max(0, room - needed);
  const widths = declared.map((width, index) =>
    base > 0 && stretchable[index] ? width + Math.floor((extra * width) / base) : width,
  );
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
