import { describe, expect, it } from "vitest";
import { plainField } from "../list/state";
import type { RecordMeta } from "../../meta/types";
import { draftOf, outgoing } from "./draft";
import { inheritedOf, isInherited, shownValue } from "./inherit";
import { newLine, setValue } from "./lines";

const field = (name: string, kind: string, more: object = {}) => ({
  ...plainField(name, name, kind),
  ...more,
});
const place = field("target_place", "ref", { ref: "warehouses" });
const linePlace = { ...place, inherits: "target_place" };
const quantity = field("quantity", "quantity");
const meta: RecordMeta = {
  conversions: [],
  family: "document",
  name: "receipt",
  collection: "receipts",
  label: "R",
  fields: [place, field("remark", "text")],
  lines: [
    {
      name: "goods_lines",
      label: "goods",
      fields: [quantity, linePlace, field("remark", "text")],
      required: true,
      most: 0,
      outward: false,
      matrix: "",
    },
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
const [A, B, C] = [1, 2, 3].map((id) => ({ id, code: "ABC"[id - 1] ?? "", label: `store ${id}` })) as [
  { id: number; code: string; label: string },
  { id: number; code: string; label: string },
  { id: number; code: string; label: string },
];
const stored = {
  id: 9,
  version: 1,
  target_place: A,
  remark: "same words",
  goods_lines: [
    { id: 1, quantity: "1", target_place: A, remark: "same words" },
    { id: 2, quantity: "1", target_place: B, remark: null },
  ],
};
const fields = meta.lines[0]?.fields ?? [];
const TODAY = "2026-11-24";
const setup = { fields, basis: "net" as const, today: TODAY };

/** The warehouses that the lines show under this header. */
function shown(draft: ReturnType<typeof draftOf>, header: object): unknown[] {
  const given = inheritedOf(fields, { ...draft.header, ...header } as never);
  return (draft.lines.goods_lines ?? []).map((line) => shownValue(line, "target_place", given));
}

describe("a line", () => {
  it("that repeats the header follows it, one that has its own keeps it", () => {
    const draft = draftOf(meta, stored);
    expect(shown(draft, {})).toEqual([A, B]);
    expect(shown(draft, { target_place: C })).toEqual([C, B]);
    expect(shown(draft, { target_place: null })).toEqual([null, B]);
  });

  it("keeps its own warehouse although the header passes through it", () => {
    const draft = draftOf(meta, stored);
    expect(shown(draft, { target_place: B })).toEqual([B, B]);
    expect(shown(draft, { target_place: C })).toEqual([C, B]);
  });

  it("that was set to the header's warehouse by the clerk keeps it", () => {
    const draft = draftOf(meta, stored);
    const [first, second] = draft.lines.goods_lines ?? [];
    if (!first || !second) throw new Error("two lines");
    const own = setValue(first, linePlace, A, null, setup);
    const after = { ...draft, lines: { goods_lines: [own, second] } };
    expect(shown(after, { target_place: C })).toEqual([A, B]);
    expect(isInherited(own, "target_place", { target_place: C })).toBe(false);
  });

  it("is sent without a warehouse where it follows, so that the server gives it the header's", () => {
    const draft = draftOf(meta, stored);
    const { body } = outgoing(meta, { ...draft, header: { ...draft.header, target_place: C } }, 1, TODAY);
    expect(body.target_place).toBe(3);
    expect(body.goods_lines).toEqual([
      { id: 1, quantity: "1", target_place: null, remark: "same words" },
      { id: 2, quantity: "1", target_place: 2, remark: null },
    ]);
  });

  it("that is empty shows nothing, and words are not inherited", () => {
    const given = inheritedOf(fields, { target_place: A, remark: "same words" });
    expect(given).toEqual({ target_place: A });
    expect(shownValue(newLine(), "target_place", given)).toBeUndefined();
    expect(shownValue(setValue(newLine(), quantity, "2", null, setup), "target_place", given)).toEqual(A);
  });
});
