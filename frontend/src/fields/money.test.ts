import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import type { FieldMeta } from "../meta/types";
import { money } from "./money";

const field = (scale: number | null): FieldMeta => ({
  ...{
    name: "rate",
    label: "rate",
    kind: "money",
    required: false,
    readonly: true,
    width: null,
    group: null,
  },
  ...{
    help: null,
    default: null,
    ref: null,
    choices: [],
    scale,
    total: false,
    drill: null,
    max_length: null,
  },
  ...{ fills: {}, inherits: null, sortable: true, when: {}, later: false },
});
const shown = (value: string, scale: number | null): string =>
  renderToStaticMarkup(createElement(money.Cell, { field: field(scale), value })).replace(/<[^>]*>/g, "");

describe("an amount", () => {
  it("is shown to the cent, with thousands", () => {
    expect([shown("1234.5", null), shown("7", 2), shown("-0.5", 2)]).toEqual(["1,234.50", "7.00", "-0.50"]);
  });

  it("has as many decimals as its field says", () => {
    expect([shown("66.7", 1), shown("100.0", 1), shown("3", 1)]).toEqual(["66.7", "100.0", "3.0"]);
  });
});
