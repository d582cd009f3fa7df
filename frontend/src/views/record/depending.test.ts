import { describe, expect, it } from "vitest";
import type { FieldMeta, RecordMeta } from "../../meta/types";
import { emptied, isThere } from "./depending";
import { outgoing } from "./draft";
import { type Line, setValue } from "./lines";

const field = (name: string, kind: string, more: Partial<FieldMeta> = {}): FieldMeta => ({
  ...{ name, label: name, kind, required: false, readonly: false, width: null, group: null, help: null },
  ...{ default: null, ref: null, choices: [], scale: null, total: false, drill: null, max_length: null },
  ...{ fills: {}, inherits: null, sortable: true, later: false, when: {} },
  ...more,
});
const when = { pricing: "changed" };
const price = field("unit_price_net", "price", { when });
const amount = field("amount_net", "money", { when, readonly: true, total: true });
const fields = [field("item", "ref"), field("quantity", "quantity"), price, amount];
const meta = {
  family: "document",
  name: "transfer",
  fields: [field("pricing", "choice"), field("price_source", "choice", { when })],
  lines: [{ name: "goods_lines", label: "", fields, required: true, outward: true, most: 0, matrix: "" }],
} as unknown as RecordMeta;
const line: Line = {
  ...{ key: "a", id: 7, unresolved: {} },
  values: { item: { id: 1, code: "A", label: "A" }, quantity: "3" },
};
const setup = { fields, basis: "net" as const, today: "2026-03-01" };

describe("fields that depend on the header", () => {
  it("are there only under the value they name", () => {
    expect(isThere(price, { pricing: "changed" })).toBe(true);
    expect(isThere(price, { pricing: "same" })).toBe(false);
    expect(isThere(price, {})).toBe(false);
    expect(isThere(field("quantity", "quantity"), {})).toBe(true);
  });

  it("have amounts like every price, rounded once to the cent, without tax", () => {
    const priced = setValue(line, price, "12.345", null, setup);
    expect(priced.values).toMatchObject({ unit_price_net: "12.345", amount_net: "37.04" });
    expect(priced.values.tax_amount).toBeUndefined();
  });

  it("hold nothing, and take what is kept away, once the header says otherwise", () => {
    const priced = setValue(line, price, "12.345", null, setup);
    const draft = {
      header: { pricing: "same", price_source: "purchase_price" },
      lines: { goods_lines: [priced, { ...line, key: "b" }] },
    };
    const after = emptied(meta, draft);
    expect(after.header).toEqual({ pricing: "same", price_source: null });
    expect(after.lines.goods_lines?.[0]?.values).toMatchObject({
      quantity: "3",
      unit_price_net: null,
      amount_net: null,
    });
    expect(after.lines.goods_lines?.[1]).toBe(draft.lines.goods_lines[1]);
    const { body } = outgoing(meta, after, 2, setup.today);
    expect(body).toMatchObject({ pricing: "same", price_source: null, version: 2 });
    expect(body.goods_lines).toMatchObject([{ id: 7, quantity: "3", unit_price_net: null }, { id: 7 }]);
  });

  it("stay as they are while the header has them", () => {
    const draft = { header: { pricing: "changed" }, lines: { goods_lines: [line] } };
    expect(emptied(meta, draft).lines.goods_lines).toBe(draft.lines.goods_lines);
  });
});
