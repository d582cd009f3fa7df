import { describe, expect, it } from "vitest";
import { newLine } from "../record/lines";
import { askedLine, asksForLot, sharedLines } from "./lots";

const milk = { id: 3, code: "M", label: "milk", tracking: "lot" };
const line = { ...newLine(), values: { item: milk, quantity: "25" } };
const lot = (id: number) => ({ id, code: `L${id}`, label: `L${id}` });

describe("sharing lines over lots", () => {
  it("asks for lines that have none yet", () => {
    expect(asksForLot(line, 1)).toBe(true);
    expect(asksForLot(line, null)).toBe(false);
    expect(asksForLot({ ...line, values: { ...line.values, lot: lot(1) } }, 1)).toBe(false);
    expect(askedLine(line, 7)).toEqual({ item: 3, unit: null, quantity: "25", source_place: 7 });
  });

  it("makes a line of each lot and keeps what is missing", () => {
    const answer = {
      lots: [
        { lot: lot(1), quantity: "10" },
        { lot: lot(2), quantity: "10" },
      ],
      missing: "5",
    };
    const shared = sharedLines([line], new Map([[line.key, answer]]));
    expect(shared.map(({ values }) => [values.lot, values.quantity])).toEqual([
      [lot(1), "10"],
      [lot(2), "10"],
      [null, "5"],
    ]);
    expect(shared[0]?.key).toBe(line.key);
  });
});
