/** Where the cursor of the line grid is and where each key takes it: pure, so every rule has its test. */

export interface Position {
  row: number;
  col: number;
}

export interface Cursor {
  active: Position | null;
  /** The other corner of a selected range; equal to `active` when one cell is selected. */
  anchor: Position | null;
  editing: boolean;
}

export interface Size {
  rows: number;
  cols: number;
}

export type Direction =
  "up" | "down" | "left" | "right" | "home" | "end" | "top" | "bottom" | "pageUp" | "pageDown";

export type Action =
  | { type: "move"; direction: Direction; extend: boolean }
  | { type: "goto"; position: Position; extend: boolean }
  | { type: "rows"; from: number; to: number }
  | { type: "all" }
  | { type: "edit" }
  | { type: "stop" }
  | { type: "leave" };

export const START: Cursor = { active: null, anchor: null, editing: false };
const PAGE = 12;

const clamp = (value: number, most: number): number => Math.max(0, Math.min(value, most - 1));
const inside = (position: Position, size: Size): Position => ({
  row: clamp(position.row, size.rows),
  col: clamp(position.col, size.cols),
});

function step({ row, col }: Position, direction: Direction, size: Size): Position {
  switch (direction) {
    case "up":
      return { row: row - 1, col };
    case "down":
      return { row: row + 1, col };
    case "left":
      return { row, col: col - 1 };
    case "right":
      return { row, col: col + 1 };
    case "home":
      return { row, col: 0 };
    case "end":
      return { row, col: size.cols - 1 };
    case "top":
      return { row: 0, col };
    case "bottom":
      return { row: size.rows - 1, col };
    case "pageUp":
      return { row: row - PAGE, col };
    case "pageDown":
      return { row: row + PAGE, col };
  }
}

/** The cursor after an action; never outside of the grid. */
export function reduce(cursor: Cursor, action: Action, size: Size): Cursor {
  switch (action.type) {
    case "move": {
      if (!cursor.active) return cursor;
      // The range grows from the anchor, so what moves is the active corner.
      const active = inside(step(cursor.active, action.direction, size), size);
      return { active, anchor: action.extend ? cursor.anchor : active, editing: false };
    }
    case "goto": {
      const active = inside(action.position, size);
      return { active, anchor: action.extend && cursor.anchor ? cursor.anchor : active, editing: false };
    }
    case "rows":
      return {
        active: inside({ row: action.to, col: size.cols - 1 }, size),
        anchor: inside({ row: action.from, col: 0 }, size),
        editing: false,
      };
    case "all":
      return {
        active: inside({ row: size.rows, col: size.cols }, size),
        anchor: { row: 0, col: 0 },
        editing: false,
      };
    case "edit":
      return cursor.active ? { active: cursor.active, anchor: cursor.active, editing: true } : cursor;
    case "stop":
      return { ...cursor, editing: false };
    case "leave":
      return { ...cursor, anchor: cursor.active, editing: false };
  }
}

export interface Range {
  top: number;
  left: number;
  bottom: number;
  right: number;
}

/** The selected rectangle, or null where nothing is selected. */
export function rangeOf({ active, anchor }: Cursor): Range | null {
  if (!active) return null;
  const other = anchor ?? active;
  return {
    top: Math.min(active.row, other.row),
    bottom: Math.max(active.row, other.row),
    left: Math.min(active.col, other.col),
    right: Math.max(active.col, other.col),
  };
}

type Useful = (row: number, col: number) => boolean;

/**
 * Where Enter goes: the next useful cell of the line, else the first useful cell of the next line; "append" where
 * there is no next line.
 */
export function nextUseful(from: Position, size: Size, useful: Useful): Position | "append" {
  for (let col = from.col + 1; col < size.cols; col += 1) {
    if (useful(from.row, col)) return { row: from.row, col };
  }
  const row = from.row + 1;
  if (row >= size.rows) return "append";
  return { row, col: firstUseful(row, size, useful) };
}

/** The first useful cell of a line; its first cell where none is. */
export function firstUseful(row: number, size: Size, useful: Useful): number {
  for (let col = 0; col < size.cols; col += 1) if (useful(row, col)) return col;
  return 0;
}

/** Where Tab goes: cell by cell through what can be edited; null where it leaves the grid. */
export function tabTarget(
  from: Position,
  size: Size,
  back: boolean,
  editable: (col: number) => boolean,
): Position | null {
  const direction = back ? -1 : 1;
  let { row, col } = from;
  for (;;) {
    col += direction;
    if (col < 0 || col >= size.cols) {
      row += direction;
      col = back ? size.cols - 1 : 0;
    }
    if (row < 0 || row >= size.rows) return null;
    if (editable(col)) return { row, col };
  }
}
