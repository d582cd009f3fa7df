import { describe, expect, it } from "vitest";
import type { Holding } from "../../api/shapes";
import { fits, mostOf, offered, partsOf, quantityOf } from "./holding";

const line = (own: Partial<Holding>): Holding => ({
  line: 1,
  line_number: 1,
  item: { code: "M6", label: "螺丝" },
  unit: "个",
  place: "A仓",
  lot: "",
  open: "10",
  held: "6",
  room: "4",
  available: "3",
  takers: [],
  ...own,
});
const taker = { line: 9, label: "XSDD-2", line_number: 1, party: "急客", room: "5" };
const RELEASE = { more: false, toLine: false };
const HOLD = { more: true, toLine: false };
const REASSIGN = { more: false, toLine: true };

describe("holding", () => {
  it("lets go of all that is held, and takes of what is open no more than is available", () => {
    expect(quantityOf(line({}), RELEASE)).toBe("6");
    expect(quantityOf(line({}), HOLD)).toBe("3");
    expect(quantityOf(line({ available: "-2" }), HOLD)).toBe("");
    expect(quantityOf(line({ available: null }), HOLD)).toBe("4");
    expect(fits("4", line({}), HOLD)).toBe(true);
    expect(fits("4.1", line({}), HOLD)).toBe(false);
    expect(fits("x", line({}), HOLD)).toBe(false);
  });

  it("offers the lines of which anything can be asked", () => {
    const lines = [line({}), line({ line: 2, held: "0" }), line({ line: 3, room: "0", takers: [taker] })];
    expect(offered(lines, RELEASE).map((one) => one.line)).toEqual([1, 3]);
    expect(offered(lines, HOLD).map((one) => one.line)).toEqual([1, 2]);
    expect(offered(lines, REASSIGN).map((one) => one.line)).toEqual([3]);
  });

  it("hands over at most what is held and what the taking line lacks, once it is known where to", () => {
    const giver = line({ takers: [taker] });
    expect(quantityOf(giver, REASSIGN)).toBe("");
    expect(mostOf(giver, REASSIGN, { taker: 9 })).toBe("5");
    expect(partsOf([giver], REASSIGN, {})).toBeNull();
    expect(partsOf([giver], REASSIGN, { 1: { quantity: "2" } })).toBeNull();
    expect(partsOf([giver], REASSIGN, { 1: { taker: 9 } })).toEqual([{ line: 1, quantity: "5", taker: 9 }]);
    expect(partsOf([giver], REASSIGN, { 1: { taker: 9, quantity: "6" } })).toBeNull();
  });

  it("asks for the lines that are left in, with what was typed", () => {
    const lines = [line({}), line({ line: 2, held: "8" })];
    expect(partsOf(lines, RELEASE, { 1: { quantity: "" }, 2: { quantity: "２.５" } })).toEqual([
      { line: 2, quantity: "2.5" },
    ]);
    expect(partsOf(lines, RELEASE, { 1: { quantity: "" }, 2: { quantity: "0" } })).toBeNull();
  });
});
