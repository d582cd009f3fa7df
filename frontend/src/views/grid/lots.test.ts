import { describe, expect, it } from "vitest";
import type { FieldMeta } from "../../meta/types";
import { plainField } from "../list/state";
import { type LineSetup, newLine } from "../record/lines";
import { askedLine, asksForLot, sharedLines } from "./lots";

const milk = { id: 3, code: "M", label: "milk", tracking: "lot" };
const line = { ...newLine(), values: { item: milk, quantity: "25" } };
const lot = (id: number) => ({ id, code: `L${id}`, label: `L${id}` });

const fields: FieldMeta[] = [
  plainField("unit", "unit", "unit"),
  plainField("quantity", "quantity", "quantity"),
  ...["unit_price_net", "amount_net", "tax_amount", "amount_gross"].map((name) =>
    plainField(name, name, "money"),
  ),
];
const setup: LineSetup = { fields, basis: "net", today: "2026-11-24" };
const partly = {
  unit: null,
  lots: [
    { lot: lot(1), place: null, quantity: "10" },
    { lot: lot(2), place: null, quantity: "10" },
  ],
  missing: "5",
};

describe("sharing lines over lots", () => {
  it("asks for lines that have none yet", () => {
    expect(asksForLot(line, 1, false)).toBe(true);
    expect(asksForLot(line, null, false)).toBe(false);
    expect(asksForLot({ ...line, values: { ...line.values, lot: lot(1) } }, 1, false)).toBe(false);
    expect(askedLine(line, 7)).toEqual({ item: 3, unit: null, quantity: "25", source_place: 7 });
  });

  it("asks for a bin where the book has some and the line names a warehouse", () => {
    const tea = { ...line, values: { ...line.values, item: { ...milk, tracking: "none" } } };
    const shelf = { id: 8, code: "A-01", label: "A-01", warehouse: { id: 7, label: "A" } };
    expect(asksForLot(tea, 7, false)).toBe(false);
    expect(asksForLot(tea, 7, true)).toBe(true);
    expect(asksForLot({ ...tea, values: { ...tea.values, source_place: shelf } }, 7, true)).toBe(false);
    expect(
      asksForLot({ ...tea, values: { ...tea.values, item: { ...milk, tracking: "serial" } } }, 7, true),
    ).toBe(false);
    const chosen = { ...line, values: { ...line.values, lot: lot(1) } };
    expect(asksForLot(chosen, 7, true)).toBe(true);
    expect(askedLine(chosen, 7)).toMatchObject({ lot: 1, source_place: 7 });
    const answer = { unit: null, lots: [{ lot: lot(1), place: shelf, quantity: "20" }], missing: "5" };
    expect(
      sharedLines([chosen], new Map([[chosen.key, answer]]), setup).map(({ values }) => [
        values.lot,
        values.source_place ?? null,
        values.quantity,
      ]),
    ).toEqual([
      [lot(1), shelf, "20"],
      [lot(1), null, "5"],
    ]);
  });

  it("makes a line of each lot and keeps what is missing", () => {
    const shared = sharedLines([line], new Map([[line.key, partly]]), setup);
    expect(shared.map(({ values }) => [values.lot, values.quantity])).toEqual([
      [lot(1), "10"],
      [lot(2), "10"],
      [null, "5"],
    ]);
    expect(shared[0]?.key).toBe(line.key);
  });

  it("gives each part the amounts of its quantity, at the price or at the one of the amount that was typed", () => {
    const net = {
      ...line.values,
      tax_rate: "0.13",
      amount_net: "100",
      tax_amount: "13",
      amount_gross: "113",
    };
    for (const values of [{ ...net, unit_price_net: "4" }, net]) {
      const shared = sharedLines([{ ...line, values }], new Map([[line.key, partly]]), setup);
      expect(
        shared.map((one) => [one.values.unit_price_net, one.values.amount_net, one.values.amount_gross]),
      ).toEqual([
        ["4", "40", "45.2"],
        ["4", "40", "45.2"],
        ["4", "20", "22.6"],
      ]);
    }
  });

  it("takes over the unit in which the parts are whole, and the price with it", () => {
    const boxed = {
      ...line,
      values: { item: milk, unit: { id: 9, label: "箱" }, quantity: "1", unit_price_net: "48" },
    };
    const unit = { id: 1, label: "瓶", factor: "1", factor_before: "24" };
    const answer = { unit, lots: [{ lot: lot(1), place: null, quantity: "10" }], missing: "14" };
    const shared = sharedLines([boxed], new Map([[boxed.key, answer]]), setup);
    expect(
      shared.map(({ values }) => [values.unit, values.quantity, values.unit_price_net, values.amount_net]),
    ).toEqual([
      [{ id: 1, label: "瓶" }, "10", "2", "20"],
      [{ id: 1, label: "瓶" }, "14", "2", "28"],
    ]);
  });
});
