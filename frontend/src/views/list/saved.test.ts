import { describe, expect, it } from "vitest";
import type { SavedFilter } from "../../api/shapes";
import { isUnchanged, pack, unpack } from "./saved";
import { type ListState, addressOf, stateOf } from "./state";

const TODAY = "2026-11-24";
const NEXT_MONTH = "2026-12-05";
const first: ListState = {
  search: "",
  quick: { document_date: ["2026-08-25", "2026-11-24"] },
  conditions: [],
  any: false,
  sort: "-document_date",
  columns: null,
  filter: null,
};
const state: ListState = {
  ...first,
  search: "急",
  quick: {
    document_date: ["2026-11-01", "2026-11-30"],
    party: { id: 3, code: "S3", label: "S" },
    state: null,
  },
  conditions: [
    { field: "amount_gross", op: "gt", value: "100" },
    { field: "posted_at", op: "between", value: ["2026-10-01", "2026-10-31"] },
  ],
  any: true,
  sort: "-amount_gross",
};
const known = {
  columns: ["number", "party", "amount_gross", "document_date"],
  quick: ["document_date", "party"],
  conditions: ["amount_gross", "posted_at"],
};
const kept = (content: SavedFilter["content"]): SavedFilter => ({
  id: 5,
  list: "purchase_order",
  name: "急单",
  content,
  is_default: false,
});

describe("a kept filter", () => {
  const filter = kept(pack(state, ["number", "party"], TODAY));

  it("is what was on screen, with its columns and its order", () => {
    expect(unpack(filter, first, known, TODAY)).toEqual({
      ...state,
      quick: { document_date: ["2026-11-01", "2026-11-30"], party: { id: 3, code: "S3", label: "S" } },
      columns: ["number", "party"],
      filter: 5,
    });
  });

  it("keeps this month and last month, not their days", () => {
    expect(filter.content.quick).toMatchObject({ document_date: { span: "this_month" } });
    const later = unpack(filter, first, known, NEXT_MONTH);
    expect(later.quick.document_date).toEqual(["2026-12-01", "2026-12-31"]);
    expect(later.conditions[1]?.value).toEqual(["2026-11-01", "2026-11-30"]);
    const days = kept(
      pack({ ...state, quick: { document_date: ["2026-11-03", "2026-11-09"] } }, ["number"], TODAY),
    );
    expect(unpack(days, first, known, NEXT_MONTH).quick.document_date).toEqual(["2026-11-03", "2026-11-09"]);
  });

  it("leaves out what the user may no longer see", () => {
    const less = {
      columns: ["number", "document_date"],
      quick: ["document_date"],
      conditions: ["posted_at"],
    };
    const found = unpack(filter, first, less, TODAY);
    expect(found.columns).toEqual(["number"]);
    expect(Object.keys(found.quick)).toEqual(["document_date"]);
    expect(found.conditions.map(({ field }) => field)).toEqual(["posted_at"]);
    expect(found.sort).toBe("-document_date");
    expect(unpack(kept({ columns: 5, quick: [], sort: 1 }), first, known, TODAY)).toMatchObject({
      columns: null,
      quick: {},
      sort: "-document_date",
    });
  });

  it("knows whether what is on screen differs from it, however the database orders its keys", () => {
    const shuffled = kept(Object.fromEntries(Object.entries(filter.content).reverse()));
    const shown = unpack(shuffled, first, known, TODAY);
    expect(isUnchanged(shuffled, shown, ["number", "party"], TODAY)).toBe(true);
    expect(isUnchanged(shuffled, shown, ["party", "number"], TODAY)).toBe(false);
    expect(isUnchanged(shuffled, { ...shown, search: "" }, ["number", "party"], TODAY)).toBe(false);
  });

  it("stands in the address of its tab", () => {
    const shown = unpack(filter, first, known, TODAY);
    expect(stateOf(addressOf(shown).slice(1), first, first)).toEqual(shown);
  });
});

describe("a list without an address of its own", () => {
  it("starts with the default, one that is linked to with the standard", () => {
    const chosen = unpack(kept(pack(state, ["number"], TODAY)), first, known, TODAY);
    expect(stateOf("", chosen, first)).toEqual(chosen);
    const where = encodeURIComponent(JSON.stringify([{ field: "state", op: "eq", value: "posted" }]));
    expect(stateOf(`where=${where}`, chosen, first)).toMatchObject({
      filter: null,
      columns: null,
      quick: {},
    });
  });
});
