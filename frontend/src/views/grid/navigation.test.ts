import { describe, expect, it } from "vitest";
import { type Cursor, START, nextUseful, rangeOf, reduce, tabTarget } from "./navigation";

const size = { rows: 3, cols: 4 };
const at = (row: number, col: number): Cursor => ({
  active: { row, col },
  anchor: { row, col },
  editing: false,
});

describe("the cursor", () => {
  it("moves by one and stops at the edges", () => {
    expect(reduce(at(0, 0), { type: "move", direction: "right", extend: false }, size).active).toEqual({
      row: 0,
      col: 1,
    });
    expect(reduce(at(0, 0), { type: "move", direction: "up", extend: false }, size).active).toEqual({
      row: 0,
      col: 0,
    });
    expect(reduce(at(2, 3), { type: "move", direction: "down", extend: false }, size).active).toEqual({
      row: 2,
      col: 3,
    });
  });

  it("selects a range with Shift, in any direction, and gives it up without", () => {
    let cursor = reduce(at(1, 2), { type: "move", direction: "up", extend: true }, size);
    cursor = reduce(cursor, { type: "move", direction: "left", extend: true }, size);
    expect(rangeOf(cursor)).toEqual({ top: 0, bottom: 1, left: 1, right: 2 });
    cursor = reduce(cursor, { type: "move", direction: "down", extend: false }, size);
    expect(rangeOf(cursor)).toEqual({ top: 1, bottom: 1, left: 1, right: 1 });
  });

  it("edits one cell only, and moving ends it", () => {
    const range = reduce(at(0, 0), { type: "move", direction: "down", extend: true }, size);
    const editing = reduce(range, { type: "edit" }, size);
    expect(editing.editing).toBe(true);
    expect(rangeOf(editing)).toEqual({ top: 1, bottom: 1, left: 0, right: 0 });
    expect(reduce(editing, { type: "move", direction: "right", extend: false }, size).editing).toBe(false);
  });

  it("does nothing before it stands anywhere", () => {
    expect(reduce(START, { type: "edit" }, size)).toEqual(START);
    expect(rangeOf(START)).toBeNull();
  });
});

describe("Enter", () => {
  const useful = (_row: number, col: number) => col === 1 || col === 3;
  it("goes to the next useful cell of the line", () => {
    expect(nextUseful({ row: 0, col: 0 }, size, useful)).toEqual({ row: 0, col: 1 });
    expect(nextUseful({ row: 0, col: 1 }, size, useful)).toEqual({ row: 0, col: 3 });
  });
  it("goes on in the next line, and asks for a new one after the last", () => {
    expect(nextUseful({ row: 0, col: 3 }, size, useful)).toEqual({ row: 1, col: 1 });
    expect(nextUseful({ row: 2, col: 3 }, size, useful)).toBe("append");
  });
});

describe("Tab", () => {
  const editable = (col: number) => col !== 2;
  it("goes through what can be edited, both ways", () => {
    expect(tabTarget({ row: 0, col: 1 }, size, false, editable)).toEqual({ row: 0, col: 3 });
    expect(tabTarget({ row: 0, col: 3 }, size, false, editable)).toEqual({ row: 1, col: 0 });
    expect(tabTarget({ row: 1, col: 0 }, size, true, editable)).toEqual({ row: 0, col: 3 });
  });
  it("leaves the grid at its ends", () => {
    expect(tabTarget({ row: 2, col: 3 }, size, false, editable)).toBeNull();
    expect(tabTarget({ row: 0, col: 0 }, size, true, editable)).toBeNull();
  });
});
