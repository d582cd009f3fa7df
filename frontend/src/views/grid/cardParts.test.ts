import { describe, expect, it } from "vitest";
import { plainField } from "../list/state";
import { lineOf, newLine, setUnresolved } from "../record/lines";
import { amountField, cardParts, summed, total } from "./cardParts";

const field = (name: string, kind: string, more: object = {}) => ({
  ...plainField(name, name, kind),
  ...more,
});
const goods = [
  field("item", "ref", { ref: "items" }),
  field("unit", "unit"),
  field("quantity", "quantity", { total: true }),
  field("book_quantity", "quantity", { readonly: true }),
  field("target_place", "ref", { ref: "warehouses", inherits: "target_place" }),
  field("price_basis", "choice", { default: "net" }),
  field("unit_price_net", "price"),
  field("unit_price_gross", "price"),
  field("discount", "rate", { default: "0" }),
  field("tax_rate", "rate"),
  field("amount_net", "money", { readonly: true, total: true }),
  field("amount_gross", "money", { readonly: true, total: true }),
  field("remark", "text"),
];
const screw = { id: 5, code: "M6", label: "螺丝" };
const values = {
  id: 1,
  item: screw,
  unit: { id: 2, label: "个" },
  quantity: "3",
  price_basis: "net",
  unit_price_net: "10",
  unit_price_gross: "11.3",
  discount: "0.00",
  tax_rate: "0.13",
  amount_net: "30",
  amount_gross: "33.9",
};
const names = (line: ReturnType<typeof lineOf>) => {
  const { rest, ...parts } = cardParts(goods, line, "net");
  const named = Object.fromEntries(Object.entries(parts).map(([part, one]) => [part, one?.name]));
  return { ...named, rest: rest.map(({ name }) => name) };
};

describe("a card of goods", () => {
  it("says what, how many, at which price and what it comes to", () => {
    expect(names(lineOf(values))).toEqual({
      title: "item",
      quantity: "quantity",
      unit: "unit",
      price: "unit_price_net",
      amount: "amount_gross",
      rest: [],
    });
  });

  it("says how many heads were weighed beside the weight, not among the rest", () => {
    const weighed = [...goods, field("second_quantity", "quantity"), field("second_unit", "text")];
    const line = lineOf({ ...values, second_quantity: "4", second_unit: "只" });
    const { second, secondUnit, rest } = cardParts(weighed, line, "net");
    expect([second?.name, secondUnit?.name, rest]).toEqual(["second_quantity", "second_unit", []]);
    expect(cardParts(weighed, lineOf(values), "net").second).toBeUndefined();
  });

  it("shows the price that was given", () => {
    const gross = lineOf({ ...values, price_basis: "gross" });
    expect(cardParts(goods, gross, "net").price?.name).toBe("unit_price_gross");
  });

  it("adds what was put in beside: a place of its own, a discount, words, what the books say", () => {
    const more = { discount: "0.1", target_place: { id: 9, label: "B" }, remark: "急", book_quantity: "4" };
    expect(names(lineOf({ ...values, ...more })).rest).toEqual([
      "book_quantity",
      "target_place",
      "discount",
      "remark",
    ]);
  });

  it("stands on what could not be read, too", () => {
    const item = goods[0];
    if (!item) throw new Error("the item");
    const line = setUnresolved(newLine(), item, "NO-SUCH", "field.not_found");
    expect(cardParts(goods, line, "net").title?.name).toBe("item");
  });
});

describe("cards of other lines", () => {
  it("of money are about the account or the document", () => {
    const money = [
      field("cash_account", "ref", { ref: "cash_accounts" }),
      field("cleared_document", "document"),
      field("amount", "money", { total: true }),
      field("remark", "text"),
    ];
    const cash = lineOf({ id: 1, cash_account: { id: 1, code: "B", label: "基本户" }, amount: "5" });
    const clearing = lineOf({ id: 2, cleared_document: { id: 7, label: "CGRK-1" }, amount: "5" });
    expect([cash, clearing].map((line) => cardParts(money, line, "net").title?.name)).toEqual([
      "cash_account",
      "cleared_document",
    ]);
    expect(summed(money)).toEqual([]);
    const mixed = money.map((one) => ({ ...one, total: false }));
    expect(cardParts(mixed, cash, "net").amount?.name).toBe("amount");
  });

  it("without money or reference are about their first word", () => {
    const address = [field("label", "text"), field("address", "text"), field("main", "boolean")];
    const parts = cardParts(
      address,
      lineOf({ id: 1, label: "仓库", address: "一路 1 号", main: true }),
      "net",
    );
    expect([parts.title?.name, parts.amount, parts.rest.map(({ name }) => name)]).toEqual([
      "label",
      undefined,
      ["address", "main"],
    ]);
  });
});

describe("the foot", () => {
  it("sums what was counted", () => {
    expect(summed(goods).map(({ name }) => name)).toEqual(["quantity"]);
    expect(amountField(goods)?.name).toBe("amount_gross");
    const [quantity] = summed(goods);
    if (!quantity) throw new Error("the quantity");
    expect(total(quantity, [lineOf(values), lineOf({ ...values, quantity: "1.5" })])).toBe("4.5");
  });
});
