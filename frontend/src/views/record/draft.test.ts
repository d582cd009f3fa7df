import { describe, expect, it } from "vitest";
import { plainField } from "../list/state";
import type { RecordMeta } from "../../meta/types";
import {
  differences,
  draftOf,
  emptyDraft,
  localProblems,
  outgoing,
  packDraft,
  problemsOf,
  unpackDraft,
} from "./draft";
import { newLine, setUnresolved, setValue } from "./lines";

const field = (name: string, kind: string, more: object = {}) => ({
  ...plainField(name, name, kind),
  ...more,
});
const item = field("item", "ref", {
  ref: "items",
  required: true,
  fills: { unit: "unit", unit_price_net: "purchase_price" },
});
const quantity = field("quantity", "quantity", { required: true });
const fields = [
  item,
  field("unit", "unit"),
  quantity,
  field("unit_price_net", "price"),
  field("unit_price_gross", "price"),
  field("tax_rate", "rate"),
  field("amount_net", "money", { readonly: true }),
  field("amount_gross", "money", { readonly: true }),
];
const meta: RecordMeta = {
  conversions: [],
  family: "document",
  name: "receipt",
  collection: "receipts",
  label: "R",
  fields: [
    field("party", "ref", { ref: "parties", required: true }),
    field("remark", "text"),
    field("number", "text", { readonly: true }),
  ],
  lines: [
    { name: "goods_lines", label: "goods", fields, required: true, most: 0, outward: false, matrix: "" },
  ],
  list: { columns: [], filters: [], sort: "-id" },
  alerts: [],
  permissions: { create: true, change: true, delete: true, export: true, import: true },
  states: [],
  transitions: [],
  line_fills: [],
  needs_source: false,
  checklist: false,
  shipping: null,
  label_field: "name",
  generates: "",
};
const TODAY = "2026-11-24";
const screw = {
  id: 3,
  code: "S3",
  label: "screw",
  unit: { id: 1, code: "", label: "pc" },
  purchase_price: "2",
};
const setup = { fields, basis: "net" as const, today: TODAY };
const words = {
  required: "required",
  unresolved: (reason: string) => reason,
  lines: (label: string) => label,
};

const typed = () => {
  const line = setValue(newLine(), item, screw, screw, setup);
  return setValue(line, quantity, "10", null, setup);
};

describe("a draft", () => {
  it("fills unit and price from the picked item and computes only declared amounts", () => {
    expect(typed().values).toMatchObject({
      unit: screw.unit,
      unit_price_net: "2",
      amount_net: "20",
      amount_gross: "20",
    });
    expect(typed().values).not.toHaveProperty("tax_amount");
  });

  it("rescales the price when another unit is taken, where both factors are known", () => {
    const unit = field("unit", "unit");
    const box = { id: 2, code: "", label: "box" };
    const boxed = setValue(typed(), unit, box, { ...box, factor_before: "1", factor: "24" }, setup);
    expect(boxed.values).toMatchObject({ unit: box, unit_price_net: "48", amount_net: "480" });
    const unknown = setValue(typed(), unit, box, { ...box, factor_before: null, factor: "24" }, setup);
    expect(unknown.values).toMatchObject({ unit_price_net: "2", amount_net: "20" });
  });

  it("sends ids, leaves out blank lines and what may not be written", () => {
    const draft = emptyDraft(meta, TODAY);
    draft.header = { party: { id: 9, code: "P", label: "p" }, number: "N-1" };
    draft.lines = { goods_lines: [newLine(), typed(), newLine()] };
    const { body, sent } = outgoing(meta, draft, null, TODAY);
    expect(body).toEqual({
      party: 9,
      goods_lines: [{ item: 3, unit: 1, quantity: "10", unit_price_net: "2", unit_price_gross: "2" }],
    });
    expect(sent.goods_lines).toHaveLength(1);
  });

  it("keeps the ids of stored lines and sends emptied fields as null", () => {
    const draft = draftOf(meta, {
      id: 1,
      party: null,
      remark: null,
      goods_lines: [{ id: 5, item: screw, quantity: "1" }],
    });
    const { body } = outgoing(meta, draft, 4, TODAY);
    expect(body).toMatchObject({ version: 4, party: null, goods_lines: [{ id: 5, item: 3, quantity: "1" }] });
  });

  it("puts an error on the very cell, counting lines as they were sent", () => {
    const sent = { goods_lines: ["line-a", "line-b"] };
    const problems = problemsOf(
      [
        { path: "goods_lines.1.quantity", code: "c", message: "short" },
        { path: "party", code: "c", message: "who" },
        { path: "", code: "c", message: "period closed" },
      ],
      sent,
    );
    expect(problems.lines.goods_lines).toEqual({ "line-b": { quantity: "short" } });
    expect(problems.header).toEqual({ party: "who" });
    expect(problems.other).toEqual(["period closed"]);
  });

  it("asks for what is required and never sends a text that is no value", () => {
    const draft = emptyDraft(meta, TODAY);
    const line = setUnresolved(newLine(), item, "NOPE", "field.not_found");
    draft.lines = { goods_lines: [line] };
    const problems = localProblems(meta, draft, TODAY, words);
    expect(problems.header).toEqual({ party: "required" });
    expect(problems.lines.goods_lines?.[line.key]).toEqual({ item: "field.not_found", quantity: "required" });
  });

  it("survives the trip through the browser's store, marks included", () => {
    const draft = emptyDraft(meta, TODAY);
    draft.lines = { goods_lines: [setUnresolved(typed(), item, "NOPE", "field.not_found")] };
    const back = unpackDraft(meta, packDraft(draft, 2));
    expect(back?.version).toBe(2);
    expect(back?.draft.lines.goods_lines?.[0]?.unresolved).toEqual({
      item: { text: "NOPE", reason: "field.not_found" },
    });
  });

  it("tells where two versions differ", () => {
    const mine = draftOf(meta, {
      remark: "a",
      party: { id: 9 },
      goods_lines: [{ id: 5, item: screw, quantity: "2" }],
    });
    const theirs = {
      remark: "b",
      party: { id: 9, label: "p" },
      goods_lines: [{ id: 5, item: screw, quantity: "3" }],
    };
    expect(differences(meta, mine, theirs).map(({ label }) => label)).toEqual([
      "remark",
      "goods 1 · quantity",
    ]);
  });
});
