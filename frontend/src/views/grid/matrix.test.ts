import { describe, expect, it } from "vitest";
import type { Matrix } from "../../api/shapes";
import type { FieldMeta } from "../../meta/types";
import { type Line, newLine } from "../record/lines";
import { amountOf, heldBy, layoutOf, linesAfter } from "./matrix";

const PIECE = { id: 1, label: "piece" };
const field = (name: string, kind: string, more: Partial<FieldMeta> = {}): FieldMeta => ({
  ...{ name, label: name, kind, required: false, readonly: false, width: null, group: null, help: null },
  ...{ default: null, ref: null, choices: [], scale: null, total: false, drill: null, max_length: null },
  ...{ fills: {}, inherits: null, sortable: true, later: false, when: {} },
  ...more,
});
const fields = [
  field("item", "ref", {
    ref: "items",
    required: true,
    fills: { unit: "unit", unit_price_net: "sales_price" },
  }),
  field("unit", "unit"),
  field("quantity", "quantity", { required: true }),
  field("unit_price_net", "price"),
  field("amount_net", "money", { readonly: true }),
];
const setup = { fields, basis: "net" as const, today: "2026-03-01" };
const value = (id: number, label: string) => ({ id, code: label, label });
const item = (id: number, ...variants: number[]) => ({
  ...{ id, code: `T${id}`, label: `T${id}`, unit: PIECE, sales_price: "50", variants },
});
const matrix: Matrix = {
  family: value(1, "T001"),
  axes: [
    { at: 1, label: "colour", values: [value(1, "red"), value(2, "blue")] },
    { at: 2, label: "size", values: [value(3, "S"), value(4, "M")] },
  ],
  items: [item(11, 1, 3), item(12, 1, 4), item(13, 2, 3)],
};
const line = (id: number, quantity: string, unit = PIECE): Line => ({
  ...newLine(),
  values: { item: { id, code: `T${id}`, label: `T${id}` }, unit, quantity, unit_price_net: "40" },
});
const told = (lines: Line[]) =>
  lines.map(({ values }) => [
    (values.item as { id: number }).id,
    values.quantity,
    values.unit_price_net,
    values.amount_net ?? null,
  ]);
const after = (lines: Line[], quantities: Record<number, string>, price = "") =>
  told(linesAfter(lines, matrix, { quantities, priceOf: () => price }, setup));

describe("the layout", () => {
  it("has the first axis in rows and the last in columns; what is missing is no cell", () => {
    const layout = layoutOf(matrix);
    const [red, blue, small, medium] = [value(1, "red"), value(2, "blue"), value(3, "S"), value(4, "M")];
    expect([layout.rows, layout.columns]).toEqual([
      [red, blue],
      [small, medium],
    ]);
    expect(layout.at(red, medium, [])?.id).toBe(12);
    expect(layout.at(blue, small, [])?.id).toBe(13);
    expect(layout.at(blue, medium, [])).toBeUndefined();
  });
  it("has one column for one axis, and chooses between for three", () => {
    const one = layoutOf({ ...matrix, axes: matrix.axes.slice(0, 1), items: [item(11, 1)] });
    expect(one.columns).toEqual([null]);
    expect(one.at(value(1, "red"), null, [])?.id).toBe(11);
    const third = { at: 3, label: "cut", values: [value(5, "wide")] };
    const three = layoutOf({ ...matrix, axes: [...matrix.axes, third], items: [item(11, 1, 3, 5)] });
    expect(three.between.map(({ label }) => label)).toEqual(["size"]);
    expect(three.at(value(1, "red"), value(5, "wide"), [3])?.id).toBe(11);
  });
});

describe("the lines afterwards", () => {
  it("are made for what was entered, with the usual price or the one that was typed", () => {
    expect(after([newLine()], { 11: "3", 12: "", 13: "2" })).toEqual([
      [11, "3", "50", "150"],
      [13, "2", "50", "100"],
    ]);
    expect(after([], { 12: "1" }, "48")).toEqual([[12, "1", "48", "48"]]);
  });
  it("follow where there are some, and keep their prices; nothing is doubled", () => {
    const lines = [line(11, "3"), line(99, "7"), newLine()];
    expect(heldBy(lines, matrix, fields)).toEqual({ 11: "3" });
    expect(after(lines, { 11: "5", 12: "1" })).toEqual([
      [11, "5", "40", "200"],
      [99, "7", "40", null],
      [12, "1", "50", "50"],
    ]);
    expect(after(lines, { 11: "3" })).toEqual([
      [11, "3", "40", null],
      [99, "7", "40", null],
    ]);
    expect(after(lines, { 11: "0" })).toEqual([[99, "7", "40", null]]);
  });
  it("share a change over several lines of one item, and leave other units alone", () => {
    const box = { id: 2, label: "box" };
    const lines = [line(11, "3"), line(11, "4"), line(11, "1", box)];
    expect(heldBy(lines, matrix, fields)).toEqual({ 11: "7" });
    expect(after(lines, { 11: "2" }).map(([, quantity]) => quantity)).toEqual(["2", "1"]);
    expect(after(lines, { 11: "9" }).map(([, quantity]) => quantity)).toEqual(["5", "4", "1"]);
  });
});

it("reads quantities as people type them", () => {
  expect(["", "１２", "1,200", "-1", "x"].map((text) => amountOf(text)?.toString() ?? null)).toEqual([
    "0",
    "12",
    "1200",
    null,
    null,
  ]);
});
