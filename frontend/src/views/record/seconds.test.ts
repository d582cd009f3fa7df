import { describe, expect, it } from "vitest";
import { plainField } from "../list/state";
import { newLine, setValue } from "./lines";

const item = { ...plainField("item", "item", "ref"), ref: "items" };
const unit = plainField("unit", "unit", "unit");
const quantity = plainField("quantity", "quantity", "quantity");
const heads = plainField("second_quantity", "heads", "quantity");
const headUnit = { ...plainField("second_unit", "head unit", "text"), readonly: true };
const setup = { fields: [item, unit, quantity, heads, headUnit], basis: "net" as const, today: "2026-11-24" };
const hen = { id: 1, code: "H", label: "hen", second_unit: "只", second_factor: "2.5", second_decimals: 0 };
const screw = {
  id: 2,
  code: "S",
  label: "screw",
  second_unit: null,
  second_factor: null,
  second_decimals: null,
};
const picked = () => setValue(newLine(), item, hen, hen, setup);

describe("second quantities of a line", () => {
  it("are suggested by the usual ratio until they are typed, and again once they are cleared", () => {
    const weighed = setValue(picked(), quantity, "25.3", null, setup);
    expect(weighed.values).toMatchObject({ second_unit: "只", quantity: "25.3", second_quantity: "10" });
    const typed = setValue(weighed, heads, "9", null, setup);
    expect(typed.values).toMatchObject({ quantity: "25.3", second_quantity: "9" });
    const more = setValue(typed, quantity, "30", null, setup);
    expect(more.values).toMatchObject({ quantity: "30", second_quantity: "9" });
    const cleared = setValue(setValue(more, heads, null, null, setup), quantity, "30.1", null, setup);
    expect(cleared.values.second_quantity).toBe("12");
  });

  it("suggest the weight where only heads were typed, and leave a typed weight alone", () => {
    const counted = setValue(picked(), heads, "4", null, setup);
    expect(counted.values).toMatchObject({ quantity: "10", second_quantity: "4" });
    expect(setValue(counted, heads, "6", null, setup).values.quantity).toBe("15");
    const weighed = setValue(counted, quantity, "10.7", null, setup);
    expect(setValue(weighed, heads, "5", null, setup).values.quantity).toBe("10.7");
  });

  it("are at least one step, in the unit of the line", () => {
    expect(setValue(picked(), quantity, "0.2", null, setup).values.second_quantity).toBe("1");
    const boxed = setValue(picked(), unit, { id: 7, label: "box" }, { factor: "20" }, setup);
    expect(setValue(boxed, quantity, "2", null, setup).values.second_quantity).toBe("16");
  });

  it("go with an item that has none", () => {
    const weighed = setValue(picked(), quantity, "25.3", null, setup);
    const other = setValue(weighed, item, screw, screw, setup);
    expect(other.values).toMatchObject({ quantity: "25.3", second_quantity: null, second_unit: null });
    expect(setValue(other, quantity, "5", null, setup).values.second_quantity).toBeNull();
  });
});
