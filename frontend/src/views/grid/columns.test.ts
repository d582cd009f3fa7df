import { describe, expect, it } from "vitest";
import { plainField } from "../list/state";
import { fit, layout, measure } from "./columns";

const field = (name: string, kind: string, more: object) => ({ ...plainField(name, name, kind), ...more });

const item = field("item", "ref", { label: "商品", width: 260 });
const price = field("price", "price", { label: "单价", width: 110 });
const amount = field("amount", "money", { label: "金额", width: 120 });
const fields = [item, price, amount];

describe("columns", () => {
  it("give a wide window to words alone", () => {
    expect(fit(fields, [260, 110, 120], [0, 60, 60], 600)).toEqual([370, 110, 120]);
  });

  it("take from numbers what they do not need before words give way", () => {
    expect(fit(fields, [260, 110, 120], [0, 60, 60], 440)).toEqual([260, 87, 92]);
  });

  it("cut words to half at most, and numbers never", () => {
    expect(fit(fields, [260, 110, 120], [0, 60, 150], 340)).toEqual([130, 60, 150]);
  });

  it("leave words readable where the table scrolls anyway", () => {
    expect(fit(fields, [260, 110, 120], [0, 60, 150], 100)).toEqual([208, 60, 150]);
  });

  it("grow for a number that is longer than declared", () => {
    const needs = measure(fields, (name) => (name === "amount" ? ["123456789012.34"] : []));
    expect(layout(fields, 0, needs).widths[2]).toBeGreaterThan(120);
  });
});
