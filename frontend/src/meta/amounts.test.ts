import { describe, expect, it } from "vitest";
import cases from "./amounts.cases.json";
import { type Basis, movesAmounts, recompute, rescalePrice } from "./amounts";
import { Decimal } from "./numbers";
import type { Values } from "./values";

describe("amounts of a line", () => {
  it.each(cases)("$name", ({ line, basis, edited, result }) => {
    const computed = recompute(line as unknown as Values, edited, basis as Basis);
    for (const [field, expected] of Object.entries(result)) {
      expect([field, new Decimal(String(computed[field])).toString()]).toEqual([
        field,
        new Decimal(expected).toString(),
      ]);
    }
  });

  it("leaves the amounts empty without a quantity, and still derives the other price", () => {
    const computed = recompute({ unit_price_net: "100", tax_rate: "0.13" }, "unit_price_net", "net");
    expect(computed).toMatchObject({ unit_price_gross: "113", amount_net: null, amount_gross: null });
  });

  it("does not divide an amount by a quantity of zero", () => {
    const line = { quantity: "0", amount_net: "10", unit_price_net: "1" };
    expect(recompute(line, "amount_net", "net")).toEqual(line);
  });

  it("rescales a price to another unit and keeps six decimals", () => {
    expect(rescalePrice("0.35", "1", "24")).toBe("8.4");
    expect(rescalePrice("10", "24", "1")).toBe("0.416667");
    expect(rescalePrice("10", "0", "1")).toBeNull();
  });

  it("knows which fields move amounts", () => {
    expect(["quantity", "discount", "remark"].map(movesAmounts)).toEqual([true, true, false]);
  });
});
